"""The chain of tables from vectors to outputs, and one cell of it written out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.attention.arithmetic import arithmetic, table
from lab.attention.steps import Steps
from lab.attention.vectors import FEATURES
from lab.lesson import pictures
from lab.lesson.components.matrices import Table, tables
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.text import plain
from lab.lesson.steps import TEXT
from lab.lesson.steps.setup import BY_HAND, Setup

NAMES = {
    "x": "x",
    "q": "Q",
    "k": "K",
    "v": "V",
    "scores": "Scores",
    "scaled": "Scaled",
    "masked": "Masked",
    "weights": "Weights",
    "heads": "Output",
    "output": "All heads",
}
STAGE = Choice("stage", "Step", default="weights", look="select")
HEAD = Choice("head", "Head", default=0, look="select")
ROW = Choice("row", "Row", look="select")
COLUMN = Choice("column", "Column", look="select")
CELL = (STAGE, HEAD, ROW, COLUMN)
Cell = tuple[str, int, int, int]  # stage, head, row, column


def stages(steps: Steps) -> list[str]:
    """Return the stages that there are: no scaling and no mask, no table for it."""
    found = ["x", "q", "k", "v", "scores"]
    if steps.divisor != 1 or steps.q.shape[2] == 1:
        found.append("scaled")
    if steps.causal:
        found.append("masked")
    found += ["weights", "heads"]
    return found + (["output"] if len(steps.q) > 1 or steps.w_o is not None else [])


def choose(key: str, row: int, column: int) -> None:
    """Take a clicked cell over into the pickers; the key may end with a head, as in "weights 2"."""
    stage, _, head = key.partition(" ")
    st.session_state.update(stage=stage, row=row, column=column)
    if head:
        st.session_state["head"] = int(head)


def draw_chain(setup: Setup, steps: Steps) -> Cell:
    """Draw the chain, the pickers, and the chosen cell written out; return that cell."""
    place = st.container()
    left, right = st.columns(2, gap="small")
    with left:
        cell = pickers(setup, steps)
        st.markdown(meaning(setup, steps, cell))
        st.caption(TEXT("chain"))
    with right:
        stage, head, row, column = cell
        a_line = 3 if pictures.on_phone() else 6
        st.latex(arithmetic(steps, stage, head, row, column, a_line))
    with place:
        draw_tables(setup, steps, cell)
    if setup.heads > 1:
        st.markdown("### The heads side by side")
        side_by_side(setup, steps, cell)
    return cell


def pickers(setup: Setup, steps: Steps) -> Cell:
    """Draw the pickers of step, head, row and column; return the chosen cell."""
    state, there = st.session_state, stages(steps)
    T, heads = len(setup.words), len(steps.q)
    for key, allowed in (("stage", there), ("head", range(heads)), ("row", range(T))):
        if key in state and state[key] not in allowed:
            del state[key]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        stage = STAGE.draw({name: NAMES[name] for name in there}, width=110)
        head = 0
        if heads > 1:
            head = HEAD.draw({h: str(h + 1) for h in range(heads)}, width=70)
        wide = 120 if heads > 1 else 150
        row = ROW.draw(
            {place: _numbered(place, word) for place, word in enumerate(setup.words)},
            default=setup.words.index("it") if "it" in setup.words else T - 1,
            width=wide,
        )
        labels = columns_of(setup, steps, stage, head)
        if "column" in state and state["column"] not in range(len(labels)):
            del state["column"]
        column = COLUMN.draw(
            {place: _numbered(place, label) for place, label in enumerate(labels)},
            default=min(1, len(labels) - 1),
            width=wide,
        )
    return stage, head, row, column


def _numbered(place: int, label: str) -> str:
    return label if label == str(place + 1) else f"{place + 1} {label}"


def columns_of(setup: Setup, steps: Steps, stage: str, head: int) -> list[str]:
    """Return the labels of a table's columns: words, or the numbers of a vector."""
    if stage in ("scores", "scaled", "masked", "weights"):
        return list(setup.words)
    width = table(steps, stage, head).shape[1]
    if setup.kind != BY_HAND:
        return [str(i + 1) for i in range(width)]
    start = 0 if stage in ("x", "output") else head * width
    return list(FEATURES[start : start + width])


