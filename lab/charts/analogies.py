"""Analogies and directions: what a score is made of, how words lean, who stays a neighbour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from lab.charts.association import places, zero
from lab.charts.axes import OWN_SIZE, font_size, label_width
from lab.charts.palette import GREY, RUN_COLOURS

_STEP = 24  # pixels of a row
_HEIGHT = 220  # pixels of the charts that have no rows
_SIDES = 62  # pixels of an axis with numbers
_ORDER = (1, 2, 0)  # b and c, then a, which is taken away
_PARTS = (RUN_COLOURS[0], RUN_COLOURS[2], RUN_COLOURS[1])
THEN, NOW = "before", "after"


def answer_parts(
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    weights: Sequence[float] | None,
    score: str,
    width: float = 450,
) -> alt.LayerChart:
    """Draw the answers of an analogy, each score in its parts.

    Args:
        rows: of each answer "word", "score", "given", "to_a", "to_b", "to_c".
        names: the words a, b and c.
        weights: of the three cosines in the score; None draws the score alone.
        score: its name.
        width: pixels of the whole chart.

    Raises:
        ValueError: there is no answer.
    """
    if not rows:
        raise ValueError("There is no answer to draw.")
    placed = [
        {
            **row,
            "place": n,
            "label": f"{row['word']} (given)" if row["given"] else row["word"],
        }
        for n, row in enumerate(rows)
    ]
    down = alt.Y(
        "place:Q",
        title=None,
        scale=alt.Scale(domain=[-0.6, len(placed) - 0.4], reverse=True, nice=False),
        axis=places(placed, _STEP, "label"),
    )
    tooltip = [
        alt.Tooltip("label:N", title="word"),
        alt.Tooltip("score:Q", title=score, format=".3f"),
        *(
            alt.Tooltip(f"to_{key}:Q", title=f"cosine to {name}", format=".3f")
            for key, name in zip("abc", names, strict=True)
        ),
    ]
    axis = alt.Axis(tickCount=5, format=".2~f", grid=True)
    bar = {"size": _STEP - 8, "opacity": 0.9}
    if not weights:
        whole = alt.Chart(alt.InlineData(values=placed)).mark_bar(**bar, color=RUN_COLOURS[0])
        layers = [whole.encode(x=alt.X("score:Q", title=score, axis=axis), y=down, tooltip=tooltip)]
    else:
        signed = [_sign(w, n) for w, n in zip(weights, names, strict=True)]
        bars = (
            alt.Chart(alt.InlineData(values=_parts(placed, signed, weights)))
            .mark_bar(**bar)
            .encode(
                x=alt.X("start:Q", title=f"{score}: sum of its parts", axis=axis),
                x2="end:Q",
                y=down,
                color=_named(signed),
                tooltip=[*tooltip, alt.Tooltip("part:N"), alt.Tooltip("value:Q", format="+.3f")],
            )
        )
        mark = alt.Chart(alt.InlineData(values=placed))
        layers = [bars, zero("start"), _scores(mark, down, tooltip)]
    labels = label_width([row["label"] for row in placed], font_size(_STEP))
    return alt.layer(*layers).properties(
        width=max(120, width - labels - 44), height=_STEP * len(placed), autosize=OWN_SIZE
    )


def _scores(mark: alt.Chart, down: alt.Y, tooltip: list) -> alt.Chart:
    # The score is where the parts end, taken together: seen on both pages, over all colours.
    return mark.mark_point(
        shape="diamond", size=70, filled=True, color="#ffffff", stroke="#000000", strokeWidth=1.5
    ).encode(x="score:Q", y=down, tooltip=tooltip)


def _sign(weight: float, name: str) -> str:
    return f"{'−' if weight < 0 else '+'} {name}"


def _parts(placed, signed: Sequence[str], weights: Sequence[float]) -> list[dict[str, Any]]:
    # Parts above zero stand behind each other to the right, those below zero to the left.
    found = []
    for row in placed:
        ends = {True: 0.0, False: 0.0}
        for n in _ORDER:
            value = weights[n] * row[f"to_{'abc'[n]}"]
            start = ends[value >= 0]
            ends[value >= 0] += value
            part = {"part": signed[n], "value": value, "start": start, "end": ends[value >= 0]}
            found.append({**row, **part})
    return found


def _named(signed: Sequence[str]) -> alt.Color:
    # A word may be given twice, as in "man : king = man : ?": then it shares its colour.
    domain = list(dict.fromkeys(signed[n] for n in _ORDER))
    return alt.Color(
        "part:N",
        scale=alt.Scale(domain=domain, range=list(_PARTS[: len(domain)])),
        legend=alt.Legend(title="cosine to", orient="top", symbolOpacity=1, labelLimit=110),
    )


def component_shares(
    shares: Sequence[float], by_lot: Sequence[float], width: float = 450
) -> alt.LayerChart:
    """Draw the share of each principal component of pairs, beside that of pairs drawn by lot.

    Args:
        shares: from 0 to 1, the largest first.
        by_lot: means over draws of as many pairs of words.
        width: pixels of the whole chart.
    """
    rows = [
        {"component": n, "share": float(one), "by_lot": float(lot)}
        for n, (one, lot) in enumerate(zip(shares, by_lot, strict=True), 1)
    ]
    tooltip = [
        alt.Tooltip("component:Q"),
        alt.Tooltip("share:Q", title="share, these pairs", format=".1%"),
        alt.Tooltip("by_lot:Q", title="share, pairs by lot", format=".1%"),
    ]
    data = alt.Chart(alt.InlineData(values=rows))
    across = alt.X("component:O", title="principal component", axis=alt.Axis(labelAngle=0))
    down = alt.Y(
        "share:Q",
        title="share of the variance",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    bars = data.mark_bar(color=RUN_COLOURS[0]).encode(x=across, y=down, tooltip=tooltip)
    ticks = data.mark_tick(color=RUN_COLOURS[1], thickness=3).encode(
        x=across, y=alt.Y("by_lot:Q"), tooltip=tooltip
    )
    return alt.layer(bars, ticks).properties(
        width=width - _SIDES, height=_HEIGHT, autosize=OWN_SIZE
    )


def lean_dots(
    rows: Sequence[Mapping[str, Any]], ends: tuple[str, str], width: float = 450
) -> alt.LayerChart:
    """Draw how far each word leans along a direction, the most to the first side above.

    Args:
        rows: "word", "lean" (a cosine).
        ends: of the direction, such as "he" and "she".
        width: pixels of the whole chart.

    Raises:
        ValueError: there is no word.
    """
    if not rows:
        raise ValueError("There is no word to draw.")
    ordered = sorted(rows, key=lambda row: -row["lean"])
    placed = [{**row, "place": n} for n, row in enumerate(ordered)]
    step = 20 if len(placed) <= 20 else 16
    down = alt.Y(
        "place:Q",
        title=None,
        scale=alt.Scale(domain=[-0.7, len(placed) - 0.3], reverse=True, nice=False),
        axis=places(placed, step),
    )
    across = alt.X(
        "lean:Q",
        title=["cosine to the direction", f"← {ends[1]}      {ends[0]} →"],
        axis=alt.Axis(tickCount=5, format="+.2~f", grid=True),
    )
    tooltip = [alt.Tooltip("word:N"), alt.Tooltip("lean:Q", title="cosine", format="+.3f")]
    data = alt.Chart(alt.InlineData(values=placed))
    dots = data.mark_point(filled=True, size=60, opacity=1, color=RUN_COLOURS[0]).encode(
        x=across, y=down, tooltip=tooltip
    )
    labels = label_width([row["word"] for row in placed], font_size(step))
    return alt.layer(zero("lean"), dots).properties(
        width=max(120, width - labels - 40), height=step * len(placed), autosize=OWN_SIZE
    )


def stayed_scatter(
    rows: Sequence[Mapping[str, Any]], ends: tuple[str, str], everyone: float, width: float = 450
) -> alt.LayerChart:
    """Draw how words leaned before against whom they have as neighbours, before and after.

    Args:
        rows: "word", "lean" (cosine), "before", "after" (share of neighbours that had leaned to
            the first end).
        ends: of the direction.
        everyone: share of all words that had leaned to the first end, drawn as a line.
        width: pixels of the whole chart.
    """
    dots = [
        {"word": row["word"], "lean": row["lean"], "share": row[key], "when": key}
        for row in rows
        for key in (THEN, NOW)
    ]
    across = alt.X(
        "lean:Q",
        title=["cosine to the direction, before", f"← {ends[1]}      {ends[0]} →"],
        axis=alt.Axis(tickCount=5, format="+.2~f"),
    )
    share = f"neighbours that leaned to {ends[0]}"
    down = alt.Y(
        "share:Q",
        title=share,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    drawn = (
        alt.Chart(alt.InlineData(values=dots))
        .mark_point(size=60, opacity=0.95, strokeWidth=2)
        .encode(
            x=across,
            y=down,
            color=_by_time(alt.Color, (GREY, RUN_COLOURS[1])),
            shape=_by_time(alt.Shape, ("circle", "triangle-up")),
            tooltip=[
                alt.Tooltip("word:N"),
                alt.Tooltip("when:N", title="vectors"),
                alt.Tooltip("lean:Q", title="cosine, before", format="+.3f"),
                alt.Tooltip("share:Q", title=share, format=".0%"),
            ],
        )
    )
    level = alt.Chart(alt.InlineData(values=[{"share": float(everyone)}])).mark_rule(
        color=GREY, strokeDash=[6, 4], tooltip=None
    )
    return alt.layer(zero("lean"), level.encode(y=down), drawn).properties(
        width=width - _SIDES, height=_HEIGHT + 60, autosize=OWN_SIZE
    )


def _by_time(channel: type, choices: Sequence[str]):
    return channel(
        "when:N",
        scale=alt.Scale(domain=[THEN, NOW], range=list(choices)),
        legend=alt.Legend(title="vectors", orient="top", symbolOpacity=1),
    )
