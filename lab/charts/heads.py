"""Heads of a model as charts: one head as a heatmap, and what all of them look at."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np

from lab.charts.alignment import (
    GRID,
    OWN_SIZE,
    beside,
    cell_size,
    gradient_legend,
    token_axis,
    visible,
    weight_scale,
)


def head_heatmap(
    rows: Sequence[str],
    columns: Sequence[str],
    weights: np.ndarray,
    title: str,
    width: float | None = None,
) -> alt.Chart:
    """Draw one head: who looks down the side, what is looked at across the top.

    Args:
        rows, columns: T and S tokens.
        weights: (T, S), rows sum to one.
        title: such as "Layer 2, head 3".
        width: pixels for the whole chart, None for the room of a page.
    """
    room = None if width is None else width - beside(rows)
    step = cell_size(len(columns), len(rows), room)
    cells = [
        {
            "column": j,
            "row": i,
            "looks": visible(rows[i]),
            "seen": visible(columns[j]),
            "weight": round(float(weights[i][j]), 4),
        }
        for i in range(len(rows))
        for j in range(len(columns))
    ]
    return (
        alt.Chart(alt.InlineData(values=cells), title=title)
        .mark_rect(**GRID)
        .encode(
            x=alt.X(
                "column:O",
                scale=alt.Scale(domain=list(range(len(columns))), padding=0),
                axis=token_axis(columns, step, "is looked at", "top"),
            ),
            y=alt.Y(
                "row:O",
                scale=alt.Scale(domain=list(range(len(rows))), padding=0),
                axis=token_axis(rows, step, "looks"),
            ),
            color=alt.Color(
                "weight:Q",
                scale=weight_scale("dark"),
                legend=gradient_legend("attention weight", step * len(columns), [0, 0.5, 1]),
            ),
            tooltip=[
                alt.Tooltip("looks:N", title="looks"),
                alt.Tooltip("seen:N", title="is looked at"),
                alt.Tooltip("weight:Q", title="attention weight", format=".3f"),
            ],
        )
        .properties(width=step * len(columns), height=step * len(rows), autosize=OWN_SIZE)
    )


def pattern_map(shares: np.ndarray, name: str, size: float = 200) -> alt.Chart:
    """Draw how much each head looks at one kind of place.

    Args:
        shares: (L, H) mean weight, 0 to 1.
        name: of the place, such as "the token before".
        size: pixels of the chart's width.
    """
    layers, heads = shares.shape
    step = max(8, min(34, size / heads))
    cells = [
        {"layer": i + 1, "head": j + 1, "share": round(float(shares[i, j]), 4)}
        for i in range(layers)
        for j in range(heads)
    ]
    return (
        alt.Chart(alt.InlineData(values=cells), title=alt.TitleParams(name, fontSize=13))
        .mark_rect(**GRID)
        .encode(
            x=alt.X("head:O", axis=alt.Axis(title="head", labelAngle=0, orient="bottom")),
            y=alt.Y("layer:O", axis=alt.Axis(title="layer")),
            color=alt.Color("share:Q", scale=weight_scale("dark"), legend=None),
            tooltip=[
                alt.Tooltip("layer:O"),
                alt.Tooltip("head:O"),
                alt.Tooltip("share:Q", title=f"mean weight on {name}", format=".1%"),
            ],
        )
        .properties(width=step * heads, height=step * layers, autosize=OWN_SIZE)
    )
