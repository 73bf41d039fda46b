"""One measure of several runs against their steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lab.charts.loss import POINTS, thin
from lab.charts.palette import RUN_COLOURS

X_TITLE = "Training steps"


def metric_rows(
    points: Mapping[str, Sequence[Mapping[str, float]]], most: int = POINTS
) -> pd.DataFrame:
    """Return the rows that `metric_chart` draws.

    Args:
        points: name of a run -> dicts with step, seconds, value.
        most: bound on the rows over all runs.

    Returns:
        Columns name, step, seconds, value.
    """
    share = max(8, most // max(1, len(points)))
    rows = [
        {"name": name, **point}
        for name, some in points.items()
        for point in thin(list(some), share)
    ]
    return pd.DataFrame(rows, columns=["name", "step", "seconds", "value"])


def metric_chart(
    names: Sequence[str], title: str, share: bool = True, rows: pd.DataFrame | None = None
) -> alt.Chart:
    """Draw one line with points for each run.

    Args:
        names: of the runs, in the order of their colours.
        title: of the measure.
        share: whether it lies between 0 and 1, written in percent.
        rows: of `metric_rows`; None for a chart whose rows come later.
    """
    data = alt.Data(name="rows") if rows is None else rows
    scale = alt.Scale(domain=[0, 1]) if share else alt.Scale(zero=True)
    form = ".0%" if share else ".2f"
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=list(names), range=list(RUN_COLOURS[: len(names)])),
        legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=320),
    )
    base = alt.Chart(data).encode(
        x=alt.X("step:Q", title=X_TITLE, axis=alt.Axis(format="~s", tickMinStep=1)),
        y=alt.Y("value:Q", title=title, scale=scale, axis=alt.Axis(format=form)),
        color=colour,
        tooltip=[
            alt.Tooltip("name:N", title="model"),
            alt.Tooltip("step:Q", title="step", format=","),
            alt.Tooltip("seconds:Q", title="training seconds", format=".1f"),
            alt.Tooltip("value:Q", title=title, format=".1%" if share else ".3f"),
        ],
    )
    lines, dots = base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=36)
    return alt.layer(lines, dots).properties(height=330)
