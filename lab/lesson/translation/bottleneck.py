"""Exact match against the length of the source: the bottleneck, drawn."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.charts.comparison import match_by_length, wilson
from lab.lesson.asking import ask
from lab.lesson.shown import names
from lab.runs import View

FEWEST = 5  # pairs of a length; below that a figure says nothing


def by_length(shown: Sequence[View]) -> None:
    """Draw exact match against input length for every run that has ended."""
    if not shown:
        st.caption("Train models first, one with attention and one without it.")
        return
    ended = [
        (view, name)
        for view, name in zip(shown, names(shown), strict=True)
        if not view.run.status.alive and view.run.checkpoint
    ]
    if not ended:
        st.caption("This picture comes when the runs have ended.")
        return
    rows = []
    with st.spinner("Translating the held-out pairs …"):
        for view, name in ended:
            for row in ask(view, "match_by_length") or []:
                if row["pairs"] < FEWEST:
                    continue
                low, high = wilson(row["hits"], row["pairs"])
                rows.append(
                    {
                        "name": name,
                        "length": row["length"],
                        "exact_match": row["hits"] / row["pairs"],
                        "pairs": row["pairs"],
                        "low": low,
                        "high": high,
                    }
                )
    if rows:
        st.altair_chart(match_by_length(rows), key="by-length", width="stretch")
    st.caption(
        "All held-out pairs, by the number of source tokens. The bands are 95 % intervals "
        f"(Wilson); lengths with fewer than {FEWEST} pairs are left out. **Without attention** the "
        "decoder has one vector of fixed size, however long the source is."
    )
