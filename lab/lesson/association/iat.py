"""An association test of two minutes, on the visitor or on a simulated person, and its idea."""

from __future__ import annotations

import secrets
from typing import Any

import streamlit as st

from lab.bias.iat_session import MOST_SLOWER, Trial, read, simulate
from lab.lesson.association import TEXT, iat_score
from lab.lesson.components.iat import sitting
from lab.lesson.kit.keys import Choice, Control, Key, Number
from lab.lesson.kit.question import Question

MYSELF, SIMULATED = "I take the test", "Skip: a simulated person"
BY_LOT, FLOWERS_FIRST, INSECTS_FIRST = "by lot", "flowers", "insects"
WHOSE = Choice("iat_whose", "Whose answers", (MYSELF, SIMULATED), help=TEXT("whose-help"))
FIRST = Choice(
    "iat_first",
    "First paired with pleasant",
    (BY_LOT, FLOWERS_FIRST, INSECTS_FIRST),
    help=TEXT("first-help"),
)
SLOWER = Number(
    "iat_slower",
    "True difference of the two blocks (ms)",
    -MOST_SLOWER,
    MOST_SLOWER,
    200,
    20,
    TEXT("slower-help"),
    slider=True,
)
PERSON = Number("iat_person", "Simulated person", 1, 9_999, 1)
QUESTION = Question("iat_guess", "iat_guess", lesson="association", prefixed=False)
KEYS: tuple[Key[Any] | Control[Any], ...] = (WHOSE, FIRST, SLOWER, PERSON, QUESTION.key)

_FORMULA = (
    r"\text{IAT score} = \frac{\overline{t}_{\text{incompatible}} - \overline{t}_{"
    r"\text{compatible}}}{\text{standard deviation of all } t}"
)


def draw(page: Any = None) -> None:
    """Draw the idea, the test, what came out, and how WEAT takes the idea over."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(TEXT("idea"))
    with right:
        st.latex(_FORMULA)
        st.caption(TEXT("formula"))
    if _controls() == MYSELF:
        _own()
    else:
        _simulated()
    st.markdown("##### From a person to vectors of words")
    st.markdown(TEXT("bridge"))
    st.markdown(TEXT("quotient"))
    st.caption(TEXT("published-both"))


def _controls() -> str:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        whose = WHOSE.draw()
        if whose == MYSELF:
            FIRST.draw()
    return whose


def seed_of(lot: int, sittings: int, first: str) -> int:
    """Return the seed of a sitting.

    Args:
        lot: drawn once for each visitor, so that a shared link does not give all the same order.
        sittings: how many were whole before; each begins with the other block.
        first: BY_LOT, FLOWERS_FIRST or INSECTS_FIRST.
    """
    fixed = {FLOWERS_FIRST: 0, INSECTS_FIRST: 1}.get(first)
    return 2 * (lot + sittings) + ((lot + sittings) % 2 if fixed is None else fixed)


def _own() -> None:
    state = st.session_state
    trials: tuple[Trial, ...] | None = state.get("iat-trials")
    guess = QUESTION.ask(TEXT("predict-iat"), iat_score.OPTIONS, closed=trials is not None)
    if trials is None:
        lot = state.setdefault("iat-lot", secrets.randbelow(10**6))
        seed = seed_of(lot, state.setdefault("iat-sittings", 0), FIRST.value)
        sitting(seed, "iat-sitting", _take)
        st.caption(TEXT("private"))
    if reason := state.get("iat-refused"):
        st.warning(reason)
    if trials is not None:
        iat_score.draw(trials, "You were", guess)
        st.button(
            "Once more, beginning with the other block",
            key="iat-again",
            icon=":material/replay:",
            on_click=_again,
        )


def _take(seed: int, raw: Any) -> None:
    """Keep a sitting for this session, if it is whole; it comes from a browser."""
    state = st.session_state
    try:
        state["iat-trials"] = read(seed, raw)
        state.pop("iat-refused", None)
    except ValueError as error:
        state["iat-refused"] = str(error)


def _again() -> None:
    state = st.session_state
    state.pop("iat-trials", None)
    state["iat-sittings"] = state.get("iat-sittings", 0) + 1
    other = {FLOWERS_FIRST: INSECTS_FIRST, INSECTS_FIRST: FLOWERS_FIRST}
    if FIRST.value in other:
        FIRST.take(other[FIRST.value])


def _simulated() -> None:
    left, right = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
    with left:
        slower = SLOWER.draw()
    with right:
        person = PERSON.draw()
    iat_score.draw(simulate(person, slower), TEXT("simulated"))
    iat_score.draw_spread(slower)
