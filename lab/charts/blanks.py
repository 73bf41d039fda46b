"""What a model expects in a blank: bars of tokens, tokens with their numbers, lists as heatmaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from lab.charts.alignment import (
    GREY,
    GRID,
    OWN_SIZE,
    cell_size,
    gradient_legend,
    label_width,
    token_axis,
    visible,
)
from lab.charts.decoding import DIVERGING
from lab.charts.loss import RUN_COLOURS

PLAIN, MARKED = RUN_COLOURS[0], RUN_COLOURS[1]
ELSEWHERE = "any other word"
_REST = "elsewhere"  # the same, short enough for a column
# From none to all: light enough for dark text at first, seen on white and on dark pages.
_SHARE = ("#eef3fa", "#0d4f9e")
_GREYS = ("#f3f3f1", "#4d5451")
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
    colours = alt.Scale(domain=[False, True], range=[PLAIN, MARKED])
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
    """Draw a sentence as a model reads it: tokens, places and numbers, the blanks in orange.

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
            scale=alt.Scale(domain=[False, True], range=[PLAIN, MARKED]),
            legend=None,
        ),
    )
    numbers = base.mark_text(color="#ffffff", fontSize=11, angle=270 if turned else 0).encode(
        y=alt.value(high / 2), text=alt.Text("id:Q", format="d")
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
    drawn = min(len(rows), _MOST_ROWS)
    columns = [*words, _REST]
    label = label_width(rows[:drawn], 13)
    wide = max(38.0, min(84.0, (width - label - 56) // len(columns)))
    high = max(15.0, min(26.0, cell_size(len(columns), drawn)))
    cells = [
        {
            "row": j,
            "column": i,
            "subject": visible(rows[j]),
            "word": column,
            "value": value,
            "dark": value is not None and value > 0.5,
            "written": "–" if value is None else f"{value:.0%}" if value >= 0.01 else "<1%",
            "kind": "raw probability" if i == len(words) else title,
        }
        for j in range(drawn)
        for i, column in enumerate(columns)
        for value in [elsewhere[j] if i == len(words) else shares[j][i]]
    ]
    base = alt.Chart(alt.InlineData(values=cells)).encode(
        x=alt.X(
            "column:O",
            axis=token_axis(columns, wide, "word in the blank", "top"),
            # The last column stands apart: it is always the raw one.
            scale=alt.Scale(domain=list(range(len(columns))), padding=0.03),
        ),
        y=alt.Y(
            "row:O",
            axis=token_axis(list(rows[:drawn]), high, "word of the list"),
            scale=alt.Scale(domain=list(range(drawn)), padding=0),
        ),
        tooltip=[
            alt.Tooltip("subject:N", title="list"),
            alt.Tooltip("word:N"),
            alt.Tooltip("value:Q", title="value", format=".3~p"),
            alt.Tooltip("kind:N", title="what"),
        ],
    )
    inks = alt.Scale(domain=[False, True], range=["#1b2421", "#ffffff"])
    figures = base.mark_text(fontSize=min(12, high - 4)).encode(
        text="written:N", color=alt.Color("dark:N", scale=inks, legend=None)
    )
    last = alt.datum.column == len(words)  # in grey: always raw, whatever the others are
    legend = _percent_legend(title, wide * len(columns))
    layers = [
        base.transform_filter(~last if colours is _SHARE else last)
        .mark_rect(**GRID)
        .encode(color=_shaded(colours, legend if colours is _SHARE else None))
        for colours in (_SHARE, _GREYS)
    ]
    return (
        alt.layer(*layers, figures)
        .resolve_scale(color="independent")
        .properties(width=wide * len(columns), height=high * drawn, autosize=OWN_SIZE)
    )


def _shaded(colours: tuple[str, str], legend: alt.Legend | None) -> alt.Color:
    scale = alt.Scale(domain=[0, 1], range=list(colours), interpolate="lab", clamp=True)
    return alt.Color("value:Q", scale=scale, legend=legend)


def _percent_legend(title: str, width: float) -> alt.Legend:
    legend = gradient_legend(title, width, [0, 0.5, 1])
    legend.format = ".0%"
    return legend


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
    sides = alt.Scale(domain=[False, True], range=[DIVERGING[0], DIVERGING[2]])
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
