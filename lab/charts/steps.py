"""Attention computed step by step: tables with their numbers, and how a softmax saturates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from lab.charts.alignment import (
    GREY,
    GRID,
    INKS,
    OWN_SIZE,
    beside,
    token_axis,
    visible,
)
from lab.charts.decoding import DIVERGING
from lab.charts.loss import RUN_COLOURS

_CELL, _LEAST = 38, 26  # pixels of a cell that has its number in it
_NONE = "#9aa39f"  # of a cell that is masked
_DARK, _LIGHT = "#000000", "#ffffff"
_ROUNDING = 1e-9  # a difference below this is one of rounding, and gets no colour


def short(value: float) -> str:
    """Return a number as a cell has room for it: two decimals, fewer for large ones.

    Zeros at the end say that the number was rounded: 0.5 is a half, 0.50 nearly one.
    """
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    decimals = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    text = f"{value:.{decimals}f}" if abs(value) < 1e5 else f"{value:.0e}"
    if "." in text and abs(value - float(text)) < 1e-9:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def colours(values: Sequence[Sequence[float]], weights: bool = False) -> list[list[tuple]]:
    """Return the colour of each cell, and that of the number in it.

    Args:
        values: a table; minus infinity is grey.
        weights: black for 0 to white for 1; otherwise blue below zero and orange above, as far as
            the largest value goes.
    """
    table = np.asarray(values, dtype=float)
    finite = np.abs(table[np.isfinite(table)])
    most = max(float(finite.max(initial=0.0)), _ROUNDING)
    return [[_cell(value, most, weights) for value in row] for row in table.tolist()]


def _cell(value: float, most: float, weights: bool) -> tuple[str, str]:
    if not math.isfinite(value):
        return _NONE, _DARK
    if weights:
        low, high = INKS["white"]
        fill = _between(low, high, min(max(value, 0.0), 1.0))
    else:
        fill = _between(DIVERGING[1], DIVERGING[2 if value > 0 else 0], abs(value) / most)
    return fill, _ink(fill)


def _between(low: str, high: str, share: float) -> str:
    pairs = zip(_channels(low), _channels(high), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _ink(fill: str) -> str:
    # Whichever of the two stands out more: relative luminance as in WCAG 2.1.
    parts = [c / 255 for c in _channels(fill)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return _DARK if light > 0.179 else _LIGHT


def numbers(
    values: Sequence[Sequence[float]],
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    title: str,
    titles: tuple[str, str] = ("word", "number"),
    width: float | None = None,
    weights: bool = False,
) -> alt.LayerChart:
    """Draw a table as a heatmap with the number in each cell.

    Args:
        values: a row for each row label.
        row_labels, column_labels: down the side and across the top.
        title: what the table is.
        titles: what the rows and the columns are.
        width: pixels for the whole chart; None for cells of full size.
        weights: see `colours`.

    Raises:
        ValueError: labels and values do not fit.
    """
    table = np.asarray(values, dtype=float).reshape(len(values), -1)
    if table.shape != (len(row_labels), len(column_labels)):
        raise ValueError(
            f"{len(row_labels)} row and {len(column_labels)} column labels do not fit a table of "
            f"shape {table.shape}."
        )
    many = len(column_labels)
    room = _CELL if width is None else (width - beside(row_labels)) // many
    step = float(np.clip(room, _LEAST, _CELL))
    painted = colours(table, weights)
    cells = [
        {
            "row": j,
            "column": i,
            "row_label": visible(row_labels[j]),
            "column_label": visible(column_labels[i]),
            "value": value if math.isfinite(value) else None,
            "text": short(value),
            "fill": painted[j][i][0],
            "ink": painted[j][i][1],
        }
        for j, line in enumerate(table.tolist())
        for i, value in enumerate(line)
    ]
    base = alt.Chart(alt.InlineData(values=cells)).encode(
        x=alt.X(
            "column:O",
            scale=alt.Scale(domain=list(range(many)), padding=0),
            axis=token_axis(column_labels, step, titles[1], "top"),
        ),
        y=alt.Y(
            "row:O",
            scale=alt.Scale(domain=list(range(len(row_labels))), padding=0),
            axis=token_axis(row_labels, _LEAST, titles[0]),
        ),
        tooltip=[
            alt.Tooltip("row_label:N", title=titles[0]),
            alt.Tooltip("column_label:N", title=titles[1]),
            alt.Tooltip("value:Q", format=".4f"),
        ],
    )
    size = 11 if step < 32 else 12
    return alt.layer(
        base.mark_rect(**GRID).encode(color=alt.Color("fill:N", scale=None)),
        base.mark_text(fontSize=size).encode(text="text:N", color=alt.Color("ink:N", scale=None)),
    ).properties(
        title=alt.TitleParams(title, anchor="start", fontSize=13, fontWeight="normal", offset=6),
        width=step * many,
        height=_LEAST * len(row_labels),
        autosize=OWN_SIZE,
    )


def weight_bars(weights: Sequence[float], title: str, width: float = 300) -> alt.Chart:
    """Draw the weights that a query gives to its keys, as bars from 0 to 1.

    Args:
        weights: of the keys.
        title: of the vertical axis.
        width: pixels for the whole chart.
    """
    rows = [{"key": i + 1, "weight": float(weight)} for i, weight in enumerate(weights)]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(color=RUN_COLOURS[0])
        .encode(
            x=alt.X(
                "key:O",
                title="key",
                axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False),
                scale=alt.Scale(padding=0.12),
            ),
            y=alt.Y(
                "weight:Q",
                title=title,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(tickCount=5),
            ),
            tooltip=[alt.Tooltip("key:O"), alt.Tooltip("weight:Q", format=".4f")],
        )
        .properties(width=width - 70, height=140, autosize=OWN_SIZE)
    )


def saturation_lines(
    rows: Sequence[Mapping[str, float]] | pd.DataFrame,
    field: str,
    title: str,
    chosen: int | None = None,
    width: float = 300,
    logarithmic: bool = False,
) -> alt.LayerChart:
    """Draw a figure of the softmax against the length d of the vectors, on a logarithmic axis.

    Args:
        rows: d, name ("q · k" or "q · k / √d"), and the field.
        field: which figure.
        title: of its axis, with the unit.
        chosen: a d to point out.
        width: pixels for the whole chart.
        logarithmic: for a figure that grows as d does.
    """
    data = pd.DataFrame(rows)
    names = list(dict.fromkeys(data.name))
    scale = alt.Scale(type="log", nice=False) if logarithmic else alt.Scale(zero=True, nice=True)
    across = alt.X(
        "d:Q",
        title="numbers in a vector, d",
        scale=alt.Scale(type="log", base=2, nice=False),
        axis=alt.Axis(values=[1, 4, 16, 64, 256, 1024], format="d", labelOverlap=False),
    )
    base = alt.Chart(data).encode(
        x=across,
        y=alt.Y(f"{field}:Q", title=title, scale=scale, axis=alt.Axis(tickCount=5)),
        color=alt.Color(
            "name:N",
            scale=alt.Scale(domain=names, range=list(RUN_COLOURS[: len(names)])),
            legend=alt.Legend(title=None, orient="top", labelLimit=200),
        ),
        tooltip=[
            alt.Tooltip("name:N", title="score"),
            alt.Tooltip("d:Q"),
            alt.Tooltip(f"{field}:Q", title=title, format=".3f"),
        ],
    )
    layers = [base.mark_line(strokeWidth=2.5), base.mark_point(filled=True, size=45, opacity=1)]
    if chosen is not None:
        layers.insert(0, upright("d", chosen, across))
    return alt.layer(*layers).properties(width=width - 70, height=190, autosize=OWN_SIZE)


def upright(field: str, at: float, across: alt.X) -> alt.Chart:
    """Return a dashed line at a value of the horizontal axis.

    Args:
        field: of the axis.
        at: the value.
        across: the axis of the other layers.
    """
    return (
        alt.Chart(alt.InlineData(values=[{field: at}]))
        .mark_rule(color=GREY, strokeDash=[5, 4], strokeWidth=1.5, tooltip=None)
        .encode(x=across)
    )
