"""What the maps are worth, and which classes stand behind their errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.crops.network.published import SOURCE, value
from lab.lesson.components.maps.worth import table_of
from lab.lesson.regions import TEXT
from lab.lesson.regions.comparison import Comparison
from lab.lesson.regions.sides import Side

_LEAST = 0.005  # of all errors of a kind, for a class to be listed


def draw(sides: Sequence[Side]) -> None:
    """Draw the figures of both regions, and what they mean."""
    heads = [f"{side.name}: {side.crop}" for side in sides]
    st.markdown(table_of(heads, [side.figures for side in sides]))
    st.caption(f"{TEXT('figures')} {published(sides[0].comparison)}")
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(TEXT("behind-false"))
        _frame(behind(sides, "FP"), "behind-fp")
    with right:
        st.markdown(TEXT("behind-missed"))
        _frame(behind(sides, "FN"), "behind-fn")


def published(comparison: Comparison) -> str:
    """Return the paper's number for the same comparison, as a sentence; "" without one."""
    pair = {"spain": "FT_E", "forest": "RF"}.get(comparison.key)
    right = comparison.right
    if pair is None or right.key not in ("spain", "france"):
        return ""
    iou = value(pair, "spain", right.key, "VH")
    return TEXT("published", iou=f"{iou:.2f}", pair=pair, place=right.name, source=SOURCE)


def behind(sides: Sequence[Side], kind: str) -> pd.DataFrame:
    """Return which classes make up the false alarms (FP) or the misses (FN), largest first."""
    rows = []
    for side in sides:
        total = side.figures["hectares"][kind]
        for row in sorted(side.figures["classes"], key=lambda row: -row[kind]):
            grown = sum(row[name] for name in ("TP", "FN", "FP", "TN"))
            if row["crop"] != (kind == "FN") or not grown or row[kind] < _LEAST * total:
                continue
            rows.append(
                {
                    "Region": side.name,
                    "Class": row["class"],
                    "ha": row[kind],
                    "of these": 100 * row[kind] / total,
                    "of the class": 100 * row[kind] / grown,
                }
            )
    return pd.DataFrame(rows, columns=["Region", "Class", "ha", "of these", "of the class"])


def _frame(rows: pd.DataFrame, key: str) -> None:
    if not len(rows):
        st.caption("None.")
        return
    # In pixels: what the longest name needs, so that all columns fit half a page of 1440.
    region, grown = (int(rows[name].str.len().max()) * 7 for name in ("Region", "Class"))
    st.dataframe(
        rows,
        hide_index=True,
        key=key,
        height=min(330, 36 * (len(rows) + 1)),
        column_config={
            "Region": st.column_config.TextColumn(width=min(200, 28 + region)),
            "Class": st.column_config.TextColumn(width=20 + grown),
            "ha": st.column_config.NumberColumn("ha", format="%.1f", width=55),
            "of these": _share("of these", 76, TEXT("of-these-help")),
            "of the class": _share("of the class", 95, TEXT("of-the-class-help")),
        },
    )


def _share(name: str, width: int, help: str) -> Any:
    return st.column_config.NumberColumn(name, width=width, format="%.0f %%", help=help)
