"""One step of a translation opened: scores, weights, vectors and blocks as bars and heatmaps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from numbers import Integral

import altair as alt
import numpy as np

from lab.charts.alignment import (
    GRID,
    OWN_SIZE,
    beside,
    cell_size,
    gradient_legend,
    label_width,
    token_axis,
    visible,
    weight_scale,
)
from lab.charts.loss import RUN_COLOURS

PLAIN, MARKED = RUN_COLOURS[0], RUN_COLOURS[1]
# Below zero, zero, above: told apart with the common colour-vision deficiencies.
DIVERGING = ("#2f7fd6", "#f6f5f2", "#e07b00")
_NARROW, _WIDTH = 10, 640  # pixels of a column without a label, and of all of them


def token_bars(
    tokens: Sequence[str],
    values: Sequence[float],
    title: str,
    marked: int | Collection[int] | None = None,
    domain: tuple[float, float] | None = None,
    width: float = 340,
) -> alt.Chart:
    """Draw a number for each source token, as bars in the order of the sentence.

    Args:
        tokens: S tokens.
        values: S scores (they may be negative) or weights.
        title: of the values, with a unit if they have one.
        marked: indices to draw in another colour.
        domain: of the vertical axis, such as (0, 1) for weights; None fits it to the values.
        width: pixels for the whole chart.
    """
    chosen = {marked} if isinstance(marked, Integral) else set(marked or ())
    step = cell_size(len(tokens), 1, width - beside(["-0.00"]))
    rows = [
        {
            "index": i,
            "place": i + 1,
            "token": visible(token),
            "value": float(value),
            "marked": i in chosen,
        }
        for i, (token, value) in enumerate(zip(tokens, values, strict=True))
    ]
    scale = alt.Undefined if domain is None else alt.Scale(domain=list(domain), nice=False)
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            x=alt.X(
                "index:O",
                scale=alt.Scale(domain=list(range(len(tokens))), padding=0.12),
                axis=token_axis(tokens, step, "source", "bottom"),
            ),
            y=alt.Y("value:Q", title=title, scale=scale, axis=_values()),
            color=_marked(),
            tooltip=[
                alt.Tooltip("token:N", title="source token"),
                alt.Tooltip("place:Q", title="place"),
                alt.Tooltip("value:Q", title=title, format=".3f"),
            ],
        )
        .properties(width=step * len(tokens), height=150, autosize=OWN_SIZE)
    )


def probability_bars(
    tokens: Sequence[str],
    probabilities: Sequence[float],
    chosen: str | None = None,
    width: float = 320,
) -> alt.Chart:
    """Draw how probable tokens are as the next one, the most probable first.

    Args:
        tokens: all different, in any order.
        probabilities: of each, 0 to 1.
        chosen: the token that was written, drawn in another colour.
        width: pixels for the whole chart.
    """
    order = np.argsort(-np.asarray(probabilities, dtype=float), kind="stable")
    ranked = [tokens[i] for i in order]
    rows = [
        {
            "rank": rank,
            "token": visible(tokens[i]),
            "probability": float(probabilities[i]),
            "marked": tokens[i] == chosen,
        }
        for rank, i in enumerate(order)
    ]
    step = 22
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            x=alt.X(
                "probability:Q",
                title="probability",
                scale=alt.Scale(domain=[0, 1]),
                axis=_values(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
            ),
            y=alt.Y(
                "rank:O",
                scale=alt.Scale(domain=list(range(len(rows))), padding=0.12),
                axis=token_axis(ranked, step, "next token"),
            ),
            color=_marked(),
            tooltip=[
                alt.Tooltip("token:N", title="next token"),
                alt.Tooltip("probability:Q", format=".2%"),
            ],
        )
        .properties(
            width=max(120, width - label_width(ranked, 13) - 60),
            height=step * len(rows),
            autosize=OWN_SIZE,
        )
    )


def strip(values: Sequence[float], title: str, columns: int | None = None) -> alt.Chart:
    """Draw a vector as a strip of coloured cells around zero.

    Args:
        values: C numbers.
        title: what the vector is.
        columns: cells side by side before the strip goes on below; None for 32.
    """
    columns = min(columns or 32, max(1, len(values)))
    rows = [
        {"column": i % columns, "row": i // columns, "dimension": i + 1, "value": float(value)}
        for i, value in enumerate(values)
    ]
    cell = 9
    lines = -(-len(rows) // columns)
    return (
        alt.Chart(alt.InlineData(values=rows), title=_title(title))
        .mark_rect()
        .encode(
            x=alt.X("column:O", axis=None, scale=alt.Scale(padding=0)),
            y=alt.Y("row:O", axis=None, scale=alt.Scale(padding=0)),
            color=_around_zero(values, cell * columns),
            tooltip=["dimension:Q", alt.Tooltip("value:Q", format=".3f")],
        )
        .properties(width=cell * columns, height=2 * cell * lines, autosize=OWN_SIZE)
    )


def matrix(
    values: Sequence[Sequence[float]],
    row_labels: Sequence[str],
    column_labels: Sequence[str] | None,
    title: str,
    diverging: bool = True,
    titles: tuple[str, str] = ("token", "dimension"),
    width: float | None = None,
    what: str = "value",
) -> alt.Chart:
    """Draw a table of numbers: a residual stream (T, C), or the weights of a head (T, S).

    Args:
        values: a row for each row label.
        row_labels: tokens, down the side.
        column_labels: tokens, across the top; None for the dimensions of vectors.
        title: what the table is.
        diverging: colours around zero, as far as the largest value goes; otherwise from 0 (black)
            to 1 (white), for attention weights.
        titles: what the rows and the columns are.
        what: the numbers are, over the colours.
        width: pixels for the whole chart; None for the room of a page.

    Raises:
        ValueError: labels and values do not fit.
    """
    table = np.asarray(values, dtype=float).reshape(len(values), -1)
    columns = [""] * table.shape[1] if column_labels is None else list(column_labels)
    if table.shape != (len(row_labels), len(columns)):
        raise ValueError(
            f"{len(row_labels)} row and {len(columns)} column labels do not fit a table of shape "
            f"{table.shape}."
        )
    room = None if width is None else width - beside(row_labels)
    if column_labels is None:
        high = cell_size(22, len(row_labels))
        wide = min(_NARROW, (room or _WIDTH) / max(1, len(columns)))
        across = alt.Axis(title=titles[1], orient="top", labels=False, ticks=False, domain=False)
    else:
        high = wide = cell_size(len(columns), len(row_labels), room)
        across = token_axis(columns, wide, titles[1], "top")
    rows = [
        {
            "row": j,
            "column": i,
            "row_label": visible(row_labels[j]),
            "column_label": str(i + 1) if column_labels is None else visible(columns[i]),
            "value": float(table[j, i]),
        }
        for j in range(table.shape[0])
        for i in range(table.shape[1])
    ]
    size = wide * len(columns)
    return (
        alt.Chart(alt.InlineData(values=rows), title=_title(title))
        .mark_rect(**({} if column_labels is None else GRID))
        .encode(
            x=alt.X(
                "column:O",
                axis=across,
                scale=alt.Scale(domain=list(range(len(columns))), padding=0),
            ),
            y=alt.Y(
                "row:O",
                axis=token_axis(row_labels, high, titles[0]),
                scale=alt.Scale(domain=list(range(len(row_labels))), padding=0),
            ),
            color=_around_zero(table, size, what) if diverging else _weight(size),
            tooltip=[
                alt.Tooltip("row_label:N", title=titles[0]),
                alt.Tooltip("column_label:N", title=titles[1]),
                alt.Tooltip("value:Q", format=".3f"),
            ],
        )
        .properties(width=size, height=high * len(row_labels), autosize=OWN_SIZE)
    )


def _title(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, anchor="start", fontSize=13, fontWeight="normal", offset=6)


def _values(**options) -> alt.Axis:
    return alt.Axis(tickCount=4, labelPadding=4, titlePadding=6, titleFontSize=12, **options)


def _marked() -> alt.Color:
    scale = alt.Scale(domain=[False, True], range=[PLAIN, MARKED])
    return alt.Color("marked:N", scale=scale, legend=None)


def _around_zero(values, width: float, what: str = "value") -> alt.Color:
    # The same distance to both sides, so that the middle of the colours is zero.
    most = float(np.abs(np.asarray(values, dtype=float)).max(initial=0.0)) or 1.0
    scale = alt.Scale(domain=[-most, 0, most], range=list(DIVERGING), interpolate="rgb", clamp=True)
    legend = gradient_legend(what, width, [-most, 0, most])
    return alt.Color("value:Q", scale=scale, legend=legend)


def _weight(width: float) -> alt.Color:
    legend = gradient_legend("attention weight", width, [0, 0.5, 1])
    return alt.Color("value:Q", scale=weight_scale(), legend=legend)
