"""The heatmap: a table of numbers as cells, whose colour means the same on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from lab.charts import palette
from lab.charts.axes import OWN_SIZE, beside, cell_size, gradient_legend, token_axis, visible
from lab.charts.palette import GREY, MISSING, Ink

GRID = {"stroke": GREY, "strokeOpacity": 0.35, "strokeWidth": 0.5}
_MOST_ROWS = 5000  # of a data frame that Altair takes
_ROUNDING = 1e-9  # a difference below this is one of rounding, and gets no colour


@dataclass(frozen=True)
class Quantity:
    """What the numbers of a heatmap are, and so its colours.

    Args:
        name: such as "attention weight"; over the legend.
        ink: of an amount from 0; None for what has a sign, in blue below zero and orange above.
        most: the amount, or the distance from zero, that gets all the ink.
        format: of the numbers where they are told.
        percent: whether the legend counts in percent.
        inverted: see `palette.amounts`.
        legend: lines of the legend; () for the name alone.
    """

    name: str
    ink: Ink | None = None
    most: float = 1.0
    format: str = ".3f"
    percent: bool = False
    inverted: bool = False
    legend: Sequence[str] = ()

    def scale(self) -> alt.Scale:
        """Return the colours."""
        if self.ink is None:
            return palette.around_zero(self.most)
        return palette.amounts(self.ink, self.most, self.inverted)

    def reaching(self, values: Any) -> Quantity:
        """Return the same with all the ink for the value furthest from zero; without one, for 1."""
        table = np.asarray(values, dtype=float)
        most = float(np.abs(table[np.isfinite(table)]).max(initial=0.0))
        return replace(self, most=most if most > _ROUNDING else 1.0)


ATTENTION = Quantity("attention weight", palette.ATTENTION)
PROBABILITY = Quantity("probability", palette.PROBABILITY, format=".3~p", percent=True)


def square(
    rows: Sequence[str], columns: Sequence[str], width: float | None = None
) -> tuple[float, float]:
    """Return width and height in pixels of square cells.

    Args:
        rows, columns: labels.
        width: pixels for the whole chart, None for the room of a page.
    """
    room = None if width is None else width - beside(rows)
    side = cell_size(len(columns), len(rows), room)
    return side, side


def heatmap(
    values: Any,
    rows: Sequence[str],
    columns: Sequence[str],
    quantity: Quantity,
    titles: tuple[str, str] = ("row", "column"),
    cell: tuple[float, float] | None = None,
    *,
    title: str = "",
    texts: Sequence[Sequence[str]] | None = None,
    more: Mapping[str, Sequence[Any]] | None = None,
    axes: tuple[alt.Axis | None, alt.Axis | None] | None = None,
    legend: bool = True,
    grid: bool = True,
) -> alt.LayerChart:
    """Draw a table: rows down the side, columns across the top. More marks may be laid over it.

    Args:
        values: (R, C) numbers; what is not finite is a cell without a value.
        rows, columns: R and C labels, such as tokens; they may repeat.
        quantity: what the numbers are.
        titles: what the rows and the columns are; "" is in no tooltip.
        cell: its width and height in pixels; None for squares that fit a page.
        title: of the chart.
        texts: (R, C) what is written in the cells.
        more: further columns of the tooltip, R * C values each, row by row.
        axes: down and across, over the places 0, 1, ...; None for axes with the labels.
        legend: whether to draw one.
        grid: whether to draw lines between the cells.

    Returns:
        A chart over the fields row, column (numbers from 0), row_label, column_label, value; what
        is laid over it takes x and y from `layer[0].encoding`.

    Raises:
        ValueError: labels and values do not fit.
    """
    table = np.asarray(values, dtype=float).reshape(len(values), -1)
    if table.shape != (len(rows), len(columns)):
        raise ValueError(
            f"{len(rows)} row and {len(columns)} column labels do not fit a table of shape "
            f"{table.shape}."
        )
    wide, high = cell or square(rows, columns)
    down, across = axes or (
        token_axis(rows, high, titles[0]),
        token_axis(columns, wide, titles[1], "top"),
    )
    base = alt.Chart(_data(_cells(table, rows, columns, texts, more or {}))).encode(
        x=_place(alt.X, "column", len(columns), across),
        y=_place(alt.Y, "row", len(rows), down),
        tooltip=[
            *(
                alt.Tooltip(f"{field}_label:N", title=what)
                for field, what in zip(("row", "column"), titles, strict=True)
                if what
            ),
            alt.Tooltip("value:Q", title=quantity.name, format=quantity.format),
            *(alt.Tooltip(f"{name}:N", title=name) for name in more or {}),
        ],
    )
    shade = alt.Color(
        "value:Q",
        scale=quantity.scale(),
        legend=_legend(quantity, wide * len(columns)) if legend else None,
    )
    known = np.isfinite(table).all()
    fill = shade if known else alt.condition("!isValid(datum.value)", alt.value(MISSING), shade)
    # Vega-Lite would leave out the cells without a value.
    layers = [base.mark_rect(invalid="show", **(GRID if grid else {})).encode(color=fill)]
    if texts is not None:
        layers.append(_written(base, min(wide / 3.2, high * 0.55)))
    return alt.layer(*layers).properties(
        width=wide * len(columns),
        height=high * len(rows),
        autosize=OWN_SIZE,
        **({"title": _title(title)} if title else {}),
    )


def _place(kind: type[alt.X | alt.Y], field: str, count: int, axis: alt.Axis | None) -> Any:
    scale = alt.Scale(domain=list(range(count)), padding=0)
    return kind(f"{field}:O", title=None, axis=axis, scale=scale)


def _cells(
    table: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    texts: Sequence[Sequence[str]] | None,
    more: Mapping[str, Sequence[Any]],
) -> pd.DataFrame:
    R, C = table.shape
    frame = pd.DataFrame(
        {
            "row": np.repeat(np.arange(R), C),
            "column": np.tile(np.arange(C), R),
            "row_label": np.repeat(np.array([visible(row) for row in rows], dtype=object), C),
            "column_label": [visible(column) for column in columns] * R,
            "value": np.where(np.isfinite(table), table, np.nan).ravel(),
            **more,
        }
    )
    return frame if texts is None else frame.assign(text=[text for line in texts for text in line])


def _data(frame: pd.DataFrame) -> pd.DataFrame | alt.InlineData:
    # Altair looks at each cell of a list (a thousand cost 0.3 s), and refuses long frames.
    if len(frame) <= _MOST_ROWS:
        return frame
    frame = frame.astype({"value": object}).where(frame.notna(), None)
    return alt.InlineData(values=frame.to_dict("records"))


def _written(base: alt.Chart, size: float) -> alt.Chart:
    fill = f"isValid(datum.value) ? scale('color', datum.value) : '{MISSING}'"
    return base.mark_text(fontSize=float(np.clip(size, 8, 12)), tooltip=None).encode(
        text="text:N", color=palette.readable(fill)
    )


def _legend(quantity: Quantity, width: float) -> alt.Legend:
    most = quantity.most
    ticks = [-most, 0, most] if quantity.ink is None else [0, most / 2, most]
    legend = gradient_legend(quantity.name, width, ticks)
    if quantity.legend:
        legend.title = list(quantity.legend)
    if quantity.percent:
        legend.format = ".0%"
    return legend


def _title(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, anchor="start", fontSize=13, fontWeight="normal", offset=6)
