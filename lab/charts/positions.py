"""Position vectors: all of them as a heatmap, and what becomes of them under a shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from lab.charts.axes import OWN_SIZE
from lab.charts.heatmap import Quantity, heatmap
from lab.charts.palette import RUN_COLOURS
from lab.charts.steps import upright


def position_heatmap(
    table: Sequence[Sequence[float]], title: str, width: float = 450
) -> alt.LayerChart:
    """Draw position vectors: a row for each position, a column for each of their numbers.

    Args:
        table: (T, C).
        title: what the vectors are.
        width: pixels for the whole chart.
    """
    T, C = np.shape(table)
    plain = {"ticks": False, "domain": False, "labelPadding": 4}
    axes = (
        alt.Axis(title="position t", values=list(range(0, T, 8)), labelOverlap=False, **plain),
        alt.Axis(
            title="number of the vector",
            labelExpr="datum.value + 1",
            orient="top",
            labelAngle=0,
            labelOverlap=True,
            labelSeparation=4,
            **plain,
        ),
    )
    return heatmap(
        table,
        [str(t) for t in range(T)],
        [str(c + 1) for c in range(C)],
        Quantity("value", format=".4f").reaching(table),
        ("position t", "number"),
        (max(1, (width - 80) // C), max(4, min(12, 380 // T))),
        title=title,
        axes=axes,
        grid=False,
    )


def shift_check(
    rows: Sequence[Mapping[str, object]] | pd.DataFrame, title: str, width: float = 450
) -> alt.LayerChart:
    """Draw the number that stands at position t + k, and the one that a matrix made of P_t.

    Args:
        rows: t, true (a number of P_(t+k)), made (the same number of P_t M).
        title: what is compared.
        width: pixels for the whole chart.
    """
    data = pd.DataFrame(rows)
    names = ["P(t + k), what stands there", "P(t) M, made from P(t)"]
    scale = alt.Scale(domain=names, range=[RUN_COLOURS[0], RUN_COLOURS[1]])
    long = pd.concat(
        [
            data[["t"]].assign(value=data[field], name=name)
            for field, name in zip(("true", "made"), names, strict=True)
        ]
    )
    base = alt.Chart(long).encode(
        x=alt.X("t:Q", title="position t", scale=alt.Scale(nice=False)),
        y=alt.Y("value:Q", title="value of the chosen number"),
        color=alt.Color(
            "name:N",
            scale=scale,
            legend=alt.Legend(title=None, orient="top", columns=1, labelLimit=300),
        ),
        tooltip=[
            alt.Tooltip("name:N", title="which"),
            alt.Tooltip("t:Q", title="position t"),
            alt.Tooltip("value:Q", format=".4f"),
        ],
    )
    return alt.layer(
        base.transform_filter(alt.datum.name == names[0]).mark_line(strokeWidth=2.5),
        base.transform_filter(alt.datum.name == names[1]).mark_point(
            filled=False, size=45, strokeWidth=2, opacity=1
        ),
    ).properties(
        title=alt.TitleParams(title, anchor="start", fontSize=13, fontWeight="normal"),
        width=width - 80,
        height=200,
        autosize=OWN_SIZE,
    )


def shift_errors(
    rows: Sequence[Mapping[str, object]] | pd.DataFrame, chosen: int | None = None, width: int = 450
) -> alt.LayerChart:
    """Draw how far a matrix misses P_(t+k) at worst, against the shift k.

    Args:
        rows: k, error (largest absolute difference), name (of the position vectors).
        chosen: a k to point out.
        width: pixels for the whole chart.
    """
    data = pd.DataFrame(rows)
    names = list(dict.fromkeys(data.name))
    across = alt.X("k:Q", title="shift k, in positions", scale=alt.Scale(zero=True, nice=False))
    base = alt.Chart(data).encode(
        x=across,
        y=alt.Y("error:Q", title="largest |P(t + k) − P(t) M|"),
        color=alt.Color(
            "name:N",
            scale=alt.Scale(domain=names, range=list(RUN_COLOURS[: len(names)])),
            legend=alt.Legend(title=None, orient="top", columns=1, labelLimit=300),
        ),
        tooltip=[
            alt.Tooltip("name:N", title="vectors"),
            alt.Tooltip("k:Q", title="shift k"),
            alt.Tooltip("error:Q", title="largest error", format=".2~g"),
        ],
    )
    layers = [base.mark_line(strokeWidth=2.5), base.mark_point(filled=True, size=30, opacity=1)]
    if chosen is not None:
        layers.insert(0, upright("k", chosen, across))
    return alt.layer(*layers).properties(width=width - 80, height=200, autosize=OWN_SIZE)
