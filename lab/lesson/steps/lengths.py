"""Work and memory: what recurrence, convolution and attention cost as a sequence gets longer."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from lab.attention.lengths import KINDS, LENGTHS
from lab.charts.lengths import growth_chart
from lab.lesson import pictures
from lab.lesson.asking import compute
from lab.lesson.frame import SKIP
from lab.lesson.steps import lengths_found as said

WIDTHS = (16, 64, 256)
HEADS = 4
SECONDS = 5.0  # for one kind of layer; the page gives up on an answer after 30
_SEED = "lengths_seed"  # in the session: which measurement is shown, absent before the first
_SEEN = "lengths_seen"  # in the session: those that were drawn to their end
_TICKS, _TICKS_NARROW = 5, 4  # lengths on an axis of a third of a page, and of a phone

Measured = dict[str, dict[str, Any]]


def desk() -> None:
    """Draw the question, the button, and what was measured; made for a tab of a page."""
    st.markdown(
        "Recurrence, convolution and attention all let a token know of the others. **How do time, "
        "memory and the way between two tokens grow with the length of the sequence?**"
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        guess = st.pills(
            "**Predict first.** At 2,048 tokens, which forward pass takes the longest on this "
            "machine?",
            [*said.OPTIONS, SKIP],
            key="lengths_guess",
            bind="query-params",
        )
    with right:
        width = st.segmented_control(
            "Width d of the vector of each token",
            WIDTHS,
            default=64,
            key="lengths_width",
            required=True,
            bind="query-params",
        )
    _button(guess)
    if _SEED not in st.session_state:
        _before()
        return
    found = _measure(int(width), st.session_state[_SEED])
    if guess and guess != SKIP and (came := said.outcome(found, guess)):
        (st.success if came[0] else st.info)(came[1])
    if sentences := said.summary(found, int(width)):
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
            help=f"At most {SECONDS:g} seconds for each layer, on one processor core. Nothing is "
            "recorded: another machine, or other runs beside it, give other figures.",
        )
        if guess is None and not measured:
            st.caption("Guess, or say that you would rather not: then press the button.")


def _again() -> None:
    st.session_state[_SEED] = st.session_state.get(_SEED, -1) + 1


def _before() -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _paths("lengths-path-before")
    with right:
        _orders({})


def _measure(width: int, seed: int) -> Measured:
    """Measure layer by layer and draw the curves as they come; read the answers of before."""
    found: Measured = {}
    place, wait = st.empty(), st.empty()
    seen = st.session_state.setdefault(_SEEN, set())
    for number, (kind, order) in enumerate(KINDS.items(), 1):
        with wait, st.spinner(f"Measuring: {order.name} …"):
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
        if (width, seed) not in seen and number < len(KINDS):
            with place.container():
                _curves(found, f"-{number}")
    if found:
        with place.container():
            _curves(found, "")
    if len(found) == len(KINDS):
        seen.add((width, seed))
    return found


def _curves(found: Measured, which: str) -> None:
    columns = st.columns(3, gap="medium")
    for column, what in zip(columns, said.MEASURES, strict=False):
        with column:
            chart = growth_chart(said.curves(found, what), said.names(), what, **_room())
            st.altair_chart(chart, key=f"lengths-{what}{which}", width="stretch")
    with columns[2]:
        _paths(f"lengths-path{which}")


def _paths(key: str) -> None:
    rows = said.paths(list(LENGTHS))
    chart = growth_chart(rows, said.names(), "path", **_room())
    st.altair_chart(chart, key=key, width="stretch")
    st.caption(
        f"With a kernel of {said.KERNEL}, as many convolutions on top of each other as the RNN "
        "takes steps: the two lines are one."
    )


def _room() -> dict[str, Any]:
    narrow = pictures.on_phone()
    return {"ticks": _TICKS_NARROW if narrow else _TICKS}


def _orders(found: Measured) -> None:
    st.dataframe(pd.DataFrame(said.orders(found)), hide_index=True, height="content", key="orders")
    notes = [
        "**Orders** for one layer over n tokens of width d, kernel k (Vaswani et al. 2017, table 1;"
        " the memory of a forward pass is added here). With gaps between its places that grow "
        "from layer to layer (dilated), a stack of convolutions reaches n tokens in about log n "
        "layers.",
    ]
    if found:
        notes.append(
            "**Measured powers** are slopes on logarithmic axes over the upper half of the lengths;"
            " short sequences cost what a call costs. Above its order a power comes out where "
            "matrices outgrow the processor's cache, below it where the part in n · d² still "
            f"counts. Batch of 1, float32, no gradients, {HEADS} heads, kernel {said.KERNEL}, one "
            "processor core; a GPU works on thousands of numbers at once, of which a recurrence "
            "that goes token by token can use little. Memory counts the tensors between "
            "operations, not the scratch space inside them."
        )
    st.caption("  \n".join(notes))
