"""Why divide by the root of d: the lecture's argument, measured on random vectors."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from lab.attention.saturation import DIMENSIONS, Saturation, draw_scores, measure
from lab.attention.steps import softmax
from lab.charts.steps import saturation_lines, weight_bars
from lab.lesson import pictures
from lab.lesson.kit.keys import Choice, Number
from lab.lesson.steps import TEXT

_measured = st.cache_data(max_entries=50, show_spinner=False)(measure)
D = Choice("d", "Numbers in a vector, d", DIMENSIONS, 64, "slider")
KEYS = Choice("keys", "Keys that a query attends to", (2, 4, 8, 16, 32), 8, "slider")
SEED = Number("root_seed", "Seed of the vectors", 0, 9999, 0)
SCORES = {False: "q · k", True: "q · k / √d"}


def why_divide() -> None:
    """Draw one softmax with and without the division, and three figures against d."""
    st.markdown(TEXT("root"))
    with st.container(horizontal=True, gap="large", vertical_alignment="bottom"):
        d = D.draw(width=320)
        keys = KEYS.draw(width=240)
        seed = SEED.draw(width=150)
    found = _measured(keys=keys, seed=int(seed))
    plain, scaled = (next(f for f in found if f.d == d and f.scaled is on) for on in (False, True))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown(effect(plain, scaled))
        st.caption(TEXT("root-right"))
        with st.expander("With other vectors than random ones"):
            st.markdown(TEXT("root-others"))
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


def effect(plain: Saturation, scaled: Saturation) -> str:
    """Say in numbers what the division does at one d."""
    ratio = scaled.gradient / plain.gradient if plain.gradient else math.inf
    return TEXT(
        "root-effect",
        d=plain.d,
        variance=f"{plain.variance:.1f}",
        largest=f"{plain.largest:.2f}",
        entropy=f"{plain.entropy:.2f}",
        root=f"{math.sqrt(plain.d):.3g}",
        scaled_variance=f"{scaled.variance:.2f}",
        scaled_largest=f"{scaled.largest:.2f}",
        scaled_entropy=f"{scaled.entropy:.2f}",
        ratio=f"{ratio:.1f}",
        scaled_gradient=f"{scaled.gradient:.3f}",
        gradient=f"{plain.gradient:.3f}",
    )
