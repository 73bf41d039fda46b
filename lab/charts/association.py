"""Association of words: the score of each, and what chance would give."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np

from lab.charts.axes import OWN_SIZE, font_size, label_width
from lab.charts.palette import GREY, RUN_COLOURS

GROUPS = (RUN_COLOURS[0], RUN_COLOURS[1], RUN_COLOURS[2], RUN_COLOURS[3])  # of X, Y, A, B
SHAPES = ("circle", "square", "triangle-up", "diamond")
TALL, _LOW = 22, 12  # pixels of a row with few words, with many
_ROOM = 600  # pixels for all rows where there is a choice
_BAR = 240  # pixels that a histogram is high
_SIDES = 64  # pixels of a histogram's axis


def row_height(count: int) -> float:
    """Return the pixels of a row, so that many words still have readable labels."""
    return max(_LOW, min(TALL, _ROOM / max(1, count)))


def word_dots(
    rows: Sequence[Mapping[str, Any]],
    names: tuple[str, str],
    attributes: tuple[str, str],
    own: bool = False,
    width: float = 450,
) -> alt.LayerChart:
    """Draw the score of every word: X above, Y below, each from the highest to the lowest.

    Args:
        rows: of `lab.bias.cosines.rows`.
        names: of X and Y.
        attributes: names of A and B.
        own: draw each word's own effect size (WEFAT) instead of s.
        width: pixels of the whole chart.

    Raises:
        ValueError: there is no word.
    """
    if not rows:
        raise ValueError("There is no word to draw.")
    field = "wefat" if own else "s"
    placed = _placed(rows, field)
    words = [row["word"] for row in placed]
    step = row_height(len(placed) + 1)
    title = "s(w) / SD of the word's cosines (WEFAT)" if own else "s(w), difference of mean cosines"
    across = alt.X(
        f"{field}:Q",
        title=[title, f"← {short(attributes[1])} \u2003\u2003 {short(attributes[0])} →"],
        scale=alt.Scale(nice=False, zero=True, padding=9),
        axis=alt.Axis(tickCount=5, format="+.2~f", grid=True, titleFontSize=12),
    )
    down = alt.Y(
        "place:Q",
        title=None,
        scale=alt.Scale(domain=[-0.7, placed[-1]["place"] + 0.7], reverse=True, nice=False),
        axis=places(placed, step),
    )
    data = alt.InlineData(values=placed)
    dots = (
        alt.Chart(data)
        .mark_point(filled=True, size=min(60, 4 * step), opacity=0.95)
        .encode(
            x=across,
            y=down,
            color=by_list("group", names, GROUPS, alt.Color, width),
            shape=by_list("group", names, SHAPES, alt.Shape, width),
            tooltip=[
                alt.Tooltip("word:N"),
                alt.Tooltip("group:N", title="list"),
                alt.Tooltip("to_a:Q", title=f"mean cosine to {attributes[0]}", format=".3f"),
                alt.Tooltip("to_b:Q", title=f"mean cosine to {attributes[1]}", format=".3f"),
                alt.Tooltip("s:Q", title="s(w)", format="+.3f"),
                alt.Tooltip("wefat:Q", title="WEFAT", format="+.2f"),
            ],
        )
    )
    layers = [zero(field), *_means(placed, field, names, across, down), dots]
    labels = label_width(words, font_size(step))
    return alt.layer(*layers).properties(
        width=max(120, width - labels - 40),
        height=step * (placed[-1]["place"] + 1),
        autosize=OWN_SIZE,
    )


def _placed(rows: Sequence[Mapping[str, Any]], field: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for role in ("X", "Y"):
        group = [row for row in rows if row["role"] == role and row[field] is not None]
        for row in sorted(group, key=lambda row: -row[field]):
            # An empty row stands between the groups.
            gap = 1 if role == "Y" and found and found[-1]["role"] == "X" else 0
            place = found[-1]["place"] + 1 + gap if found else 0
            found.append({**row, "place": place})
    if not found:
        raise ValueError("No word has a score: all its cosines are equal.")
    return found


def _means(placed, field: str, names, across: alt.X, down: alt.Y) -> list[alt.Chart]:
    layers = []
    for role, colour, name in zip("XY", GROUPS, names, strict=False):
        group = [row for row in placed if row["role"] == role]
        if not group:
            continue
        mean = float(np.mean([row[field] for row in group]))
        ends = {"place": group[0]["place"] - 0.5, "end": group[-1]["place"] + 0.5}
        row = {field: mean, "label": f"mean of {name}", **ends}
        layers.append(
            alt.Chart(alt.InlineData(values=[row]))
            .mark_rule(color=colour, strokeWidth=2.5, opacity=0.8)
            .encode(
                x=across,
                y=down,
                y2="end:Q",
                tooltip=[
                    alt.Tooltip("label:N", title="line"),
                    alt.Tooltip(f"{field}:Q", title="mean", format="+.3f"),
                ],
            )
        )
    return layers


def zero(field: str) -> alt.Chart:
    """Return the line at zero of a field's axis."""
    rule = alt.Chart(alt.InlineData(values=[{field: 0}]))
    return rule.mark_rule(color=GREY, strokeDash=[6, 4], tooltip=None).encode(x=f"{field}:Q")


