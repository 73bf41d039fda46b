"""What a model expects in a blank: bars of tokens, tokens with their numbers, lists as heatmaps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np

from lab.charts import palette
from lab.charts.axes import OWN_SIZE, cell_size, label_width, token_axis, visible
from lab.charts.heatmap import PROBABILITY, heatmap
from lab.charts.palette import CHOSEN, GREY, NEGATIVE, POSITIVE, readable

ELSEWHERE = "any other word"
_REST = "elsewhere"  # the same, short enough for a column
_STEP = 22  # pixels of a bar
_MOST_ROWS = 100  # of a heatmap; a table has the others


def token_bars(
    tokens: Sequence[str],
    probabilities: Sequence[float],
    marked: Sequence[bool],
    title: str,
    most: float | None = None,
    width: float = 320,
) -> alt.LayerChart:
    """Draw tokens with their probability, in the order in which they come.

    Args:
        tokens: K of them.
        probabilities: of each, 0 to 1.
        marked: which bars get the other colour.
        title: of the tokens, such as "token in the blank".
        most: end of the axis, the same for models side by side; None for the largest.
        width: pixels for the whole chart.
    """
    rows = [
        {"rank": i, "token": visible(t), "p": float(p), "marked": bool(m)}
        for i, (t, p, m) in enumerate(zip(tokens, probabilities, marked, strict=True))
    ]
    end = max(most or 0.0, *(row["p"] for row in rows), 1e-6)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "p:Q",
            title="probability",
            scale=alt.Scale(domain=[0, end], nice=False),
            axis=alt.Axis(format=".2~p", tickCount=3, titleFontSize=12, titlePadding=6),
        ),
        y=alt.Y(
            "rank:O",
            scale=alt.Scale(domain=list(range(len(rows))), padding=0.12),
            axis=token_axis(list(tokens), _STEP, title),
        ),
        tooltip=[
            alt.Tooltip("token:N", title=title),
            alt.Tooltip("p:Q", title="probability", format=".3~p"),
        ],
    )
    colours = alt.Scale(domain=[False, True], range=[palette.PROBABILITY.colour, CHOSEN])
    bars = base.mark_bar().encode(color=alt.Color("marked:N", scale=colours, legend=None))
    figures = base.mark_text(align="left", dx=4, color=GREY, fontSize=12).encode(
        text=alt.Text("p:Q", format=".2~p")
    )
    room = width - label_width(list(tokens), 13) - 46 - 44  # labels, title; the last figure
    return (bars + figures).properties(
        width=max(90, room), height=_STEP * len(rows), autosize=OWN_SIZE
    )


def token_cells(
    tokens: Sequence[str], ids: Sequence[int], blanks: Sequence[int], width: float = 640
) -> alt.LayerChart:
    """Draw a sentence as a model reads it: tokens, places and numbers, the blanks in pink.

    Args:
        tokens, ids: T of each.
        blanks: places of the blanks, from 0.
        width: pixels for the whole chart; long sentences take more.
    """
    count = max(1, len(tokens))
    step = max(24.0, min(64.0, (width - 60) // count))
    turned = step < 46
    rows = [
        {
            "index": i,
            "place": i,
            "token": visible(token),
            "id": int(number),
            "blank": i in set(blanks),
        }
        for i, (token, number) in enumerate(zip(tokens, ids, strict=True))
    ]
    axis = token_axis(list(tokens), step, "token", "top")
    axis.titleAnchor, axis.titleAngle = "start", 0
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("index:O", axis=axis, scale=alt.Scale(domain=list(range(count)), padding=0.06)),
        tooltip=[
            alt.Tooltip("token:N"),
            alt.Tooltip("place:Q", title="place (from 0)"),
            alt.Tooltip("id:Q", title="token id", format="d"),
        ],
    )
    high = 46 if turned else 24
    cells = base.mark_rect(cornerRadius=3).encode(
        y=alt.value(0),
        y2=alt.value(high),
        color=alt.Color(
            "blank:N",
            scale=alt.Scale(domain=[False, True], range=[GREY, CHOSEN]),
            legend=None,
        ),
    )
    numbers = base.mark_text(fontSize=11, angle=270 if turned else 0).encode(
        y=alt.value(high / 2),
        text=alt.Text("id:Q", format="d"),
        color=readable("scale('color', datum.blank)"),
    )
    places = base.mark_text(color=GREY, fontSize=10).encode(
        y=alt.value(high + 9), text=alt.Text("place:Q", format="d")
    )
    return (cells + numbers + places).properties(
        width=step * count, height=high + 16, autosize=OWN_SIZE
    )


def share_heatmap(
    rows: Sequence[str],
    words: Sequence[str],
    shares: Sequence[Sequence[float | None]],
    elsewhere: Sequence[float | None],
    title: str,
    width: float = 450,
) -> alt.LayerChart:
    """Draw the probability of words (across) in many sentences (down), and what lies elsewhere.

    Args:
        rows: what differs between N sentences; at most 100 are drawn.
        words: W of them.
        shares: (N, W) from 0 to 1, None where there is none.
        elsewhere: N raw probabilities of everything else.
        title: of the colours, such as "raw probability".
        width: pixels for the whole chart.
    """
    names = [visible(row) for row in rows[:_MOST_ROWS]]
    columns = [*words, "", _REST]  # what is always raw stands apart
    wide = (width - label_width(names, 13) - 56) // len(columns)
    cell = max(38.0, min(84.0, wide)), max(15.0, min(26.0, cell_size(len(columns), len(names))))
    table = [
        [*(math.nan if value is None else value for value in (*own, None, rest))]
        for own, rest in zip(shares, elsewhere, strict=True)
    ][:_MOST_ROWS]
    chart = heatmap(
        np.reshape(table, (len(names), len(columns))),
        names,
        columns,
        replace(PROBABILITY, legend=(title,)),
        ("word of the list", "word in the blank"),
        cell,
        texts=[[_written(value) for value in row] for row in table],
        more={"what": [*([title] * (len(words) + 1)), "raw probability"] * len(names)},
    )
    return chart.transform_filter(alt.datum.column != len(words))


def _written(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.0%}" if value >= 0.01 else "<1%"


def ratio_bars(
    rows: Sequence[Mapping[str, Any]], words: tuple[str, str], centred: str, width: float = 450
) -> alt.LayerChart:
    """Draw log-ratios of two words, one bar for each sentence, sorted; zero in the middle.

    Args:
        rows: {"subject", "value" (nats) or None, "raw" (not centred)} of each sentence; at most
            100 are drawn, those furthest from zero first.
        words: the one that positive values mean, and the other.
        centred: the neutral word that zero means, or "" for none.
        width: pixels for the whole chart.
    """
    known = [row for row in rows if row["value"] is not None]
    known = sorted(known, key=lambda row: -abs(row["value"]))[:_MOST_ROWS]
    known.sort(key=lambda row: -row["value"])
    names = [row["subject"] for row in known]
    most = max((abs(row["value"]) for row in known), default=1.0) or 1.0
    values = [
        {
            "row": i,
            "subject": visible(row["subject"]),
            "value": row["value"],
            "raw": row["raw"],
            "side": row["value"] > 0,
        }
        for i, row in enumerate(known)
    ]
    first, second = words
    zero = f" − the same for “{centred}”" if centred else ""
    tooltip = [
        alt.Tooltip("subject:N", title="list"),
        alt.Tooltip("value:Q", title="log-ratio (nats)", format="+.3f"),
    ]
    if centred:
        tooltip.append(alt.Tooltip("raw:Q", title="not centred (nats)", format="+.3f"))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X(
            "value:Q",
            title=[f"log p({first}) − log p({second})", f"{zero} (nats)".strip(" ")],
            scale=alt.Scale(domain=[-most, most], nice=True),
            axis=alt.Axis(format="+.2~f", tickCount=5, titleFontSize=12),
        ),
        y=alt.Y(
            "row:O",
            scale=alt.Scale(domain=list(range(len(values))), padding=0.15),
            axis=token_axis(names, 20, "word of the list"),
        ),
        tooltip=tooltip,
    )
    sides = alt.Scale(domain=[False, True], range=[NEGATIVE, POSITIVE])
    bars = base.mark_bar().encode(color=alt.Color("side:N", scale=sides, legend=None))
    middle = (
        alt.Chart(alt.InlineData(values=[{"value": 0}]))
        .mark_rule(color=GREY, strokeWidth=1.5, tooltip=None)
        .encode(x="value:Q")
    )
    return (bars + middle).properties(
        width=max(140, width - label_width(names, 13) - 50),
        height=20 * max(1, len(values)),
        autosize=OWN_SIZE,
    )
