"""Both regions through the season: the tabs of their calendars and of the physics rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from lab.charts.crops import calendar as calendar_chart
from lab.crops.rule import DAYS, LEVEL, RISE, VERDICTS
from lab.crops.scenes.calendar import CURVES, curve
from lab.crops.scenes.regions import Region
from lab.crops.stack import BANDS, PERIODS
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice, Switch
from lab.lesson.kit.page import Page
from lab.lesson.regions import TEXT
from lab.lesson.regions.sides import MODULE, Side

_FIRST, _LAST, _STEP = 120, 305, 5  # days of the year that are drawn


BAND = Choice("calendar", "Band", BANDS)
FIELDS = Switch(
    "fields", "Give it the means of fields instead of single pixels", help=TEXT("fields-help")
)


def calendar(page: Page) -> None:
    """Draw what each class of both regions looks like through the season."""
    band = BAND.draw()
    regions = list({region.key: region for region in page.chosen.regions}.values())
    for column, region in zip(st.columns(len(regions), gap="medium"), regions, strict=True):
        with column:
            st.markdown(f"**{region.name}**: {region.target} is thick")
            chart = calendar_chart(class_rows(region, band), periods(), band, region.targets)
            st.altair_chart(chart, key=f"calendar-{region.key}", width="stretch")
    steady = TEXT("calendar-steady") if page.answered else ""  # it answers the question
    st.markdown(f"{TEXT('calendar')}\n{steady}")
    st.caption(TEXT("calendar-curves"))


def class_rows(region: Region, band: str) -> list[dict]:
    """Return the curves of a region's classes: class, day, value (dB), basis."""
    days = np.arange(_FIRST, _LAST, _STEP)
    return [
        {"class": name, "day": int(day), "value": float(value), "basis": CURVES[name].basis}
        for name in region.classes
        for day, value in zip(
            days,
            curve(name, band, days - (region.shift if CURVES[name].crop else 0)),
            strict=True,
        )
    ]


def periods() -> list[dict]:
    """Return the composites: period, day, first, last, operator, stage."""
    return [
        {
            "period": period.label,
            "day": period.middle,
            "first": period.days()[0],
            "last": period.days()[1],
            "operator": period.operator,
            "stage": period.stage,
        }
        for period in PERIODS
    ]


def rule(sides: Sequence[Side]) -> None:
    """Draw which clause of the physics rule decides the pixels of each class."""
    st.markdown(TEXT("rule", rise=f"{RISE:g}", days=f"{DAYS:g}", level=f"−{abs(LEVEL):g}"))
    fields = FIELDS.draw()
    questions = [
        (*ask.computing(MODULE, "clauses", **side.scene.asked, fields=fields), "") for side in sides
    ]
    for side, found in zip(sides, ask.several(questions), strict=True):
        if found is not None:
            st.markdown(f"**{side.name}**")
            _clauses(side.name, found)
    st.caption(TEXT("rule-shares"))


def _clauses(name: str, found: Sequence[dict]) -> None:
    shares = {
        clause: st.column_config.NumberColumn(clause, format="%.0f %%", width=34 + 8 * len(clause))
        for clause in VERDICTS
    }
    st.dataframe(
        table(found),
        hide_index=True,
        key=f"rule-{name}",
        column_config={
            "Class": st.column_config.TextColumn(width=170),
            "ha": st.column_config.NumberColumn("ha", format="%.0f", width=60),
            **shares,
        },
    )


def table(rows: Sequence[dict]) -> pd.DataFrame:
    """Return the shares as a table, the crop's classes first."""
    ordered = sorted(rows, key=lambda row: (not row["crop"], -row["hectares"]))
    return pd.DataFrame(
        [
            {
                "Class": row["class"],
                "ha": row["hectares"],
                **{name: 100 * row[name] for name in VERDICTS},
            }
            for row in ordered
        ]
    )
