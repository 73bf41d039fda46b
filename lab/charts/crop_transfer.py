"""Transfer between regions: scores by method, the first layer's weights, and small maps."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from lab.charts.axes import OWN_SIZE
from lab.charts.crops import COLOURS
from lab.charts.palette import GREY, around_zero

Rows = Sequence[Mapping[str, object]]
# Who measured: told apart by colour and by shape.
SOURCES = {
    "this page": ("#0072B2", "circle"),
    "recorded": ("#E69F00", "square"),
    "paper": ("#CC79A7", "diamond"),
}
# Parts of a scene; darker for what is learned from, so that they differ on paper too.
PARTS = {"train": "#56656f", "validation": "#e69f00", "test": "#56b4e9"}
_STEP, _APART = 34, 10  # pixels of a method's row, and between who measured
_LABELS = 92  # pixels of the methods' names


def dots(rows: Rows, title: str, width: int, methods: Sequence[str] = ()) -> alt.LayerChart:
    """Draw the mean IoU of each method as dots, with the range over seeds as a line.

    Args:
        rows: source (a key of `SOURCES`), method, mean, low, high (0 to 1), n (seeds; 0 where
            nobody says how many).
        title: of the chart.
        width: pixels of the whole chart.
        methods: the order of the rows; as they come if empty.
    """
    columns = ["source", "method", "mean", "low", "high", "n"]
    data = pd.DataFrame(rows, columns=columns)
    names = [m for m in methods if m in set(data.method)] or list(dict.fromkeys(data.method))
    shown = [source for source in SOURCES if source in set(data.source)]
    place = {source: (n - (len(shown) - 1) / 2) * _APART for n, source in enumerate(shown)}
    data["seeds"] = [str(int(n)) if n else "not said" for n in data.n]
    across = {
        "scale": alt.Scale(domain=[0, 1], nice=False),
        "title": "mean IoU",
        "axis": alt.Axis(format=".1f", values=[0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    }
    down = alt.Y(
        "method:N",
        title=None,
        sort=names,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(labelLimit=_LABELS, ticks=False, domain=False, labelOverlap=False),
    )
    colour = alt.Color(
        "source:N",
        scale=alt.Scale(domain=shown, range=[SOURCES[s][0] for s in shown]),
        legend=alt.Legend(title=None, orient="top", symbolOpacity=1) if shown else None,
    )
    shape = alt.Shape(
        "source:N", scale=alt.Scale(domain=shown, range=[SOURCES[s][1] for s in shown])
    )
    tooltip = [
        alt.Tooltip("method:N"),
        alt.Tooltip("source:N", title="measured by"),
        alt.Tooltip("mean:Q", title="mean IoU", format=".2f"),
        alt.Tooltip("low:Q", title="lowest seed", format=".2f"),
        alt.Tooltip("high:Q", title="highest seed", format=".2f"),
        alt.Tooltip("seeds:N"),
    ]
    layers = []
    for source in shown:
        some = alt.Chart(data[data.source == source]).encode(y=down, color=colour, tooltip=tooltip)
        moved = place[source]
        layers += [
            some.mark_rule(strokeWidth=3, opacity=0.6, yOffset=moved, y2Offset=moved).encode(
                x=alt.X("low:Q", **across), x2="high:Q"
            ),
            some.mark_point(filled=True, size=70, opacity=1, yOffset=moved).encode(
                x=alt.X("mean:Q", **across), shape=shape
            ),
        ]
    return alt.layer(*layers).properties(
        title=alt.TitleParams(
            textwrap.wrap(title, 40), anchor="start", fontSize=13, fontWeight="normal"
        ),
        width=max(120, width - _LABELS - 30),
        height=_STEP * max(1, len(names)),
        autosize=OWN_SIZE,
    )


def kernels(rows: Sequence[tuple[str, np.ndarray]], width: int) -> alt.LayerChart:
    """Draw the kernels of a first layer, a row for each channel that they read.

    Args:
        rows: label, (C, K, K) weights: how much of each neighbour goes into C outputs.
        width: pixels of the whole chart.
    """
    count, side = rows[0][1].shape[:2]
    most = max(float(np.abs(values).max()) for _, values in rows) or 1.0
    cell = min(26, (width - 20) // (count * (side + 1)))
    step, tall = cell * (side + 1), cell * side + 34
    cells, words = [], []
    for n, (label, values) in enumerate(rows):
        words.append({"x": 0, "y": n * tall + 8, "text": label})
        for kernel in range(count):
            for row in range(side):
                for column in range(side):
                    x, y = kernel * step + column * cell, n * tall + 18 + row * cell
                    cells.append(
                        {
                            "channel": label,
                            "kernel": kernel + 1,
                            "weight": float(values[kernel, row, column]),
                            "x": x,
                            "x2": x + cell,
                            "y": y,
                            "y2": y + cell,
                        }
                    )
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, step * count], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[tall * len(rows), 0], nice=False))
    drawn = (
        alt.Chart(pd.DataFrame(cells))
        .mark_rect(stroke=GREY, strokeWidth=0.5)
        .encode(
            x=x,
            x2="x2:Q",
            y=y,
            y2="y2:Q",
            color=alt.Color(
                "weight:Q",
                scale=around_zero(most),
                legend=alt.Legend(
                    title="weight", orient="bottom", gradientLength=180, format=".1f", tickCount=3
                ),
            ),
            tooltip=[
                alt.Tooltip("channel:N", title="reads"),
                alt.Tooltip("kernel:Q"),
                alt.Tooltip("weight:Q", format=".3f"),
            ],
        )
    )
    labels = (
        alt.Chart(pd.DataFrame(words))
        .mark_text(align="left", color=GREY, fontSize=12, tooltip=None)
        .encode(x=x, y=y, text="text:N")
    )
    return alt.layer(drawn, labels).properties(
        width=step * count, height=tall * len(rows) - 12, autosize=OWN_SIZE
    ).configure_view(strokeWidth=0)  # fmt: skip


def promises(rows: Rows, width: int) -> alt.LayerChart:
    """Draw what a split promises, and what a new scene then gives.

    Args:
        rows: split, where ("its own test part" or "a new scene"), iou (0 to 1).
        width: pixels of the whole chart.
    """
    data = pd.DataFrame(rows, columns=["split", "where", "iou"])
    splits, where = list(dict.fromkeys(data.split)), list(dict.fromkeys(data["where"]))
    down = alt.Y("split:N", title=None, sort=splits, axis=alt.Axis(labelLimit=110, ticks=False))
    across = alt.X(
        "iou:Q",
        title="IoU of the crop",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(format=".1f", tickCount=5),
    )
    base = alt.Chart(data).encode(y=down, x=across)
    ends = (
        base.transform_aggregate(low="min(iou)", high="max(iou)", groupby=["split"])
        .mark_rule(color=GREY, strokeWidth=2, tooltip=None)
        .encode(y=down, x=alt.X("low:Q"), x2="high:Q")
    )
    points = base.mark_point(filled=True, size=110, opacity=1).encode(
        color=alt.Color(
            "where:N",
            scale=alt.Scale(domain=where, range=["#E69F00", "#0072B2"]),
            legend=alt.Legend(title=None, orient="top", symbolOpacity=1, labelLimit=220),
        ),
        shape=alt.Shape("where:N", scale=alt.Scale(domain=where, range=["square", "circle"])),
        tooltip=[
            alt.Tooltip("split:N"),
            alt.Tooltip("where:N", title="judged on"),
            alt.Tooltip("iou:Q", title="IoU", format=".3f"),
        ],
    )
    return alt.layer(ends, points).properties(
        width=max(120, width - 140), height=46 * len(splits), autosize=OWN_SIZE
    )


def probability_picture(probability: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Return a map of probabilities as colours: grey for 0, green for 1.

    Args:
        probability: (H, W), 0 to 1.
        unknown: (H, W) bool: pixels whose label nobody knows become transparent.

    Returns:
        (H, W, 4) uint8.
    """
    share = np.clip(np.nan_to_num(probability.astype(float)), 0, 1)[..., None]
    no, yes = (np.array(colour, float) for colour in (_NO, _YES))
    return _seen(no + share * (yes - no), unknown)


