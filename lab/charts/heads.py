"""Heads of a model as charts: one head as a heatmap, and what all of them look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import altair as alt
import numpy as np

from lab.charts.heatmap import ATTENTION, heatmap, square


def head_heatmap(
    rows: Sequence[str],
    columns: Sequence[str],
    weights: np.ndarray,
    title: str,
    width: float | None = None,
) -> alt.LayerChart:
    """Draw one head: who looks down the side, what is looked at across the top.

    Args:
        rows, columns: T and S tokens.
        weights: (T, S), rows sum to one.
        title: such as "Layer 2, head 3".
        width: pixels for the whole chart, None for the room of a page.
    """
    cell = square(rows, columns, width)
    return heatmap(weights, rows, columns, ATTENTION, ("looks", "is looked at"), cell, title=title)


def pattern_map(shares: np.ndarray, name: str, size: float = 200) -> alt.LayerChart:
    """Draw how much each head looks at one kind of place.

    Args:
        shares: (L, H) mean weight, 0 to 1.
        name: of the place, such as "the token before".
        size: pixels of the chart's width.
    """
    layers, heads = (tuple(str(n + 1) for n in range(count)) for count in shares.shape)
    step = max(8, min(34, size / len(heads)))
    quantity = replace(ATTENTION, name=f"mean weight on {name}", format=".1%")
    axes = tuple(
        alt.Axis(
            title=what,
            orient=side,
            labelExpr="datum.value + 1",
            labelAngle=0,
            labelOverlap=True,
            labelSeparation=3,
            domain=False,
            ticks=False,
        )
        for what, side in (("layer", "left"), ("head", "bottom"))
    )
    return heatmap(
        shares, layers, heads, quantity, ("layer", "head"), (step, step),
        title=name, axes=axes, legend=False,
    )  # fmt: skip
