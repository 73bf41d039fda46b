"""The controls of the lesson: presets, words, switches, and tables that can be edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lab.attention.vectors import FEATURES, LARGEST, MOST_WORDS, SENTENCE, WIDTH, checked, words_of
from lab.lesson.kit.form import Preset
from lab.lesson.kit.keys import Choice, Number, Switch, Words
from lab.lesson.steps import TEXT, edits
from lab.lesson.steps.setup import BY_HAND, POSITIONS, RANDOM, Setup, base_matrices, base_table

_NAMES = {"q": "W_Q", "k": "W_K", "v": "W_V", "o": "W_O"}
WORDS = Words("words", "Your words", SENTENCE, 200, TEXT("words-help", most=MOST_WORDS))
VECTORS = Choice("vectors", "Numbers", (BY_HAND, RANDOM))
SEED = Number("seed", "Seed", 0, 9999, 1)
HEADS = Choice("heads", "Heads", (1, 2, 4))
WITH_POSITIONS = Choice("positions", "Positions", POSITIONS, help=TEXT("positions-help"))
SCALED = Switch("scaled", "Divide the scores by √d", True)
MASK = Switch("mask", "Causal mask", help="No word sees those after it.")
CONTROLS = (WORDS, VECTORS, SEED, HEADS, WITH_POSITIONS, SCALED, MASK, *edits.KEYS)


def forget_edits() -> None:
    """Drop what was edited: new numbers are wanted."""
    st.session_state["edits"] = {}
    st.session_state["edits-version"] = st.session_state.get("edits-version", 0) + 1


FIRST = {
    "words": SENTENCE,
    "vectors": BY_HAND,
    "heads": 1,
    "positions": "none",
    "scaled": True,
    "mask": False,
    "stage": "weights",
    "row": 3,
    "column": 1,
}
WITHOUT = "Without √d"


def _preset(name: str, shows: str, after_guess: bool = False, **state: Any) -> Preset:
    return Preset(name, shows, (), {**FIRST, **state}, forget_edits, after_guess)


PRESETS = (
    _preset("The lecture's example", "“it” looks at “animal”, with numbers made by hand."),
    _preset(
        WITHOUT,
        "The same scores, not divided: the softmax is nearly all or nothing.",
        after_guess=True,
        scaled=False,
    ),
    _preset(
        "With a mask", "No word sees those after it.", mask=True, stage="masked", row=1, column=3
    ),
    _preset("Four heads", "Each head has one of the four numbers.", heads=4),
    _preset(
        "With positions",
        "The same word in another place has another vector.",
        positions="sinusoidal",
        stage="x",
    ),
    _preset("Random numbers", "Nothing made by hand: as before training.", vectors=RANDOM, seed=1),
)


def settings() -> dict[str, Any]:
    """Draw words, vectors, heads and positions; return what was chosen."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        text = WORDS.draw(width=230)
        kind = VECTORS.draw(on_change=forget_edits, width="content")
        seed = SEED.draw(width=110, on_change=forget_edits) if kind == RANDOM else 0
        heads = HEADS.draw(width="content")
        positions = WITH_POSITIONS.draw(width="content")
    return {
        "words": words_of(text or ""),
        "kind": kind,
        "seed": int(seed),
        "heads": heads,
        "positions": positions,
    }


def switches(guessed: bool) -> dict[str, bool]:
    """Draw the switches; that for the division by sqrt(d) waits for a guess."""
    help = "On, as in every Transformer." if guessed else "Guess above, then switch it off."
    with st.container(horizontal=True, gap="large"):
        scaled = SCALED.draw(disabled=SCALED.value and not guessed, help=help)
        causal = MASK.draw()
    return {"scaled": scaled, "causal": causal}


def edited(chosen: dict[str, Any]) -> Setup:
    """Draw the tables to edit; return all that attention is computed from.

    Raises:
        VectorsError: a table has a hole or a number that is too large.
    """
    state, kind, seed = st.session_state, chosen["kind"], chosen["seed"]
    if "edits" not in state:
        state["edits"] = edits.of_link()
    held = state["edits"]
    words = tuple(dict.fromkeys(chosen["words"]))
    base = base_table(kind, words, seed)
    known = held.get("table", {})
    start = np.array([known.get(word, row) for word, row in zip(words, base, strict=True)])
    labels = FEATURES if kind == BY_HAND else [str(i + 1) for i in range(WIDTH)]
    st.markdown(TEXT("vectors-of-words"))
    table = checked(_grid("x", start, words, labels, 85), "The table of vectors", len(words), WIDTH)
    changed = {w: r.tolist() for w, r, b in zip(words, table, base, strict=True) if (r != b).any()}
    # A word that is not in the sentence now keeps what was edited, for when it comes back.
    held["table"] = {w: r for w, r in known.items() if w not in words} | changed
    edits.TABLE.set(held["table"])
    matrices = base_matrices(kind, seed)
    row = st.container(horizontal=True, gap="medium")
    for name in edits.MATRICES:
        with row, st.container(width=280):
            st.markdown(f"**{_NAMES[name]}**")
            grid = _grid(name, np.array(held.get(name, matrices[name])), range(1, 5), range(1, 5))
            found = checked(grid, _NAMES[name], WIDTH, WIDTH)
        if (found != matrices[name]).any():
            matrices[name] = held[name] = found
        else:
            held.pop(name, None)
        edits.W[name].set(found.tolist() if name in held else None)
    if np.array_equal(matrices["o"], np.eye(WIDTH)):
        del matrices["o"]
    return Setup(table=held["table"], matrices=matrices, **chosen)


def _grid(
    name: str, start: np.ndarray, rows: Iterable[Any], columns: Iterable[Any], wide: int = 50
) -> np.ndarray:
    # An editor keeps its changes only while the table that it was given stays the same.
    version = st.session_state.get("edits-version", 0)
    rows, columns = [str(row) for row in rows], [str(column) for column in columns]
    key = f"edit-{name}-{version}-{' '.join(rows)}"  # words may have hyphens
    if key not in st.session_state:
        st.session_state[f"given-{key}"] = start
    given = st.session_state[f"given-{key}"]
    frame = pd.DataFrame(given, index=rows, columns=columns)
    number = st.column_config.NumberColumn(
        min_value=-LARGEST, max_value=LARGEST, step=0.1, format="%.3g", width=wide
    )
    return st.data_editor(
        frame,
        key=key,
        num_rows="fixed",
        column_config=dict.fromkeys(frame.columns, number),
        disabled=["_index"],
        width="content",
    ).to_numpy()
