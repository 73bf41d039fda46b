"""Work and memory: what recurrence, convolution and attention cost as a sequence gets longer."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lab.attention.lengths import KINDS, LENGTHS
from lab.charts.lengths import growth_chart
from lab.lesson import pictures
from lab.lesson.kit.ask import compute
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.question import SKIP, Question, compare
from lab.lesson.steps import TEXT
from lab.lesson.steps import lengths_figures as figures

QUESTION = Question("lengths_guess", "lengths_guess", lesson="attention")
WIDTH = Choice("lengths_width", "Width d of the vector of each token", (16, 64, 256), 64)
HEADS = 4
SECONDS = 5.0  # for one kind of layer
_SEED = "lengths_seed"  # in the session: which measurement is shown, absent before the first
_TICKS, _TICKS_NARROW = 5, 4  # lengths on an axis of a third of a page, and of a phone

Measured = dict[str, dict[str, Any]]


def work_and_memory() -> None:
    """Draw the question, the button, and what was measured; made for a tab of a page."""
    st.markdown(TEXT("lengths"))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        guess = QUESTION.ask(TEXT("lengths-predict"), figures.OPTIONS)
    with right:
        width = WIDTH.draw()
    _button(guess)
    if _SEED not in st.session_state:
        _before()
        return
    found = _measure(int(width), st.session_state[_SEED])
    if guess and guess != SKIP and (came := figures.outcome(found, guess)):
        compare(guess, *came)
    if sentences := figures.summary(found, int(width)):
        st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    _orders(found)


def _button(guess: str | None) -> None:
    measured = _SEED in st.session_state
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Measure again" if measured else "Measure on this machine",
            type="secondary" if measured else "primary",
            icon=":material/timer:",
            key="lengths_measure",
            on_click=_again,
            disabled=guess is None and not measured,
            help=TEXT("lengths-button", seconds=f"{SECONDS:g}"),
        )
        if guess is None and not measured:
            st.caption(TEXT("lengths-guess-first"))


def _again() -> None:
    st.session_state[_SEED] = st.session_state.get(_SEED, -1) + 1


def _before() -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _paths("lengths-path-before")
    with right:
        _orders({})


def _measure(width: int, seed: int) -> Measured:
    """Measure one layer after the other, so that none disturbs another, and draw the curves.

    The page is drawn anew when an answer comes; each time one more curve stands on it.
    """
    found: Measured = {}
    place = st.container()  # above what is said of a wait
    for kind in KINDS:
        answer = compute(
            "lab.attention.lengths",
            "measure",
            kind=kind,
            lengths=list(LENGTHS),
            width=width,
            heads=HEADS,
            seconds=SECONDS,
            seed=seed,
        )
        if answer is None:  # the reason stands on the page
            break
        found[kind] = answer
    if found:
        with place:
            _curves(found)
    return found


def _curves(found: Measured) -> None:
    columns = st.columns(3, gap="medium")
    for column, what in zip(columns, figures.MEASURES, strict=False):
        with column:
            chart = growth_chart(figures.curves(found, what), figures.names(), what, **_room())
            st.altair_chart(chart, key=f"lengths-{what}", width="stretch")
    with columns[2]:
        _paths("lengths-path")


def _paths(key: str) -> None:
    rows = figures.paths(list(LENGTHS))
    chart = growth_chart(rows, figures.names(), "path", **_room())
    st.altair_chart(chart, key=key, width="stretch")
    st.caption(TEXT("lengths-paths", kernel=figures.KERNEL))


def _room() -> dict[str, Any]:
    narrow = pictures.on_phone()
    return {"ticks": _TICKS_NARROW if narrow else _TICKS}


def _orders(found: Measured) -> None:
    st.dataframe(
        pd.DataFrame(figures.orders(found)), hide_index=True, height="content", key="orders"
    )
    notes = [TEXT("lengths-orders")]
    if found:
        notes.append(TEXT("lengths-powers", heads=HEADS, kernel=figures.KERNEL))
    st.caption("  \n".join(notes))
