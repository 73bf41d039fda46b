"""One step of a translation opened: scores, weights, vectors and blocks as bars and heatmaps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from numbers import Integral

import altair as alt
import numpy as np

from lab.charts.axes import OWN_SIZE, beside, cell_size, label_width, token_axis, visible
from lab.charts.heatmap import Quantity, heatmap, square
from lab.charts.palette import ATTENTION, CHOSEN, PROBABILITY, Ink

_NARROW, _WIDTH = 10, 640  # pixels of a column without a label, and of all of them
_STRIP = 9  # pixels of a strip's cell, across


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
            color=_marked(ATTENTION),
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
            color=_marked(PROBABILITY),
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
    lines = -(-len(values) // columns)
    table = np.full(columns * lines, np.nan)
    table[: len(values)] = values
    chart = heatmap(
        table.reshape(lines, columns),
        [""] * lines,
        [""] * columns,
        Quantity("value").reaching(values),
        ("", ""),
        (_STRIP, 2 * _STRIP),
        title=title,
        more={"dimension": range(1, table.size + 1)},
        axes=(None, None),
        grid=False,
    )
    return chart.transform_filter("isValid(datum.value)")


def matrix(
    values: Sequence[Sequence[float]],
    row_labels: Sequence[str],
    column_labels: Sequence[str] | None,
    title: str,
    quantity: Quantity | None = None,
    titles: tuple[str, str] = ("token", "dimension"),
    width: float | None = None,
) -> alt.LayerChart:
    """Draw a table of numbers: a residual stream (T, C), or the weights of a head (T, S).

    Args:
        values: a row for each row label.
        row_labels: tokens, down the side.
        column_labels: tokens, across the top; None for the dimensions of vectors.
        title: what the table is.
        quantity: what the numbers are; None for values with a sign, as far as the largest goes.
        titles: what the rows and the columns are.
        width: pixels for the whole chart; None for the room of a page.

    Raises:
        ValueError: labels and values do not fit.
    """
    table = np.asarray(values, dtype=float).reshape(len(values), -1)
    axes = None
    if column_labels is None:
        room = _WIDTH if width is None else width - beside(row_labels)
        high = cell_size(22, len(row_labels))
        cell = min(_NARROW, room / max(1, table.shape[1])), high
        bare = alt.Axis(title=titles[1], orient="top", labels=False, ticks=False, domain=False)
        axes = token_axis(row_labels, high, titles[0]), bare
        column_labels = [str(i + 1) for i in range(table.shape[1])]
    else:
        cell = square(row_labels, column_labels, width)
    return heatmap(
        table,
        row_labels,
        column_labels,
        quantity or Quantity("value").reaching(table),
        titles,
        cell,
        title=title,
        axes=axes,
        grid=axes is None,
    )


def _values(**options) -> alt.Axis:
    return alt.Axis(tickCount=4, labelPadding=4, titlePadding=6, titleFontSize=12, **options)


def _marked(ink: Ink) -> alt.Color:
    scale = alt.Scale(domain=[False, True], range=[ink.colour, CHOSEN])
    return alt.Color("marked:N", scale=scale, legend=None)