def draw_tables(setup: Setup, steps: Steps, cell: Cell) -> None:
    """Draw the chain for the chosen head."""
    stage, head, row, column = cell
    used = _used(steps, cell)
    shown = [
        Table(
            key=key,
            name=_named(steps, key, head),
            made=_made(steps, key),
            rows=setup.words,
            columns=columns_of(setup, steps, key, head),
            values=table(steps, key, head).tolist(),
            weights=key == "weights",
            used=used.get(key, ()),
            chosen=(row, column) if key == stage else None,
        )
        for key in stages(steps)
        if key != "output" or len(steps.q) == 1
    ]
    tables(shown, "chain", choose)


def side_by_side(setup: Setup, steps: Steps, cell: Cell) -> None:
    """Draw the weights of all heads beside each other, and their outputs joined."""
    stage, head, row, column = cell
    words = setup.words
    shown = [
        Table(
            key=f"weights {h}",
            name=f"Head {h + 1}",
            made="weights",
            rows=words,
            columns=words,
            values=steps.weights[h].tolist(),
            weights=True,
            chosen=(row, column) if (stage, head) == ("weights", h) else None,
        )
        for h in range(len(steps.q))
    ]
    shown.append(
        Table(
            key="output",
            name=NAMES["output"],
            made="joined" if steps.w_o is None else "joined · W_O",
            rows=words,
            columns=columns_of(setup, steps, "output", 0),
            values=steps.output.tolist(),
            chosen=(row, column) if stage == "output" else None,
        )
    )
    tables(shown, "heads-shown", choose)


def meaning(setup: Setup, steps: Steps, cell: Cell) -> str:
    """Say in words what the chosen cell is."""
    stage, _, row, column = cell
    word = f"**{plain(setup.words[row])}**"
    if stage in ("scores", "scaled", "masked", "weights"):
        what = {
            "scores": "How well the query of {} fits the key of {}:",
            "scaled": "The score of {} with {}, divided:",
            "masked": "Whether {} may look at {}:",
            "weights": "How much {} looks at {}:",
        }[stage]
        return what.format(word, f"**{plain(setup.words[column])}**")
    which = f"number {column + 1}"
    if setup.kind == BY_HAND and stage == "x":
        which += f" (“{FEATURES[column]}”)"
    if stage == "x":
        return f"The vector of {word}, {which}:"
    if stage in ("q", "k", "v"):
        name = {"q": "query", "k": "key", "v": "value"}[stage]
        return f"The {name} of {word}, {which}:"
    return f"What {word} becomes, {which}:"


def _named(steps: Steps, key: str, head: int) -> str:
    of_one = len(steps.q) > 1 and key in ("q", "k", "v", "heads")
    return NAMES[key] + (" " + "₁₂₃₄"[head] if of_one else "")


def _made(steps: Steps, key: str) -> str:
    d = steps.q.shape[2]
    return {
        "x": "words" if steps.positions is None else "words + positions",
        "q": "x · W_Q",
        "k": "x · W_K",
        "v": "x · W_V",
        "scores": "Q · Kᵀ",
        "scaled": f"÷ √{d}",
        "masked": "future → −∞",
        "weights": "softmax by row",
        "heads": "weights · V",
        "output": "output · W_O",
    }[key]


def _used(steps: Steps, cell: Cell) -> dict[str, Sequence[tuple[int, int]]]:
    """Return the cells of which the chosen one was computed, by stage."""
    stage, _, i, j = cell
    T, hs = steps.q.shape[1:]

    def line(row: int, many: int) -> list[tuple[int, int]]:
        return [(row, n) for n in range(many)]

    there = stages(steps)
    if stage in ("q", "k", "v"):
        return {"x": line(i, steps.x.shape[1])}
    if stage == "scores":
        return {"q": line(i, hs), "k": line(j, hs)}
    if stage in ("scaled", "masked"):
        return {there[there.index(stage) - 1]: [(i, j)]}
    if stage == "weights":
        return {there[there.index(stage) - 1]: line(i, T)}
    if stage == "heads":
        return {"weights": line(i, T), "v": [(n, j) for n in range(T)]}
    if stage == "output" and len(steps.q) == 1:
        return {"heads": line(i, hs)}
    return {}