def places(placed: Sequence[Mapping[str, Any]], step: float, key: str = "word") -> alt.Axis:
    """Return an axis that names what stands at each "place", in rows `step` pixels high."""
    # JSON is a literal of Vega's expressions too; "<" as a code, so that no tag can end a script.
    names = json.dumps({str(row["place"]): row[key] for row in placed}).replace("<", "\\u003c")
    return alt.Axis(
        values=[row["place"] for row in placed],
        labelExpr=f"{names}[datum.value]",
        labelFontSize=font_size(step),
        labelOverlap=False,
        labelLimit=100,
        labelPadding=4,
        ticks=False,
        domain=False,
        grid=False,
    )


def by_list(
    field: str, names: Sequence[str], choices: Sequence[str], channel: type, width: float = 450
):
    """Return colours or shapes for named groups, with a legend above that fits a width."""
    return channel(
        f"{field}:N",
        scale=alt.Scale(domain=list(names), range=list(choices[: len(names)])),
        legend=alt.Legend(
            title=None,
            orient="top",
            columns=max(1, int(width // (7 * max(map(len, names)) + 40))),
            labelLimit=260,
            symbolOpacity=1,
        ),
    )


def short(name: str, most: int = 20) -> str:
    """Return a name, cut where it has no room."""
    return name if len(name) <= most else name[: most - 1] + "…"


def permutation_bars(
    edges: Sequence[float], counts: Sequence[float], observed: float, width: float = 450
) -> alt.LayerChart:
    """Draw how often chance gives which S, and where the observed one stands.

    Args:
        edges: (bins + 1) values of S.
        counts: (bins) partitions of the words in each.
        observed: S of the groups as they are.
        width: pixels of the whole chart.

    Raises:
        ValueError: edges and counts do not belong together, or nothing was counted.
    """
    total = float(sum(counts))
    if len(edges) != len(counts) + 1 or total <= 0:
        raise ValueError("Each bin needs two edges, and one of them a partition.")
    bars = [
        {
            "low": float(low),
            "high": float(high),
            "share": float(count) / total,
            "count": float(count),
            "floor": 0,
            "side": "reaches the observed S" if high > observed else "smaller S",
        }
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]
    across = alt.X(
        "low:Q",
        title="S of a random split of the words",
        scale=alt.Scale(domain=[float(edges[0]), float(edges[-1])], nice=False),
        axis=alt.Axis(tickCount=5, format="+.2~f", grid=False),
    )
    drawn = (
        alt.Chart(alt.InlineData(values=bars))
        .mark_bar(opacity=0.9, binSpacing=1)
        .encode(
            x=across,
            x2="high:Q",
            y2="floor:Q",
            y=alt.Y(
                "share:Q",
                title="share of all splits",
                axis=alt.Axis(format=".0%", tickCount=4, grid=True),
            ),
            color=alt.Color(
                "side:N",
                scale=alt.Scale(
                    domain=["smaller S", "reaches the observed S"], range=[GREY, GROUPS[1]]
                ),
                legend=alt.Legend(title=None, orient="top", labelLimit=200, symbolOpacity=1),
            ),
            tooltip=[
                alt.Tooltip("low:Q", title="S from", format="+.3f"),
                alt.Tooltip("high:Q", title="to", format="+.3f"),
                alt.Tooltip("count:Q", title="splits", format=",.0f"),
                alt.Tooltip("share:Q", title="share", format=".3%"),
            ],
        )
    )
    mark = alt.Chart(alt.InlineData(values=[{"low": float(observed), "label": "observed"}]))
    right = observed > (edges[0] + edges[-1]) / 2
    layers = [
        drawn,
        mark.mark_rule(color=GROUPS[0], strokeWidth=3).encode(
            x=across, tooltip=alt.Tooltip("low:Q", title="observed S", format="+.3f")
        ),
        mark.mark_text(
            align="right" if right else "left",
            dx=-6 if right else 6,
            color=GROUPS[0],
            fontWeight="bold",
            fontSize=12,
            tooltip=None,
        ).encode(x=across, y=alt.value(-8), text=alt.value(f"observed S = {observed:+.2f}")),
    ]
    return alt.layer(*layers).properties(width=width - _SIDES, height=_BAR, autosize=OWN_SIZE)
