"""Attention computed step by step: tables with their numbers, and how a softmax saturates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from lab.charts.axes import OWN_SIZE, beside
from lab.charts.heatmap import Quantity, heatmap
from lab.charts.palette import ATTENTION, GREY, RUN_COLOURS

_CELL, _LEAST = 38, 26  # pixels of a cell that has its number in it


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


def shares(values: Sequence[Sequence[float]], weights: bool = False) -> list[list[float | None]]:
    """Return how much ink each cell of a table gets: 0 to 1, or -1 to 1 of what has a sign.

    Args:
        values: a table; what is not finite gets None.
        weights: whether they are weights, 0 to 1; otherwise 1 is the largest value's.
    """
    table = np.asarray(values, dtype=float)
    most = 1.0 if weights else Quantity("").reaching(table).most
    inked = np.clip(table / most, 0.0 if weights else -1.0, 1.0)
    return [
        [float(v) if math.isfinite(v) else None for v in row]
        for row in np.where(np.isfinite(table), inked, np.nan)
    ]


def numbers(
    values: Sequence[Sequence[float]],
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    title: str,
    titles: tuple[str, str] = ("word", "number"),
    width: float | None = None,
    quantity: Quantity | None = None,
) -> alt.LayerChart:
    """Draw a table as a heatmap with the number in each cell.

    Args:
        values: a row for each row label.
        row_labels, column_labels: down the side and across the top.
        title: what the table is.
        titles: what the rows and the columns are.
        width: pixels for the whole chart; None for cells of full size.
        quantity: what the numbers are; None for values with a sign, as far as the largest goes.

    Raises:
        ValueError: labels and values do not fit.
    """
    many = len(column_labels)
    room = _CELL if width is None else (width - beside(row_labels)) // many
    step = float(np.clip(room, _LEAST, _CELL))
    return heatmap(
        values,
        row_labels,
        column_labels,
        quantity or Quantity("value", format=".4f").reaching(values),
        titles,
        (step, _LEAST),
        title=title,
        texts=[[short(float(value)) for value in row] for row in values],
        legend=False,
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
        .mark_bar(color=ATTENTION.colour)
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
