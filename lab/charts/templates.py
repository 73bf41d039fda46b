"""The log-probability score over sentences: effect sizes of each, and what is counted as one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from lab.charts.association import by_list, short, zero
from lab.charts.axes import OWN_SIZE
from lab.charts.palette import GREY, RUN_COLOURS

MODELS = (RUN_COLOURS[0], RUN_COLOURS[1], RUN_COLOURS[2])  # of models side by side
GROUPS = (RUN_COLOURS[4], RUN_COLOURS[2])  # of A and B
_SHAPES = ("circle", "square", "diamond")
_STEP = 26  # pixels of a sentence
_NARROW = 300  # pixels of a plot
_PHONE = 400  # pixels of a chart
_SIDE = 0.17  # of a step, between models in one row

Rows = Sequence[Mapping[str, Any]]


def effect_dots(
    rows: Rows,
    summaries: Rows,
    sentences: Sequence[str],
    directions: tuple[str, str] = ("", ""),
    width: float = 700,
) -> alt.LayerChart:
    """Draw the effect size of every sentence alone, and below their mean and range.

    Args:
        rows: {"model", "template" (from 0), "d", "odd" (whether it is out of line)}.
        summaries: {"model", "mean", "low", "high"} of each model.
        sentences: T of them; their number stands before them.
        directions: what a negative and a positive d mean.
        width: pixels of the whole chart.

    Raises:
        ValueError: there is no effect size.
    """
    if not rows:
        raise ValueError("There is no effect size to draw.")
    most = 18 if width < _PHONE else 60  # letters of a name in the legend
    rows, summaries = (
        [{**one, "model": short(one["model"], most)} for one in part] for part in (rows, summaries)
    )
    models = list(dict.fromkeys(row["model"] for row in rows))
    limit = 0.45 * width
    labels = [f"{number}. {text}" for number, text in enumerate(sentences, 1)]
    below = ["mean and range"] * len(models)
    gap = len(labels) + 0.35  # where the summaries begin
    ticks = {str(i): label for i, label in enumerate(labels)}
    ticks |= {str(gap + i): label for i, label in enumerate(below)}
    domain = _domain([row["d"] for row in rows])
    room = max(150, width - min(limit, 7.2 * max(map(len, [*labels, *below]))) - 30)
    low, across = (_sizes(field, domain, directions, room) for field in ("low:Q", "d:Q"))
    down = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=[-0.6, gap + len(models) - 0.4], reverse=True, nice=False),
        axis=_named(ticks, limit),
    )
    colour, shape = (
        by_list("model", models, choices, channel).legend(
            orient="top", title=None, direction="vertical", labelLimit=330, symbolOpacity=1
        )
        for choices, channel in ((MODELS, alt.Color), (_SHAPES, alt.Shape))
    )
    shift = {model: (i - (len(models) - 1) / 2) * 2 * _SIDE for i, model in enumerate(models)}
    dots = [
        {**row, "y": row["template"] + shift[row["model"]], "sentence": sentences[row["template"]]}
        for row in rows
    ]
    ranges = [{**one, "y": gap + models.index(one["model"]), "d": one["mean"]} for one in summaries]
    tooltip = [
        alt.Tooltip("sentence:N"),
        alt.Tooltip("model:N"),
        alt.Tooltip("d:Q", title="effect size d", format="+.3f"),
    ]
    base = alt.Chart(alt.InlineData(values=dots)).encode(x=across, y=down, tooltip=tooltip)
    rings = base.transform_filter("datum.odd").mark_point(
        size=300, filled=False, color=GREY, strokeWidth=2
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(color=colour, shape=shape)
    layers = [zero("d"), *_ranges(ranges, (low, across), down, colour), rings, points]
    return alt.layer(*layers).properties(
        width=room, height=_STEP * (gap + len(models)), autosize=OWN_SIZE
    )


def _sizes(field: str, domain: Sequence[float], directions: tuple[str, str], room: float) -> alt.X:
    # In a narrow plot a title in the middle would leave it on the right.
    anchor = {"titleAnchor": "end"} if room < _NARROW else {}
    return alt.X(
        field,
        title=["effect size d (standard deviations)", ends(directions)],
        scale=alt.Scale(domain=list(domain), nice=False),
        axis=alt.Axis(tickCount=6, format="+.1~f", grid=True, titleFontSize=12, **anchor),
    )


def _ranges(
    ranges: Rows, across: tuple[alt.X, alt.X], down: alt.Y, colour: alt.Color
) -> list[alt.Chart]:
    base = alt.Chart(alt.InlineData(values=list(ranges))).encode(
        y=down,
        tooltip=[
            alt.Tooltip("model:N"),
            alt.Tooltip("mean:Q", title="mean d of the sentences", format="+.3f"),
            alt.Tooltip("low:Q", title="lowest d", format="+.3f"),
            alt.Tooltip("high:Q", title="highest d", format="+.3f"),
        ],
    )
    return [
        base.mark_rule(strokeWidth=4, opacity=0.55).encode(x=across[0], x2="high:Q", color=colour),
        base.mark_tick(thickness=4, size=18).encode(x=across[1], color=colour),
    ]


def _domain(values: Sequence[float]) -> list[float]:
    # Zero is always in it, with some room on both sides.
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.12 * max(high - low, 0.5)
    return [low - room, high + room]


def ends(directions: tuple[str, str]) -> str:
    """Return what the two ends of an axis mean, to stand below its title."""
    low, high = (short(one, 26) for one in directions)
    return f"← {low} · {high} →" if low or high else ""


def _named(ticks: Mapping[str, str], limit: float) -> alt.Axis:
    # JSON is a literal of Vega's expressions too; "<" as a code, so that no tag can end a script.
    names = json.dumps(dict(ticks)).replace("<", "\\u003c")
    return alt.Axis(
        values=[float(key) for key in ticks],
        labelExpr=f"{names}[datum.value]",
        labelFontSize=12,
        labelOverlap=False,
        labelLimit=limit,
        labelPadding=6,
        ticks=False,
        domain=False,
        grid=False,
    )


def observation_ticks(
    groups: Sequence[tuple[str, Sequence[Sequence[Any]]]], title: str, width: float = 450
) -> alt.LayerChart:
    """Draw what is counted as one observation: a tick each, in two groups, with their means.

    Args:
        groups: two of (name, (name of the observation, value in nats)).
        title: of the values.
        width: pixels of the whole chart.
    """
    names = [name for name, _ in groups]
    values = [
        {"group": name, "what": what, "value": value} for name, own in groups for what, value in own
    ]
    means = [
        {"group": name, "value": sum(v for _, v in own) / len(own)} for name, own in groups if own
    ]
    across = alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(nice=True, zero=True),
        axis=alt.Axis(tickCount=5, format="+.2~f", grid=True, titleFontSize=12),
    )
    down = alt.Y(
        "group:N",
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(labelLimit=110, labelFontSize=12, ticks=False, domain=False),
    )
    colour = alt.Color("group:N", scale=alt.Scale(domain=names, range=list(GROUPS)), legend=None)
    ticks = (
        alt.Chart(alt.InlineData(values=values))
        .mark_tick(thickness=1.5, size=20, opacity=0.8)
        .encode(
            x=across,
            y=down,
            color=colour,
            tooltip=[
                alt.Tooltip("what:N", title="observation"),
                alt.Tooltip("group:N", title="group"),
                alt.Tooltip("value:Q", title="nats", format="+.3f"),
            ],
        )
    )
    points = (
        alt.Chart(alt.InlineData(values=means))
        .mark_point(filled=True, shape="diamond", size=130, opacity=1)
        .encode(
            x=across,
            y=down,
            color=colour,
            tooltip=[
                alt.Tooltip("group:N", title="mean of"),
                alt.Tooltip("value:Q", title="nats", format="+.3f"),
            ],
        )
    )
    room = max(120, width - 40 - min(110, 7.2 * max((len(n) for n in names), default=0)))
    return (zero("value") + ticks + points).properties(
        width=room, height=34 * len(names), autosize=OWN_SIZE
    )
