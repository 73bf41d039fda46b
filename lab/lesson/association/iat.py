"""An association test of two minutes, on the visitor or on a simulated person, and its idea."""

from __future__ import annotations

import secrets
from typing import Any

import streamlit as st

from lab.bias.iat_session import MOST_SLOWER, Trial, read, simulate
from lab.lesson.association import iat_found
from lab.lesson.components.iat import sitting
from lab.lesson.frame import SKIP

MINE, SIMULATED = "I take the test", "Skip: a simulated person"
BY_LOT, FLOWERS_FIRST, INSECTS_FIRST = "by lot", "flowers", "insects"
_PERSONS = 9_999

_FORMULA = (
    r"\text{IAT score} = \frac{\overline{t}_{\text{incompatible}} - \overline{t}_{"
    r"\text{compatible}}}{\text{standard deviation of all } t}"
)
_BRIDGE = """
| | IAT: a person | WEAT: vectors of words |
|---|---|---|
| measured | the time to sort a word | the cosine of two vectors |
| associated means | quick, when both share a key | near each other: a large cosine |
| compared | the times of two blocks | mean cosine to pleasant words, less that to unpleasant ones |
| divided by | the standard deviation of the times | the standard deviation of what is compared |
| it speaks of | one person in one sitting | one set of vectors, and the texts behind it |
"""


def desk() -> None:
    """Draw the idea, the test, what came out, and how WEAT takes the idea over."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown(
            "Sort words with two keys. If two ideas hang together in your memory, sharing a key is "
            "easy, and you are quick. If they do not, you are slower. The **Implicit Association "
            "Test** (IAT) compares the two. Here it is about flowers and insects: the block in "
            "which *flowers* share a key with *pleasant* is called compatible."
        )
    with right:
        st.latex(_FORMULA)
        st.caption(
            "t: time until the right key (milliseconds), with a line above it: mean of a block."
        )
    whose = _controls()
    if whose == MINE:
        _predict(st.session_state.get("iat-trials") is not None)
        _own()
    else:
        _simulated()
    _bridge()


def _controls() -> str:
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        whose = st.segmented_control(
            "Whose answers",
            (MINE, SIMULATED),
            default=MINE,
            key="iat_whose",
            bind="query-params",
            required=True,
            help="A simulated person is made of random numbers: for a lecturer who wants to go on.",
        )
        if whose == MINE:
            st.segmented_control(
                "First paired with pleasant",
                (BY_LOT, FLOWERS_FIRST, INSECTS_FIRST),
                default=BY_LOT,
                key="iat_first",
                bind="query-params",
                required=True,
                help="The block that comes second gains from practice, or suffers from keys that "
                "have just changed. By lot, half of a class begins with the other one.",
            )
    return whose


def _predict(late: bool) -> None:
    st.pills(
        "**Predict first.** When will your answers take longer?",
        [*iat_found.OPTIONS, SKIP],
        key="iat_guess",
        disabled=late,
        help="A guess you commit to is what makes the outcome stick. It is compared below.",
    )


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
    lot = state.setdefault("iat-lot", secrets.randbelow(10**6))
    seed = seed_of(lot, state.setdefault("iat-sittings", 0), state.get("iat_first", BY_LOT))
    trials: tuple[Trial, ...] | None = state.get("iat-trials")
    if trials is None:
        sitting(seed, "iat-sitting", _take)
        st.caption(
            "Your times stay in the memory of this page's session: nobody else sees them, nothing "
            "is written down, and they are gone when you close the page."
        )
    if reason := state.get("iat-refused"):
        st.warning(reason)
    if trials is not None:
        iat_found.show(trials, "You were", state.get("iat_guess"))
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
    if state.get("iat_first") in other:
        state["iat_first"] = other[state["iat_first"]]


def _simulated() -> None:
    left, right = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
    with left:
        slower = st.slider(
            "True difference of the two blocks (ms)",
            -MOST_SLOWER,
            MOST_SLOWER,
            200,
            20,
            key="iat_slower",
            bind="query-params",
            help="How much slower the simulated person is, on average over endlessly many answers, "
            "when insects share a key with pleasant.",
        )
    with right:
        person = st.number_input(
            "Simulated person", 1, _PERSONS, 1, key="iat_person", bind="query-params"
        )
    iat_found.show(simulate(person, slower), "**Synthetic data.** This simulated person was")
    iat_found.spread(slower)


def _bridge() -> None:
    st.markdown("##### From a person to vectors of words")
    st.markdown(_BRIDGE)
    st.markdown(
        "The quotient stays. A long time means a *weak* association and a large cosine a *strong* "
        "one: hence *incompatible − compatible* for times. The course's formula for one word "
        "divides by the deviation of its cosines (WEFAT); WEAT's effect size d compares two groups "
        "of words."
    )
    st.caption(
        "For flowers and insects Caliskan et al. 2017 print d = 1.35 for an IAT and 1.54 for WEAT "
        "on word2vec. The same letter, but one counts people and the other words: they are not on "
        "one scale."
    )
