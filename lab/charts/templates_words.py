"""The log-probability score of words over sentences: a heatmap, and the spread of each word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np

from lab.charts.association import by_list, places, row_height, short, zero
from lab.charts.axes import OWN_SIZE, font_size, label_width
from lab.charts.heatmap import Quantity, heatmap
from lab.charts.templates import GROUPS, ends

Rows = Sequence[Mapping[str, Any]]


def _placed(rows: Rows) -> list[dict[str, Any]]:
    # A above, B below, an empty row between; in each from the highest mean to the lowest.
    found: list[dict[str, Any]] = []
    for group in dict.fromkeys(row["group"] for row in rows):
        start = found[-1]["place"] + 2 if found else 0
        own = sorted((r for r in rows if r["group"] == group), key=lambda r: -r["mean"])
        found += [{**row, "place": start + i} for i, row in enumerate(own)]
    if not found:
        raise ValueError("There is no word to draw.")
    return found


def _down(placed: Rows, step: float, field: str = "place:Q") -> alt.Y:
    return alt.Y(
        field,
        title=None,
        scale=alt.Scale(domain=[-0.6, placed[-1]["place"] + 0.6], reverse=True, nice=False),
        axis=places(placed, step),
    )


def _scores(field: str, directions: tuple[str, str]) -> alt.X:
    return alt.X(
        field,
        title=["log-probability score (nats)", ends(directions)],
        scale=alt.Scale(nice=True, zero=True),
        axis=alt.Axis(tickCount=5, format="+.2~f", grid=True, titleFontSize=12),
    )


def word_spread(
    rows: Rows, directions: tuple[str, str] = ("", ""), width: float = 450
) -> alt.LayerChart:
    """Draw each word's score in every sentence: a tick each, their mean and their range.

    Args:
        rows: {"word", "group" (name of its list), "mean", "values" (nats, of the sentences)}.
        directions: what a negative and a positive score mean.
        width: pixels of the whole chart.

    Raises:
        ValueError: there is no word.
    """
    placed = _placed(rows)
    step = row_height(len(placed) + 1)
    words = [row["word"] for row in placed]
    groups = list(dict.fromkeys(row["group"] for row in placed))
    for row in placed:
        row["low"], row["high"] = min(row["values"]), max(row["values"])
    low, across = (_scores(field, directions) for field in ("low:Q", "mean:Q"))
    colour = by_list("group", groups, GROUPS, alt.Color)
    base = alt.Chart(alt.InlineData(values=placed)).encode(
        y=_down(placed, step),
        color=colour,
        tooltip=[
            alt.Tooltip("word:N"),
            alt.Tooltip("group:N", title="list"),
            alt.Tooltip("mean:Q", title="mean (nats)", format="+.3f"),
            alt.Tooltip("low:Q", title="lowest (nats)", format="+.3f"),
            alt.Tooltip("high:Q", title="highest (nats)", format="+.3f"),
        ],
    )
    single = [
        {"place": row["place"], "mean": value, "group": row["group"]}
        for row in placed
        for value in row["values"]
    ]
    ticks = (
        alt.Chart(alt.InlineData(values=single))
        .mark_tick(thickness=1.5, size=step * 0.7, opacity=0.75, tooltip=None)
        .encode(x=across, y=_down(placed, step), color=colour)
    )
    layers = [
        zero("mean"),
        base.mark_rule(strokeWidth=3, opacity=0.4).encode(x=low, x2="high:Q"),
        ticks,
        base.mark_point(filled=True, size=min(60, 4 * step), opacity=1).encode(x=across),
    ]
    return alt.layer(*layers).properties(
        width=max(120, width - label_width(words, font_size(step)) - 40),
        height=step * (placed[-1]["place"] + 1),
        autosize=OWN_SIZE,
    )


def score_heatmap(
    rows: Rows, count: int, directions: tuple[str, str] = ("", ""), width: float = 450
) -> alt.LayerChart:
    """Draw the score of words (down) in sentences (across, by number); blue below zero.

    Args:
        rows: as of `word_spread`, with "cells": {number of the sentence from 0: nats}.
        count: of sentences.
        directions: what a negative and a positive score mean.
        width: pixels of the whole chart.
    """
    placed = _placed(rows)
    step = row_height(len(placed) + 1)
    label = label_width([row["word"] for row in placed], font_size(step))
    wide = max(16.0, min(64.0, (width - label - 30) // max(1, count)))
    table = np.full((placed[-1]["place"] + 1, count), np.nan)
    for row in placed:
        for column, value in row["cells"].items():
            table[row["place"], int(column)] = value
    words, groups = [""] * len(table), [""] * len(table)
    for row in placed:
        words[row["place"]], groups[row["place"]] = row["word"], row["group"]
    low, high = (short(one, 22) for one in directions)
    quantity = replace(
        Quantity("score (nats)", format="+.3f").reaching(table),
        legend=["score (nats)", *([f"blue: {low}, orange: {high}"] if low or high else [])],
    )
    across = alt.Axis(
        title="number of the sentence",
        orient="top",
        labelExpr="datum.value + 1",
        labelAngle=0,
        ticks=False,
        domain=False,
    )
    chart = heatmap(
        table,
        words,
        [str(n + 1) for n in range(count)],
        quantity,
        ("word", "sentence"),
        (wide, step),
        texts=[[f"{v:+.1f}" for v in row] for row in table] if wide >= 34 else None,
        more={"list": [group for group in groups for _ in range(count)]},
        axes=(places(placed, step), across),
    )
    return chart.transform_filter("isValid(datum.value)")
