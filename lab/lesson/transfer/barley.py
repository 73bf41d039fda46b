"""Barley against rice: what a radar sees of each, and of what grows beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lab.charts.crops import calendar
from lab.crops.scenes.calendar import CURVES, curve
from lab.crops.stack import PERIODS

_SHOWN = ("rice, Korea", "rice, Spain", "barley", "winter wheat", "meadow")
_TARGETS = ("rice, Korea", "rice, Spain", "barley")
_DAYS = np.arange(115, 300, 5)


def rows(names: Sequence[str], band: str) -> list[dict[str, object]]:
    """Return the calendar of classes: class, day of the year, value (dB), basis."""
    return [
        {"class": name, "day": float(day), "value": float(value), "basis": CURVES[name].basis}
        for name in names
        for day, value in zip(_DAYS, curve(name, band, _DAYS), strict=True)
    ]


def rise(name: str) -> float:
    """Return by how many dB the VH of a class rises from its lowest day to the highest later."""
    values = curve(name, "VH", _DAYS)
    lowest = int(values.argmin())
    return float(values[lowest:].max() - values[lowest])


def apart(name: str, other: str) -> float:
    """Return the mean difference of two classes' VH over the eight composites, dB."""
    days = np.array([period.middle for period in PERIODS])
    return float(np.abs(curve(name, "VH", days) - curve(other, "VH", days)).mean())


def tab() -> None:
    """Draw the calendar, and say what it means for the two crops."""
    band = st.segmented_control(
        "Band", ["VH", "VV"], default="VH", key="band", bind="query-params", required=True
    )
    periods = [
        {
            "period": period.label,
            "day": period.middle,
            "first": float(period.days()[0]),
            "last": float(period.days()[1]),
            "operator": period.operator,
            "stage": period.stage,
        }
        for period in PERIODS
    ]
    st.altair_chart(
        calendar(rows(_SHOWN, band), periods, band, _TARGETS, 320),
        key="barley-calendar",
        width="stretch",
        alt=f"{band} of rice, barley, winter wheat and meadow through the season",
    )
    st.markdown(
        f"Rice is flooded: water reflects the radar away, VH falls, and rises by "
        f"**{rise('rice, Spain'):.1f} dB** when the plants stand. Barley's rises by "
        f"**{rise('barley'):.1f} dB** and it is never flooded. Over the eight composites it is "
        f"**{apart('barley', 'winter wheat'):.1f} dB** from winter wheat and "
        f"**{apart('barley', 'meadow'):.1f} dB** from meadow, on average, where fields of one "
        f"class differ by {CURVES['barley'].sd:.1f} dB (standard deviation). Spanish rice is "
        f"**{apart('rice, Spain', 'meadow'):.1f} dB** from meadow."
    )
    st.caption(
        "Means over fields, as the scenes are drawn from; synthetic scenes, curves after measured "
        "and published ones. Thick: the crops that are looked for."
    )
