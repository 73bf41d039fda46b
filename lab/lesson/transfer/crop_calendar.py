"""Barley against rice: what a radar sees of each, and of what grows beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lab.charts.crops import calendar
from lab.crops.scenes.calendar import CURVES, curve
from lab.crops.stack import PERIODS
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.page import Page
from lab.lesson.transfer import TEXT

_SHOWN = ("rice, Korea", "rice, Spain", "barley", "winter wheat", "meadow")
_TARGETS = ("rice, Korea", "rice, Spain", "barley")
BAND = Choice("band", "Band", ["VH", "VV"])
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


def calendar_tab(page: Page) -> None:
    """Draw the calendar, and say what it means for the two crops."""
    band = BAND.draw()
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
    decibels = {
        "rice_rise": rise("rice, Spain"),
        "barley_rise": rise("barley"),
        "wheat": apart("barley", "winter wheat"),
        "meadow": apart("barley", "meadow"),
        "fields": CURVES["barley"].sd,
        "rice_meadow": apart("rice, Spain", "meadow"),
    }
    st.markdown(TEXT("barley", **{name: f"{value:.1f}" for name, value in decibels.items()}))
    st.caption(TEXT("calendar"))
