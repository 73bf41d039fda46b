"""Where a translator looked: its attention weights, with the links of a gold alignment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import altair as alt

from lab.charts.heatmap import ATTENTION, heatmap, square
from lab.charts.palette import CHOSEN, TRUTH


def alignment_heatmap(
    source: Sequence[str],
    target: Sequence[str],
    weights: Sequence[Sequence[float]],
    gold: Collection[tuple[int, int]] | None = None,
    inverted: bool = False,
    width: float | None = None,
    marked_row: int | None = None,
) -> alt.LayerChart:
    """Draw attention weights: the source across the top, the target down.

    Args:
        source: S tokens.
        target: T tokens.
        weights: (T, S), how much of each source token went into a target token.
        gold: links (source index, target index), from 0, to outline.
        inverted: white as the larger weight on black, as in Bahdanau et al. 2015, figure 3.
        width: pixels for the whole chart, such as 340 for a phone; None for the room of a page.
        marked_row: target index to draw a box around.

    Raises:
        ValueError: the weights have another shape.
    """
    name = "attention weight" if gold is None else "attention weight (outlined: gold)"
    side, _ = square(target, source, width)
    more = {}
    if gold is not None:
        links = [(i, j) in gold for j in range(len(target)) for i in range(len(source))]
        more["gold"] = ["yes" if link else "no" for link in links]
    chart = heatmap(
        weights,
        target,
        source,
        replace(ATTENTION, inverted=inverted, legend=(name,)),
        ("target token", "source token"),
        (side, side),
        more=more,
    )
    cells = chart.layer[0].encoding
    if gold is not None:
        chart += _gold(gold, cells, side)
    if marked_row is not None:
        chart += _box(marked_row, cells)
    return chart


def _gold(gold: Collection[tuple[int, int]], cells: alt.FacetedEncoding, side: float) -> alt.Chart:
    links = [{"column": i, "row": j} for i, j in sorted(gold)]
    return (
        alt.Chart(alt.InlineData(values=links))
        .mark_point(
            shape="square",
            filled=False,
            size=(0.62 * side) ** 2,
            stroke=TRUTH,
            strokeWidth=2,
            opacity=1,
            tooltip=None,
        )
        .encode(x=cells.x, y=cells.y)
    )


def _box(row: int, cells: alt.FacetedEncoding) -> alt.Chart:
    return (
        alt.Chart(alt.InlineData(values=[{"row": row}]))
        .mark_rect(filled=False, stroke=CHOSEN, strokeWidth=3, tooltip=None)
        .encode(x=alt.value(0), x2=alt.value("width"), y=cells.y)
    )
