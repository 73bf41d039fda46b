"""The second tab: the bias of minimum, mean and maximum against what speckle theory expects."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crop_composites import composite_bias
from lab.crops.scenes import bias
from lab.crops.scenes.passes import COUNTS
from lab.lesson.composites.controls import Chosen
from lab.lesson.composites.looks import rows_of

PIXEL, MEAN = KINDS = ("Single pixels", "Mean of the fields")
SCENE, REAL = "6.9 looks (this scene)", "5 looks"
LOOKS = {SCENE: 6.9, REAL: 5.0}
ALL, SPECKLE = "from the truth", "speckle alone"


def desk(found: dict[str, Any], chosen: Chosen) -> None:
    """Draw the bias against the number of acquisitions, and the figures."""
    with st.container(horizontal=True, gap="medium"):
        kind = st.segmented_control(
            "Bias of",
            list(KINDS),
            default=PIXEL,
            key="bias",
            bind="query-params",
            required=True,
            help="Single pixels: the mean of their decibels, which is what a network reads. "
            "Mean of the fields: power averaged first, as in the curve.",
        )
        line = st.segmented_control(
            "Lines: what theory expects at",
            list(LOOKS),
            default=SCENE,
            key="looks",
            bind="query-params",
            required=True,
            help="The more looks, the weaker the speckle. Real products have 4 to 7.",
        )
    pixel, looks = kind != MEAN, LOOKS[line or SCENE]
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.altair_chart(picture(found, chosen, pixel, looks), key="bias-chart", width="stretch")
    with right:
        st.caption(
            "In dB, at n acquisitions. *Measured*: from the truth; *Speckle*: of it, speckle alone."
        )
        st.dataframe(table(found, chosen, pixel, looks), hide_index=True, key="bias-table")
    st.caption(
        "Points: measured on all fields of the class, mean of the operator's periods. Lines: what "
        "is expected of an even field that does not change, with gamma speckle independent from "
        "date to date. *From the truth* holds what fields and weather really did between the "
        "dates; *speckle alone* compares with the same composite without speckle, which is a "
        "minimum of moving values itself: so it lies nearer to zero than the line."
    )


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


def measured(found: dict[str, Any], way: str, pixel: bool) -> pd.DataFrame:
    """Return the rows of the points: operator, count, value in dB, what."""
    data = rows_of(found, "class", way)
    end = "_pixel" if pixel else ""
    seen = data["pixel"] if pixel else data["value"]
    frames = [
        data.assign(value=seen - data[f"{other}{end}"], what=what)
        for other, what in (("truth", ALL), ("clean", SPECKLE))
    ]
    whole = pd.concat(frames)
    keys = ["what", "operator", "count"]
    return whole.groupby(keys, sort=False)["value"].mean().reset_index()


def picture(
    found: dict[str, Any], chosen: Chosen, pixel: bool, looks: float, height: int = 330
) -> alt.LayerChart:
    """Return the chart of the bias."""
    return composite_bias(
        measured(found, chosen.way, pixel),
        expected(looks, pixel, chosen.way),
        height,
        chosen.passes,
    )


def table(found: dict[str, Any], chosen: Chosen, pixel: bool, looks: float) -> pd.DataFrame:
    """Return the figures of the two looks."""
    theory = expected(looks, pixel, chosen.way).set_index(["operator", "count"]).value
    seen = measured(found, chosen.way, pixel).set_index(["what", "operator", "count"]).value
    return pd.DataFrame(
        {
            "Operator": name,
            "n": count,
            "Expected": round(theory[name, count], 2),
            "Measured": round(seen[ALL, name, count], 2),
            "Speckle": round(seen[SPECKLE, name, count], 2),
        }
        for name in dict.fromkeys(theory.index.get_level_values(0))
        for count in dict.fromkeys(chosen.passes)
    )
