"""Why divide by the root of d: the lecture's argument, measured on random vectors."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from lab.attention.saturation import DIMENSIONS, Saturation, draw_scores, measure
from lab.attention.steps import softmax
from lab.charts.steps import saturation_lines, weight_bars
from lab.lesson import pictures

_measured = st.cache_data(max_entries=50, show_spinner=False)(measure)
SCORES = {False: "q · k", True: "q · k / √d"}


def desk() -> None:
    """Draw one softmax with and without the division, and three figures against d."""
    st.markdown(
        "Queries and keys of **d random numbers** (normal, variance 1), 400 queries with keys of "
        "their own. A score q · k is a sum of d products, so its variance is about d: large scores "
        "make the softmax all or nothing, and hardly any gradient comes through it."
    )
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        d = st.select_slider(
            "Numbers in a vector, d", DIMENSIONS, 64, key="d", bind="query-params", width=320
        )
        keys = st.select_slider(
            "Keys that a query attends to", (2, 4, 8, 16, 32), 8, key="keys", bind="query-params",
            width=240,
        )  # fmt: skip
        seed = st.number_input(
            "Seed of the vectors", 0, 9999, 0, key="root_seed", bind="query-params", width=150
        )
    found = _measured(keys=keys, seed=int(seed))
    plain, scaled = (next(f for f in found if f.d == d and f.scaled is on) for on in (False, True))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown(said(plain, scaled))
        st.caption("On the right: the weights of one query, the first of the 400.")
        with st.expander("With other vectors than random ones"):
            st.markdown(
                "The lecture's example are two constant vectors: equal numbers everywhere. Their "
                "product grows with d itself, and a division by √d leaves √d of it. The root fits "
                "numbers that are independent of each other, as at the start of training."
            )
    with right, st.container(horizontal=True, gap="small"):
        one = draw_scores(d, keys, 1, int(seed))[0]
        for on, name in SCORES.items():
            p = softmax(one / (math.sqrt(d) if on else 1.0))
            chart = weight_bars(p, f"weight, from {name}", pictures.third() - 30)
            pictures.show(chart, f"softmax-{on}")
    data = pd.DataFrame(
        [{"name": SCORES[f.scaled], **{k: getattr(f, k) for k in _FIGURES}} for f in found]
    )
    with st.container(horizontal=True, gap="small"):
        for field, title in _TITLES.items():
            logarithmic = field == "variance"
            chart = saturation_lines(data, field, title, d, pictures.third(), logarithmic)
            pictures.show(chart, f"saturation-{field}")


_TITLES = {
    "variance": "variance of the scores",
    "largest": "largest weight (mean)",
    "gradient": "gradient of the softmax (norm)",
}
_FIGURES = ("d", *_TITLES)


def said(plain: Saturation, scaled: Saturation) -> str:
    """Say in numbers what the division does at one d."""
    ratio = scaled.gradient / plain.gradient if plain.gradient else math.inf
    return (
        f"At **d = {plain.d}** the scores have variance **{plain.variance:.1f}**; the largest of "
        f"the weights is {plain.largest:.2f} on average, with {plain.entropy:.2f} bits of entropy. "
        f"Divided by √{plain.d} = {math.sqrt(plain.d):.3g}, the variance is "
        f"**{scaled.variance:.2f}**, the largest weight {scaled.largest:.2f}, the entropy "
        f"{scaled.entropy:.2f} bits, and the gradient of the softmax **{ratio:.1f} times** as "
        f"large ({scaled.gradient:.3f} against {plain.gradient:.3f}, Frobenius norm of "
        "diag(p) − p pᵀ)."
    )
