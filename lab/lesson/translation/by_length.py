"""Exact match against the length of the source: the bottleneck, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lab.charts.comparison import match_by_length, wilson
from lab.lesson.kit import ask
from lab.lesson.kit.runs import names
from lab.lesson.translation import TEXT
from lab.runs import View

FEWEST = 5  # pairs of a length; below that a figure says nothing


def by_length(shown: Sequence[View]) -> None:
    """Draw exact match against input length for every run that has ended."""
    if not shown:
        st.caption(TEXT("train-for-length"))
        return
    ended = {
        name: view
        for view, name in zip(shown, names(shown), strict=True)
        if not view.run.status.alive and view.run.checkpoint
    }
    if not ended:
        st.caption(TEXT("length-waits"))
        return
    questions = [(*ask.asking(view, "match_by_length"), name) for name, view in ended.items()]
    rows = [
        _row(name, length)
        for name, lengths in zip(ended, ask.several(questions), strict=True)
        for length in lengths or []
        if length["pairs"] >= FEWEST
    ]
    if rows:
        st.altair_chart(match_by_length(rows), key="by-length", width="stretch")
    st.caption(TEXT("lengths", fewest=FEWEST))


def _row(name: str, length: Mapping[str, Any]) -> dict[str, Any]:
    low, high = wilson(length["hits"], length["pairs"])
    return {
        "name": name,
        "length": length["length"],
        "exact_match": length["hits"] / length["pairs"],
        "pairs": length["pairs"],
        "low": low,
        "high": high,
    }
