"""What an effect size depends on: single words, sources, and the ways to read a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from lab.charts.association import (
    GROUPS,
    SHAPES,
    TALL,
    by_list,
    places,
    row_height,
    short,
    zero,
)
from lab.charts.axes import OWN_SIZE, font_size, label_width
from lab.charts.palette import GREY, RUN_COLOURS


def left_out_dots(
    rows: Sequence[Mapping[str, Any]], d: float, names: Mapping[str, str], width: float = 450
) -> alt.LayerChart:
    """Draw the effect size without each word, sorted; the line is the one with all words.

    Args:
        rows: {"word", "role", "d", "p" (text), "moves" (whether the verdict at .05 is another)}.
        d: with all words.
        names: role -> name of the list.
        width: pixels of the whole chart.

    Raises:
        ValueError: there is no word with a score.
    """
    kept = sorted((row for row in rows if row["d"] is not None), key=lambda row: row["d"])
    if not kept:
        raise ValueError("There is no word that can be left out.")
    placed = [
        {**row, "place": place, "list": names[row["role"]], "verdict": _verdict(row["moves"])}
        for place, row in enumerate(kept)
    ]
    step = row_height(len(placed))
    across = alt.X(
        "d:Q",
        title="d without the word",
        scale=alt.Scale(zero=False, nice=False, padding=12),
        axis=alt.Axis(tickCount=5, format="+.2~f", grid=True),
    )
    down = alt.Y(
        "place:Q",
        title=None,
        scale=alt.Scale(domain=[-0.7, len(placed) - 0.3], reverse=True, nice=False),
        axis=places(placed, step),
    )
    used = [role for role in "XYAB" if any(row["role"] == role for row in placed)]
    ends = [GROUPS["XYAB".index(role)] for role in used]
    dots = (
        alt.Chart(alt.InlineData(values=placed))
        .mark_point(size=70, strokeWidth=2)
        .encode(
            x=across,
            y=down,
            color=by_list("list", [names[role] for role in used], ends, alt.Color, width),
            shape=alt.Shape(
                "verdict:N",
                scale=alt.Scale(
                    domain=[_verdict(False), _verdict(True)], range=["circle", "cross"]
                ),
                legend=alt.Legend(title=None, orient="top", labelLimit=260),
            ),
            tooltip=[
                alt.Tooltip("word:N", title="without"),
                alt.Tooltip("list:N"),
                alt.Tooltip("d:Q", format="+.3f"),
                alt.Tooltip("p:N"),
                alt.Tooltip("verdict:N"),
            ],
        )
    )
    whole = alt.Chart(alt.InlineData(values=[{"d": d}])).mark_rule(color=GREY, strokeWidth=2)
    line = whole.encode(x=across, tooltip=alt.Tooltip("d:Q", title="with all words", format="+.3f"))
    labels = label_width([row["word"] for row in placed], font_size(step))
    return alt.layer(line, dots).properties(
        width=max(120, width - labels - 40), height=step * len(placed), autosize=OWN_SIZE
    )


def _verdict(moves: bool | None) -> str:
    return "verdict at .05 changes" if moves else "verdict stays"


def reading_dots(rows: Sequence[Mapping[str, Any]], width: float = 640) -> alt.LayerChart:
    """Draw the effect sizes of several sources or readings, each with its p-value.

    Args:
        rows: {"name", "source", "d" (None where there is none), "p" (text)}, in their order.
        width: pixels of the whole chart.

    Raises:
        ValueError: there is none.
    """
    placed = [{**row, "place": n} for n, row in enumerate(r for r in rows if r["d"] is not None)]
    if not placed:
        raise ValueError("None of them has an effect size.")
    for row in placed:
        row |= {"label": f"{row['d']:+.2f}, p {row['p']}", "source": short(row["source"], 40)}
    sources = list(dict.fromkeys(row["source"] for row in placed))
    colours = [RUN_COLOURS[n % len(RUN_COLOURS)] for n in range(len(sources))]
    most = max(1.0, *(abs(row["d"]) for row in placed))
    across = alt.X(
        "d:Q",
        title="effect size d (standard deviations of s)",
        scale=alt.Scale(domain=[-most - 0.2, most + 1.1], nice=False),
        axis=alt.Axis(tickCount=6, format="+.2~f", grid=True),
    )
    down = alt.Y(
        "place:Q",
        title=None,
        scale=alt.Scale(domain=[-0.7, len(placed) - 0.3], reverse=True, nice=False),
        axis=places(placed, TALL, "name"),
    )
    base = alt.Chart(alt.InlineData(values=placed)).encode(x=across, y=down)
    shapes = [SHAPES[n % len(SHAPES)] for n in range(len(sources))]
    tooltip = [
        alt.Tooltip("source:N"),
        alt.Tooltip("name:N", title="reading"),
        alt.Tooltip("d:Q", format="+.3f"),
        alt.Tooltip("p:N"),
    ]
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        color=by_list("source", sources, colours, alt.Color, width),
        shape=by_list("source", sources, shapes, alt.Shape, width),
        tooltip=tooltip,
    )
    text = base.mark_text(align="left", dx=8, color=GREY, fontSize=12, tooltip=None)
    labels = label_width([row["name"] for row in placed], 13)
    return alt.layer(zero("d"), dots, text.encode(text="label:N")).properties(
        width=max(150, width - labels - 40), height=TALL * len(placed), autosize=OWN_SIZE
    )
