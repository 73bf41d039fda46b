"""Translators side by side: by length of the sentence, by seed, and by what the data taught."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lab.charts.axes import OWN_SIZE
from lab.charts.palette import GREY, RUN_COLOURS

Rows = Sequence[Mapping[str, object]] | pd.DataFrame
# Across as wide as the page lets it be, all told; down as high as the plot was asked to be.
_ROOM_ACROSS = alt.AutoSizeParams(type="fit-x", contains="padding")
_NO_SHARES = ("seconds", "steps", "loss")
_EDGE = 0.03  # of the scatter, so that dots at 0 and 1 are whole
_Z = 1.959963984540054  # standard deviations that hold 95 % of a normal distribution


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval for a share of which `hits` out of `n` were seen.

    Unlike hits / n plus and minus two standard errors it has a width at 0 and n hits too, and
    stays between 0 and 1.

    Source: Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference,
    Journal of the American Statistical Association 22, 209-212.

    Args:
        hits: 0 to n.
        n: trials; with none of them anything is possible.

    Raises:
        ValueError: more hits than trials, or fewer than none.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"There cannot be {hits} hits in {n} trials.")
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, _Z**2 / n
    middle = (share + square / 2) / (1 + square)
    half = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square)
    # At the ends the exact bounds are 0 and 1; rounding must not go beyond.
    return (
        0.0 if hits == 0 else max(0.0, middle - half),
        1.0 if hits == n else min(1.0, middle + half),
    )


def match_by_length(rows: Rows, height: int = 300) -> alt.LayerChart:
    """Draw exact match against the length of the source, with its 95 % interval.

    Args:
        rows: name, length (tokens), exact_match, pairs (how many it was measured on), low and high
            (of the interval, see `wilson`); shares from 0 to 1.
        height: in pixels.
    """
    data = pd.DataFrame(rows, columns=["name", "length", "exact_match", "pairs", "low", "high"])
    names = list(dict.fromkeys(data.name))
    lengths = sorted(set(data.length.tolist()))
    base = alt.Chart(data).encode(
        x=alt.X(
            "length:Q",
            title="source length (tokens)",
            scale=alt.Scale(zero=False, nice=False, padding=14),
            axis=alt.Axis(
                format="d", grid=False, values=lengths[:: math.ceil(len(lengths) / 14) or 1]
            ),
        ),
        color=_colour(names),
        tooltip=[
            alt.Tooltip("name:N", title="model"),
            alt.Tooltip("length:Q", title="source length"),
            alt.Tooltip("exact_match:Q", title="exact match", format=".1%"),
            alt.Tooltip("low:Q", title="95 % interval from", format=".1%"),
            alt.Tooltip("high:Q", title="to", format=".1%"),
            alt.Tooltip("pairs:Q", title="sentence pairs", format=",d"),
        ],
    )
    match = alt.Y(
        "exact_match:Q",
        title="exact match",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    low, high = alt.Y("low:Q", title="exact match"), alt.Y2("high:Q")
    return alt.layer(
        base.mark_area(opacity=0.14).encode(y=low, y2=high),
        base.mark_rule(opacity=0.6).encode(y=low, y2=high),  # a band needs two lengths
        base.mark_line(strokeWidth=2.5).encode(y=match),
        base.mark_point(filled=True, size=50, opacity=1).encode(y=match),
    ).properties(height=height, width="container", autosize=_ROOM_ACROSS)


def seed_spread(rows: Rows, measure: str, title: str, share: bool | None = None) -> alt.LayerChart:
    """Draw each run as a dot, a row for each model: what one seed tells, and what it does not.

    Args:
        rows: name, seed, value; models in the order in which they come.
        measure: title of the axis, with the unit.
        title: of the chart.
        share: whether values lie between 0 and 1 and are written in percent; None for all
            measures but seconds, steps and the loss.
    """
    share = measure not in _NO_SHARES if share is None else share
    data = pd.DataFrame(rows, columns=["name", "seed", "value"])
    names = list(dict.fromkeys(data.name))
    ends = data.groupby("name", sort=False).value.agg(["min", "max", "mean", "count"]).reset_index()
    form = ".1%" if share else ".3f"
    across = {
        "title": measure,
        "scale": alt.Scale(zero=False, nice=True, padding=6),
        "axis": alt.Axis(format=".0%" if share else ".2~f", tickCount=5),
    }
    down = alt.Y(
        "name:N",
        sort=names,
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(labelLimit=180, labelPadding=8, labelOverlap=False, ticks=False),
    )
    colour = _colour(names, legend=False)
    whole = [
        alt.Tooltip("name:N", title="model"),
        alt.Tooltip("mean:Q", format=form),
        alt.Tooltip("min:Q", title="lowest", format=form),
        alt.Tooltip("max:Q", title="highest", format=form),
        alt.Tooltip("count:Q", title="seeds"),
    ]
    one = [
        alt.Tooltip("name:N", title="model"),
        alt.Tooltip("seed:N"),
        alt.Tooltip("value:Q", title=measure, format=form),
    ]
    summary = alt.Chart(ends).encode(y=down, color=colour, tooltip=whole)
    return alt.layer(
        summary.mark_bar(height=12, opacity=0.25, cornerRadius=6).encode(
            x=alt.X("min:Q", **across), x2="max:Q"
        ),
        summary.mark_tick(thickness=3, size=24, opacity=1).encode(x=alt.X("mean:Q", **across)),
        alt.Chart(data)
        .mark_point(filled=True, size=60, opacity=0.8)
        .encode(x=alt.X("value:Q", **across), y=down, color=colour, tooltip=one),
    ).properties(
        title=alt.TitleParams(
            textwrap.wrap(title, 34), anchor="start", fontSize=13, fontWeight="normal"
        ),
        height=38 * len(names),
        width="container",
        autosize=_ROOM_ACROSS,
    )


def share_scatter(rows: Rows, size: int = 380) -> alt.LayerChart:
    """Draw what a model says of professions against what its training data said.

    On the line the model repeats its data; above it, it says "she" more often.

    Args:
        rows: profession, share (of "she" among its pronouns in the training data), probability
            (that the model gives to "she"); 0 to 1.
        size: pixels of the plot, across and down; the axes take 90 more.
    """
    data = pd.DataFrame(rows, columns=["profession", "share", "probability"])
    data = data.assign(**_labels(data, size))

    def axis(field: str, title: str) -> dict:
        return {
            "shorthand": field,
            "title": title,
            "scale": alt.Scale(domain=[-_EDGE, 1 + _EDGE], nice=False),
            "axis": alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        }

    across = alt.X(**axis("share:Q", "“she” in the training data"))
    down = axis("probability:Q", "the model's probability of “she”")
    line = (
        alt.Chart(
            alt.InlineData(values=[{"share": 0, "probability": 0}, {"share": 1, "probability": 1}])
        )
        .mark_line(color=GREY, strokeDash=[6, 4], strokeWidth=1.5)
        .encode(x=across, y=alt.Y(**down))
    )
    tooltip = [
        alt.Tooltip("profession:N"),
        alt.Tooltip("share:Q", title="“she” in the data", format=".0%"),
        alt.Tooltip("probability:Q", title="model's probability", format=".1%"),
    ]
    base = alt.Chart(data).encode(x=across, tooltip=tooltip)
    dots = base.mark_point(filled=True, size=70, opacity=0.9, color=RUN_COLOURS[0]).encode(
        y=alt.Y(**down)
    )
    names = [
        base.transform_filter(alt.datum.side == side)
        .mark_text(align=align, dx=dx, baseline="middle", color=GREY, fontSize=12)
        .encode(y=alt.Y(**{**down, "shorthand": "label_y:Q"}), text="profession:N")
        for side, align, dx in (("right", "left", 9), ("left", "right", -9))
    ]
    return alt.layer(line, dots, *names).properties(width=size, height=size, autosize=OWN_SIZE)


def _colour(names: Sequence[str], legend: bool = True) -> alt.Color:
    shown = None
    if legend:
        long = max(map(len, names), default=0) > 16  # two of them are wider than a phone
        shown = alt.Legend(
            title=None, orient="top", columns=1 if long else 2, labelLimit=320, symbolOpacity=1
        )
    colours = [RUN_COLOURS[i % len(RUN_COLOURS)] for i in range(len(names))]
    return alt.Color("name:N", scale=alt.Scale(domain=list(names), range=colours), legend=shown)


def _labels(data: pd.DataFrame, size: int) -> dict[str, list]:
    """Return a side and a height for each label, free of dots and of other labels if it can be."""
    high, letter, dot = 14 / size, 7 / size, 6 / size
    taken = [(x - dot, x + dot, y, dot) for x, y in zip(data.share, data.probability, strict=True)]
    sides, heights = [], []
    for row in data.itertuples():
        long = letter * len(row.profession)
        places = [
            (side, start, start + long, row.probability + moved * high / 2)
            for moved in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8)
            for side, start in (
                ("right", row.share + 1.4 * dot),
                ("left", row.share - 1.4 * dot - long),
            )
        ]
        free = [
            place
            for place in places
            if place[1] >= -_EDGE and place[2] <= 1 + 2 * _EDGE and 0 <= place[3] <= 1
            if not any(
                place[1] < end and start < place[2] and abs(place[3] - y) < half + high / 2
                for start, end, y, half in taken
            )
        ]
        side, start, end, height = (free or places)[0]
        taken.append((start, end, height, high / 2))
        sides.append(side)
        heights.append(height)
    return {"side": sides, "label_y": heights}
