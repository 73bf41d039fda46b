"""Order and positions: permute the words, watch the outputs, and shift position vectors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lab.attention import positions as codes
from lab.attention.positions import Permuted
from lab.attention.vectors import VectorsError
from lab.charts.positions import position_heatmap, shift_check, shift_errors
from lab.charts.steps import numbers
from lab.lesson import pictures
from lab.lesson.kit.keys import Choice, Number, Words
from lab.lesson.kit.text import plain
from lab.lesson.steps import TEXT
from lab.lesson.steps.setup import Setup

LENGTH, WIDTH = 64, 16
MOST_SHIFT = 32
_NOTHING = 1e-9
SHAPES = {
    "Reverse": lambda n: range(n, 0, -1),
    "Last word first": lambda n: (n, *range(1, n)),
    "Swap the first two": lambda n: (2, 1, *range(3, n + 1))[:n] if n > 1 else (1,),
    "As they were": lambda n: range(1, n + 1),
}
_SHORT = {"sinusoidal": "sines, cosines", "learned": "random"}
ORDER = Words("order", "Order", "", 60, TEXT("order-help"))
CODES = Choice("codes", "Position vectors", _SHORT)
SHIFT = Number("shift", "Shift k", 1, MOST_SHIFT, 5, slider=True)
NUMBER = Number("number", "Number of the vector", 1, WIDTH, 1, slider=True)
KEYS = (ORDER, CODES, SHIFT, NUMBER)
_NAMES = {"sinusoidal": "sines and cosines", "learned": "random, as before learning"}


def reordered(setup: Setup) -> Permuted | None:
    """Return attention in the order of the link or the field; None with the reason on the page."""
    T = len(setup.words)
    text = ORDER.value or " ".join(map(str, SHAPES["Last word first"](T)))
    try:
        places = codes.order_of(text, T)
    except VectorsError:
        return None
    return codes.permuted(setup.embeddings(), places, *setup.weights, **setup.options)


def permute(setup: Setup) -> None:
    """Draw the permutation and its outcome."""
    st.markdown("### Put the words into another order")
    T = len(setup.words)
    _choose_order(T)
    found = reordered(setup)
    if found is None:
        try:
            codes.order_of(ORDER.value, T)
        except VectorsError as error:
            st.warning(str(error), icon=":material/edit_off:")
        return
    new = " ".join(setup.words[i] for i in found.order)
    st.markdown(TEXT("order", old=plain(" ".join(setup.words)), new=plain(new)))
    before = [f"{i + 1} {word}" for i, word in enumerate(setup.words)]
    after = [before[i] for i in found.order]
    columns = [str(i + 1) for i in range(found.difference.shape[1])]
    with st.container(horizontal=True, gap="small"):
        for values, rows, title, key in (
            (found.before.output, before, "1. Outputs in the first order", "before"),
            (found.after.output, after, "2. Outputs in the new order", "after"),
            (found.difference, after, "3. Difference, word by word", "difference"),
        ):
            chart = numbers(values, rows, columns, title, width=pictures.third())
            pictures.show(chart, f"order-{key}")
    _verdict(setup, found)


def _choose_order(T: int) -> None:
    first = " ".join(map(str, SHAPES["Last word first"](T)))
    if st.session_state.setdefault("order-words", T) != T:
        # An order of another sentence is none of this one.
        st.session_state.update({"order-words": T, "order": first})
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        ORDER.draw(default=first, width=200)
        for number, (name, made) in enumerate(SHAPES.items()):
            st.button(
                name,
                key=f"order-{number}",
                on_click=ORDER.take,
                args=(" ".join(map(str, made(T))),),
            )


def _verdict(setup: Setup, found: Permuted) -> None:
    most = float(np.abs(found.difference).max())
    if found.order == tuple(range(len(setup.words))):
        st.info(TEXT("order-own"), icon=":material/sort:")
    elif most < _NOTHING:
        st.success(TEXT("order-equivariant"), icon=":material/shuffle:")
    else:
        why = [
            *(["the positions"] if setup.positions != "none" else []),
            *(["the mask"] if setup.causal else []),
        ]
        said = TEXT("order-matters", most=f"{most:.2f}", why=" and ".join(why))
        st.info(said, icon=":material/format_list_numbered:")


def shift_positions() -> None:
    """Draw position vectors, and whether a shift is one matrix for every position."""
    st.markdown("### Position vectors, and what a shift does to them")
    st.markdown(TEXT("positions", length=LENGTH, width=WIDTH))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        kind = CODES.draw(width="content")
        k = SHIFT.draw(width=240)
        number = NUMBER.draw(width=240)
    made = {
        "sinusoidal": codes.sinusoidal(LENGTH, WIDTH),
        "learned": codes.learned(LENGTH, WIDTH),
    }
    table = made[kind]
    matrix = codes.shift(WIDTH, k) if kind == "sinusoidal" else codes.best_shift(table, k)
    left, right = st.columns(2, gap="medium")
    with left:
        title = f"P, {_NAMES[kind]}"
        pictures.show(position_heatmap(table, title, pictures.half()), "codes-heatmap")
    with right:
        moved = codes.shifted(table, matrix, k)[:, number - 1]
        data = pd.DataFrame({"t": range(LENGTH - k), "true": table[k:, number - 1], "made": moved})
        title = f"Number {number} of P(t + {k})"
        pictures.show(shift_check(data, title, pictures.half()), "shift-check")
        error = codes.shift_error(table, matrix, k)
        how = (
            "M is the rotation that the formula gives"
            if kind == "sinusoidal"
            else "M is the best matrix that least squares find"
        )
        st.markdown(f"{how}. Largest error over all positions and numbers: **{error:.2g}**.")
        chart = shift_errors(_errors(), k, pictures.half())
        pictures.show(chart, "shift-errors")


@st.cache_data(show_spinner=False)
def _errors() -> pd.DataFrame:
    sines, drawn = codes.sinusoidal(LENGTH, WIDTH), codes.learned(LENGTH, WIDTH)
    rows = []
    for k in range(1, MOST_SHIFT + 1):
        exact = codes.shift_error(sines, codes.shift(WIDTH, k), k)
        best = codes.shift_error(drawn, codes.best_shift(drawn, k), k)
        rows += [
            {"k": k, "error": exact, "name": f"{_NAMES['sinusoidal']}: rotation"},
            {"k": k, "error": best, "name": f"{_NAMES['learned']}: best fit"},
        ]
    return pd.DataFrame(rows)
