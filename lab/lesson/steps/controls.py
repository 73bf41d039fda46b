"""The controls of the lesson: presets, words, switches, and tables that can be edited."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lab.attention.vectors import FEATURES, LARGEST, MOST_WORDS, SENTENCE, WIDTH, checked, words_of
from lab.lesson.lineup import plain
from lab.lesson.steps import link
from lab.lesson.steps.setup import BY_HAND, POSITIONS, RANDOM, Setup, base_matrices, base_table

HEADS = (1, 2, 4)
_NAMES = {"q": "W_Q", "k": "W_K", "v": "W_V", "o": "W_O"}


@dataclass(frozen=True)
class Preset:
    """A ready state of the page.

    Args:
        name: on its button.
        shows: what one sees, in a sentence.
        state: widget keys and values that differ from the first state.
    """

    name: str
    shows: str
    state: dict[str, Any] = field(default_factory=dict)


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
PRESETS = (
    Preset("The lecture's example", "“it” looks at “animal”, with numbers made by hand."),
    Preset(WITHOUT, "The same scores, not divided: the softmax is nearly all or nothing.",
           {"scaled": False}),
    Preset("With a mask", "No word sees those after it.", {"mask": True, "stage": "masked",
                                                            "row": 1, "column": 3}),
    Preset("Four heads", "Each head has one of the four numbers.", {"heads": 4}),
    Preset("With positions", "The same word in another place has another vector.",
           {"positions": "sinusoidal", "stage": "x"}),
    Preset("Random numbers", "Nothing made by hand: as before training.",
           {"vectors": RANDOM, "seed": 1}),
)  # fmt: skip


def presets(guessed: bool) -> None:
    """Draw the presets; the one that gives the answer away waits for a guess."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Start with**", width="content")
        for number, preset in enumerate(PRESETS):
            st.button(
                preset.name,
                key=f"preset-{number}",
                help=preset.shows if guessed or preset.name != WITHOUT else "Guess first.",
                disabled=preset.name == WITHOUT and not guessed,
                on_click=_load,
                args=(preset,),
            )


def _load(preset: Preset) -> None:
    st.session_state.update({**FIRST, **preset.state})
    forget_edits()


def forget_edits() -> None:
    """Drop what was edited: new numbers are wanted."""
    st.session_state["edits"], st.session_state["edits-left-out"] = {}, []
    st.session_state["edits-version"] = st.session_state.get("edits-version", 0) + 1


def settings() -> dict[str, Any]:
    """Draw words, vectors, heads and positions; return what was chosen."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        text = st.text_input(
            "Your words",
            SENTENCE,
            max_chars=200,
            key="words",
            bind="query-params",
            width=230,
            help=f"1 to {MOST_WORDS} words; five or six are easiest to follow.",
        )
        kind = _choice("Numbers", (BY_HAND, RANDOM), "vectors", on_change=forget_edits)
        seed = 0
        if kind == RANDOM:
            seed = st.number_input(
                "Seed", 0, 9999, 1, key="seed", bind="query-params", width=110,
                on_change=forget_edits,
            )  # fmt: skip
        heads = _choice("Heads", HEADS, "heads")
        positions = _choice(
            "Positions",
            POSITIONS,
            "positions",
            help="Added to the words' vectors, rounded to one decimal for hand arithmetic. "
            "“Learned” ones are random here: nothing has trained them.",
        )
    return {
        "words": words_of(text or ""),
        "kind": kind,
        "seed": int(seed),
        "heads": heads,
        "positions": positions,
    }


def _choice(label: str, options: tuple, key: str, **more: Any) -> Any:
    return st.segmented_control(
        label, options, default=options[0], key=key, bind="query-params", required=True,
        width="content", **more,
    )  # fmt: skip


def switches(guessed: bool) -> dict[str, bool]:
    """Draw the switches; that for the division by sqrt(d) waits for a guess."""
    on = st.session_state.get("scaled", True)
    with st.container(horizontal=True, gap="large"):
        scaled = st.toggle(
            "Divide the scores by √d",
            value=True,
            key="scaled",
            bind="query-params",
            disabled=on and not guessed,
            help="On, as in every Transformer." if guessed else "Guess above, then switch it off.",
        )
        causal = st.toggle(
            "Causal mask", key="mask", bind="query-params", help="No word sees those after it."
        )
    return {"scaled": scaled, "causal": causal}


def edited(chosen: dict[str, Any]) -> Setup:
    """Draw the tables to edit; return all that attention is computed from.

    Raises:
        VectorsError: a table has a hole or a number that is too large.
    """
    state, kind, seed = st.session_state, chosen["kind"], chosen["seed"]
    if "edits" not in state:
        state["edits"], state["edits-left-out"] = link.read(st.query_params)
    place = st.container()  # kept when it is empty: nothing below is drawn anew as the words go
    if left_out := state.get("edits-left-out"):
        place.warning(
            "A part of this link could not be read and was left out: "
            + ", ".join(map(plain, left_out)),
            icon=":material/link_off:",
        )
    edits = state["edits"]
    words = tuple(dict.fromkeys(chosen["words"]))
    base = base_table(kind, words, seed)
    known = edits.get("table", {})
    start = np.array([known.get(word, row) for word, row in zip(words, base, strict=True)])
    labels = FEATURES if kind == BY_HAND else [str(i + 1) for i in range(WIDTH)]
    st.markdown("**The vectors of the words**, a row for each word")
    table = checked(_grid("x", start, words, labels, 85), "The table of vectors", len(words), WIDTH)
    changed = {w: r.tolist() for w, r, b in zip(words, table, base, strict=True) if (r != b).any()}
    # A word that is not in the sentence now keeps what was edited, for when it comes back.
    edits["table"] = {w: r for w, r in known.items() if w not in words} | changed
    _into_link("table", link.written_words(edits["table"]))
    matrices = base_matrices(kind, seed)
    row = st.container(horizontal=True, gap="medium")
    for name in link.MATRICES:
        with row, st.container(width=280):
            st.markdown(f"**{_NAMES[name]}**")
            grid = _grid(name, np.array(edits.get(name, matrices[name])), range(1, 5), range(1, 5))
            found = checked(grid, _NAMES[name], WIDTH, WIDTH)
        if (found != matrices[name]).any():
            matrices[name] = edits[name] = found
        else:
            edits.pop(name, None)
        _into_link(f"w{name}", link.written(found) if name in edits else "")
    if np.array_equal(matrices["o"], np.eye(WIDTH)):
        del matrices["o"]
    return Setup(table=edits["table"], matrices=matrices, **chosen)


def _grid(name: str, start: np.ndarray, rows: Any, columns: Any, wide: int = 50) -> np.ndarray:
    # An editor keeps its changes only while the table that it was given stays the same.
    version = st.session_state.get("edits-version", 0)
    key = f"edit-{name}-{version}-{' '.join(map(str, rows))}"  # words may have hyphens
    if key not in st.session_state:
        st.session_state[f"given-{key}"] = start
    given = st.session_state[f"given-{key}"]
    frame = pd.DataFrame(given, index=[str(r) for r in rows], columns=[str(c) for c in columns])
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


def _into_link(name: str, text: str) -> None:
    if text:
        st.query_params[name] = text
    elif name in st.query_params:
        del st.query_params[name]
