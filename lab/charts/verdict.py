"""Classifiers beside each other: a share along the run with lines to beat, and single verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lab.charts.axes import OWN_SIZE, label_width, visible
from lab.charts.loss import POINTS
from lab.charts.metric import X_TITLE, metric_rows
from lab.charts.palette import GREY, RUN_COLOURS

RUN = "run"
_BAR = 30  # pixels of a row


def lined_rows(
    points: Mapping[str, Sequence[Mapping[str, float]]],
    lines: Mapping[str, float],
    most: int = POINTS,
) -> pd.DataFrame:
    """Return the rows that `lined_chart` draws.

    Args:
        points: name of a run -> dicts with step, seconds, value.
        lines: name -> value of what does not train by steps, such as a baseline.
        most: bound on the rows of all runs.

    Returns:
        Columns name, step, seconds, value, kind ("run", or where the name of a line stands:
        "above" or "below" it).
    """
    runs = metric_rows(points, most).assign(kind=RUN)
    order = sorted(lines.items(), key=lambda pair: pair[1])
    # The highest line bears its name above it, the others below: two near each other stay legible.
    last = len(order) - 1
    drawn = [
        {"name": name, "value": value, "kind": "above" if place == last else "below"}
        for place, (name, value) in enumerate(order)
    ]
    columns = [*runs.columns]
    if not drawn:
        return runs
    return pd.concat([runs, pd.DataFrame(drawn, columns=columns)], ignore_index=True)


def lined_chart(
    names: Sequence[str], title: str, share: bool, rows: pd.DataFrame | None = None
) -> alt.LayerChart:
    """Draw a measure of several runs, and dashed grey lines for what does not train by steps.

    Args:
        names: of the runs, in the order of their colours.
        title: of the measure.
        share: whether it lies between 0 and 1, written in percent.
        rows: of `lined_rows`; None for a chart whose rows come later.
    """
    data = alt.NamedData("rows") if rows is None else rows
    form = ".1%" if share else ".3f"
    down = alt.Y(
        "value:Q",
        title=title,
        scale=alt.Scale(zero=False, nice=True, padding=6),
        axis=alt.Axis(format=".0%" if share else ".2~f", tickCount=6),
    )
    base = alt.Chart(data).encode(y=down)
    runs = base.transform_filter(alt.datum.kind == RUN).encode(
        x=alt.X("step:Q", title=X_TITLE, axis=alt.Axis(format="~s", tickMinStep=1, grid=False)),
        color=alt.Color(
            "name:N",
            scale=alt.Scale(domain=list(names), range=list(RUN_COLOURS[: len(names)])),
            legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=320),
        ),
        tooltip=[
            alt.Tooltip("name:N", title="model"),
            alt.Tooltip("step:Q", title="step", format=","),
            alt.Tooltip("seconds:Q", title="training seconds", format=".1f"),
            alt.Tooltip("value:Q", title=title, format=form),
        ],
    )
    lines = base.transform_filter(alt.datum.kind != RUN)
    tooltip = [alt.Tooltip("name:N", title="reference"), alt.Tooltip("value:Q", format=form)]
    labels = [
        base.transform_filter(alt.datum.kind == side)
        .mark_text(align="right", baseline=baseline, dy=dy, color=GREY, fontSize=11)
        .encode(x=alt.value("width"), text="name:N")
        for side, baseline, dy in (("above", "bottom", -3), ("below", "top", 4))
    ]
    return alt.layer(
        lines.mark_rule(color=GREY, strokeDash=[7, 4], strokeWidth=1.5).encode(tooltip=tooltip),
        *labels,
        runs.mark_line(strokeWidth=2),
        runs.mark_point(filled=True, size=36),
    ).properties(height=330, width="container")


def verdict_bars(
    names: Sequence[str],
    classes: Sequence[str],
    probabilities: Sequence[Sequence[float]],
    width: float = 340,
) -> alt.Chart:
    """Draw what several classifiers say of one text: a bar for each, shared out to the classes.

    Args:
        names: of the N classifiers, all different.
        classes: K names.
        probabilities: (N, K); each row sums to one.
        width: pixels for the whole chart.
    """
    shown = [visible(name) for name in classes]
    rows = [
        {"name": name, "class": shown[k], "probability": float(p), "order": k}
        for name, row in zip(names, probabilities, strict=True)
        for k, p in enumerate(row)
    ]
    scale = alt.Scale(domain=shown, range=list(RUN_COLOURS[: len(shown)]))
    side = min(label_width(names, 12) + 20, width // 2)
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            x=alt.X(
                "probability:Q",
                title="probability",
                stack="zero",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
            ),
            y=alt.Y(
                "name:N",
                title=None,
                sort=list(names),
                scale=alt.Scale(domain=list(names), paddingInner=0.25),
                axis=alt.Axis(labelLimit=side, ticks=False, domain=False),
            ),
            color=alt.Color(
                "class:N",
                scale=scale,
                sort=shown,
                legend=alt.Legend(title=None, orient="top", columns=3, labelLimit=140),
            ),
            order="order:Q",
            tooltip=[
                alt.Tooltip("name:N", title="classifier"),
                alt.Tooltip("class:N"),
                alt.Tooltip("probability:Q", format=".1%"),
            ],
        )
        .properties(width=max(120, width - side - 30), height=_BAR * len(names), autosize=OWN_SIZE)
    )