def error_picture(truth: np.ndarray, said: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Return a map of what was found, missed and said without reason.

    Args:
        truth: (H, W), 1 the crop.
        said: (H, W) bool, called the crop.
        unknown: (H, W) bool: pixels whose label nobody knows become transparent.

    Returns:
        (H, W, 4) uint8.
    """
    crop = truth == 1
    kinds = np.select([crop & said, crop & ~said, ~crop & said], [1, 2, 3], 0)
    return _seen(np.array([_NO, _YES, _MISSED, _WRONG], float)[kinds], unknown)


def part_picture(part: np.ndarray) -> np.ndarray:
    """Return a map of the parts of a scene in the colours of `PARTS`.

    Args:
        part: (H, W) uint8, 0 training, 1 validation, 2 test, 255 none of them.

    Returns:
        (H, W, 4) uint8.
    """
    colours = [_rgb(colour) for colour in PARTS.values()]
    return _seen(np.array(colours, float)[np.minimum(part, len(colours) - 1)], part == 255)


def _seen(colours: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    alpha = np.where(hidden, 0, 255)[..., None]
    return np.concatenate([colours.round(), alpha], -1).astype(np.uint8)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


_NO, _YES = _rgb("#d3d7d5"), _rgb(COLOURS["TP"])
_MISSED, _WRONG = _rgb(COLOURS["FN"]), _rgb(COLOURS["FP"])
