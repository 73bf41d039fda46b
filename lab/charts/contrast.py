"""Two sentences contrasted: every token by how probable it is, and in which it is more so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from lab.charts.axes import OWN_SIZE, visible
from lab.charts.palette import GREY, NEGATIVE, POSITIVE

_FLOOR = 1e-12  # a probability that single precision calls 0
_LABELS = 26
_FONT = 12
EVEN = math.log(2)  # nats up to which a token is drawn as equal in both


def contrast_points(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a point for each token.

    Args:
        rows: {"token", "a", "b"}: probabilities in two sentences.

    Returns:
        {"token", "a", "b", "ratio" (log p(a) - log p(b), nats), "mean" (of both probabilities),
        "times" (how many times as probable, 1 or more), "side" ("A", "B" or "both")}.
    """
    points = []
    for row in rows:
        a, b = max(row["a"], _FLOOR), max(row["b"], _FLOOR)
        ratio = math.log(a) - math.log(b)
        points.append(
            {
                "token": row["token"],
                "a": row["a"],
                "b": row["b"],
                "ratio": ratio,
                "mean": (a + b) / 2,
                "times": math.exp(min(700.0, abs(ratio))),
                "side": "both" if abs(ratio) < EVEN else "A" if ratio > 0 else "B",
            }
        )
    return points


def contrast_scatter(
    points: Sequence[Mapping[str, Any]],
    names: tuple[str, str],
    size: float = 520,
    reach: float = 0.0,
) -> alt.LayerChart:
    """Draw tokens: to the right more probable in A, to the left in B; higher up, more probable.

    Args:
        points: of `contrast_points`.
        names: how the two sentences differ, such as ("Jim", "Jane").
        size: pixels for the whole chart, across.
        reach: the largest ratio of charts that stand beside it, in nats: one scale for all.
    """
    width, height = size - 70, 0.85 * size
    most = max([1.0, reach, *(abs(p["ratio"]) for p in points)]) * 1.15
    ends = _ends(points)
    across = alt.X(
        "ratio:Q",
        title=[
            "log p(A) − log p(B), nats",
            f"← more in {_short(names[1])} (B) · more in {_short(names[0])} (A) →",
        ],
        scale=alt.Scale(domain=[-most, most], nice=False),
        axis=alt.Axis(grid=False, tickCount=5, format="+.2~f", titleFontSize=12),
    )
    down = alt.Y(
        "mean:Q",
        title="probability, mean of both (log axis)",
        scale=alt.Scale(type="log", domain=ends, nice=False),
        axis=alt.Axis(grid=False, tickCount=4, format=".1~p", titleFontSize=12),
    )
    labels = _placed(points, most, ends, width, height)
    shown = [{**p, "token": visible(p["token"])} for p in points]
    dots = (
        alt.Chart(alt.InlineData(values=shown))
        .mark_point(filled=True, size=42, opacity=0.85)
        .encode(x=across, y=down, color=_side(alt.Color), shape=_side(alt.Shape), tooltip=_TIP)
    )
    zero = alt.Chart(alt.InlineData(values=[{"ratio": 0}])).mark_rule(
        color=GREY, strokeDash=[6, 4], tooltip=None
    )
    layers = [zero.encode(x=across), dots]
    for align in ("left", "right"):
        dx = 6 if align == "left" else -6
        part = [label for label in labels if label["align"] == align]
        text = alt.Chart(alt.InlineData(values=part)).mark_text(
            align=align, dx=dx, color=GREY, fontSize=_FONT, tooltip=None
        )
        layers.append(text.encode(x=across, y=down, text="token:N"))
    return alt.layer(*layers).properties(width=width, height=height, autosize=OWN_SIZE)


_TIP = [
    alt.Tooltip("token:N"),
    alt.Tooltip("a:Q", title="probability in A", format=".3~p"),
    alt.Tooltip("b:Q", title="probability in B", format=".3~p"),
    alt.Tooltip("ratio:Q", title="log-ratio (nats)", format="+.2f"),
    alt.Tooltip("times:Q", title="times as probable", format=".3~s"),
]


def _short(name: str) -> str:
    return name if len(name) <= 16 else name[:15] + "…"


def _ends(points: Sequence[Mapping[str, Any]]) -> list[float]:
    means = [p["mean"] for p in points] or [1e-4]
    return [min(means) / 1.3, min(1.0, max(means) * 1.6)]


def _side(channel: type):
    choices = {
        alt.Color: [POSITIVE, NEGATIVE, GREY],
        alt.Shape: ["triangle-right", "triangle-left", "circle"],
    }[channel]
    return channel("side:N", scale=alt.Scale(domain=["A", "B", "both"], range=choices), legend=None)


def _placed(points, most: float, ends: list[float], width: float, height: float) -> list[dict]:
    """Return labels for what stands out, free of each other: probable, and far from the middle."""
    low, high = (math.log(end) for end in ends)

    def at(point: Mapping[str, Any]) -> tuple[float, float]:
        x = (point["ratio"] + most) / (2 * most) * width
        return x, (high - math.log(point["mean"])) / (high - low) * height

    def worth(point: Mapping[str, Any]) -> float:
        return abs(point["a"] - point["b"]) + 0.02 * abs(point["ratio"]) / most

    dots = [at(point) for point in points]
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for point in sorted(points, key=worth, reverse=True):
        x, y = at(point)
        long = 0.6 * _FONT * len(point["token"])
        for align in ("left", "right") if x < width / 2 else ("right", "left"):
            start = x + 5 if align == "left" else x - 5 - long
            box = start, start + long, y - 7, y + 7
            inside = box[0] >= 0 and box[1] <= width and box[2] >= 0 and box[3] <= height
            covered = sum(box[0] < a < box[1] and box[2] < b < box[3] for a, b in dots)
            if inside and covered < 2 and not any(_meet(box, other) for other in taken):
                taken.append(box)
                found.append({**point, "token": visible(point["token"]), "align": align})
                break
        if len(found) == _LABELS:
            break
    return found


def _meet(one: tuple, other: tuple) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
