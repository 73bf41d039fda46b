"""The other tabs: the calendars of both regions, and the clauses of the physics rule."""

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
from lab.lesson.asking import compute
from lab.lesson.regions.chosen import Chosen
from lab.lesson.regions.found import Side

_FIRST, _LAST, _STEP = 120, 305, 5  # days of the year that are drawn


def calendar(chosen: Chosen) -> None:
    """Draw what each class of both regions looks like through the season."""
    band = st.segmented_control(
        "Band", BANDS, default=BANDS[0], key="calendar", bind="query-params", required=True
    )
    regions = list({region.key: region for region in chosen.regions}.values())
    for column, region in zip(st.columns(len(regions), gap="medium"), regions, strict=True):
        with column:
            st.markdown(f"**{region.name}**: {region.target} is thick")
            chart = calendar_chart(class_rows(region, band), periods(), band, region.targets)
            st.altair_chart(chart, key=f"calendar-{region.key}", width="stretch")
    st.markdown(
        "- **Flooding.** Rice is planted into water. A smooth water surface mirrors the radar "
        "away, so VH is very low; then plants rise out of it, and VH climbs by 5 to 7 dB within "
        "two months. No other class here does that (sunflower comes next, with 4 dB): this is what "
        "rice maps look for.\n"
        "- **Steady rice.** Jo et al. found French rice whose VH hardly moves; the curves alone do "
        "not say why. The steady curve here is a design value of the lab.\n"
        "- **Barley** is not flooded: no deep minimum. Its curve runs among those of wheat and "
        "meadow, so a pixel's season alone tells less."
    )
    st.caption(
        "Mean sigma0 of each class, without speckle, by the middle of the month. Rice: shapes "
        "after published curves; other classes measured on declared fields in France and Belgium "
        "(point at a line)."
    )


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
    st.markdown(
        f"The rule learns nothing. It says *rice* where VH rises by more than **{RISE:g} dB**, "
        f"from a minimum in the first half of the season to a maximum at least **{DAYS:g} days** "
        f"later, and neither stays above nor below **−{abs(LEVEL):g} dB** all season. The table "
        "says how many pixels of each class each clause refused."
    )
    fields = st.toggle(
        "Give it the means of fields instead of single pixels",
        key="fields",
        bind="query-params",
        help="Speckle moves single pixels by several dB, and so their minimum and maximum apart. "
        "The mean of a field has hardly any speckle left.",
    )
    for side in sides:
        found = compute("lab.crops.compared", "clauses", **side.asked, fields=fields)
        if found is None:
            continue
        st.markdown(f"**{side.name}**")
        st.dataframe(
            table(found),
            hide_index=True,
            key=f"rule-{side.name}",
            column_config={
                "Class": st.column_config.TextColumn(width=170),
                "ha": st.column_config.NumberColumn("ha", format="%.0f", width=60),
                **{
                    name: st.column_config.NumberColumn(
                        name, format="%.0f %%", width=34 + 8 * len(name)
                    )
                    for name in VERDICTS
                },
            },
        )
    st.caption(
        "Shares of the pixels of a class; a pixel that several clauses refuse is counted at the "
        "first: water, trees or town, no rise, minimum, maximum. The rule after GeoRice (CESBIO "
        "and GISAT). On the maps it reads single pixels, speckle and all."
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
