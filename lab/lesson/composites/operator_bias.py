"""The second tab: the bias of minimum, mean and maximum against what speckle theory expects."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crop_composites import composite_bias
from lab.crops.scenes import bias
from lab.crops.scenes.passes import COUNTS
from lab.lesson.composites import TEXT
from lab.lesson.composites.field_curve import Look, rows_of
from lab.lesson.composites.scene_picker import Scene
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.page import Page

PIXEL, MEAN = "Single pixels", "Mean of the fields"
BIAS = Choice("bias", "Bias of", [PIXEL, MEAN], help=TEXT("bias-help"))
_LOOKS = {"6.9 looks (this scene)": 6.9, "5 looks": 5.0}
LOOKS = Choice("looks", "Lines: what theory expects at", list(_LOOKS), help=TEXT("looks-help"))
ALL, SPECKLE = "from the truth", "speckle alone"


def bias_tab(page: Page) -> None:
    """Draw the bias against the number of acquisitions, and the figures."""
    with st.container(horizontal=True, gap="medium"):
        BIAS.draw()
        LOOKS.draw()
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.altair_chart(picture(page.found, page.chosen), key="bias-chart", width="stretch")
    with right:
        st.caption(TEXT("bias-table"))
        st.dataframe(table(page.found, page.chosen), hide_index=True, key="bias-table")
    st.caption(TEXT("bias"))


def chosen_looks() -> tuple[float, bool]:
    """Return the independent looks of the lines, and whether single pixels are measured."""
    return _LOOKS[LOOKS.value], BIAS.value != MEAN


def expected(looks: float, pixel: bool, way: str) -> pd.DataFrame:
    """Return the rows of the lines: operator, count, value in dB."""
    names = ("mean",) if way == "mean" else ("min", "mean", "max")
    return pd.DataFrame(
        {
            "operator": name,
            "count": count,
            "value": bias.expected(name, count, looks)["pixel" if pixel else "field"],
        }
        for name in names
        for count in COUNTS
    )


def measured(look: Look, way: str, pixel: bool) -> pd.DataFrame:
    """Return the rows of the points: operator, count, value in dB, what."""
    data = rows_of(look, "class", way)
    end = "_pixel" if pixel else ""
    seen = data["pixel"] if pixel else data["value"]
    frames = [
        data.assign(value=seen - data[f"{other}{end}"], what=what)
        for other, what in (("truth", ALL), ("clean", SPECKLE))
    ]
    whole = pd.concat(frames)
    keys = ["what", "operator", "count"]
    return whole.groupby(keys, sort=False)["value"].mean().reset_index()


def picture(look: Look, scene: Scene, height: int = 330) -> alt.LayerChart:
    """Return the chart of the bias, as the controls have it."""
    looks, pixel = chosen_looks()
    return composite_bias(
        measured(look, scene.way, pixel), expected(looks, pixel, scene.way), height, scene.passes
    )


def table(look: Look, scene: Scene) -> pd.DataFrame:
    """Return the figures of the two looks."""
    looks, pixel = chosen_looks()
    theory = expected(looks, pixel, scene.way).set_index(["operator", "count"]).value
    seen = measured(look, scene.way, pixel).set_index(["what", "operator", "count"]).value
    return pd.DataFrame(
        {
            "Operator": name,
            "n": count,
            "Expected": round(theory[name, count], 2),
            "Measured": round(seen[ALL, name, count], 2),
            "Speckle": round(seen[SPECKLE, name, count], 2),
        }
        for name in dict.fromkeys(theory.index.get_level_values(0))
        for count in dict.fromkeys(scene.passes)
    )
