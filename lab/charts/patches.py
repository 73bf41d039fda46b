"""A picture and its places: cut into patches, lit by attention, and its probable classes."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import altair as alt
import numpy as np
from PIL import Image

from lab.charts.axes import OWN_SIZE
from lab.charts.overlay import DARKEST, enlarged
from lab.charts.palette import CHOSEN, PROBABILITY, TRUTH

LINE = (90, 100, 96)  # of the cuts, seen on light grey and on every colour of the scenes
PLACE = "place"  # the selection of `lit_picture`


def cut(image: np.ndarray, grid: int, scale: int = 3) -> np.ndarray:
    """Return a picture, enlarged, with lines where it is cut into patches.

    Args:
        image: (H, W, 3) uint8.
        grid: patches a side.
        scale: pixels a side of what was one.
    """
    large = enlarged(image, scale).copy()
    for axis, side in enumerate(large.shape[:2]):
        lines = np.arange(1, grid) * side // grid
        large[(slice(None),) * axis + (lines,)] = LINE
    return large


def places(weights: Sequence[float]) -> list[dict[str, float]]:
    """Return row, column (from 1) and weight of each place of a square grid, row by row.

    Raises:
        ValueError: the number of weights is no square.
    """
    grid = round(len(weights) ** 0.5)
    if grid * grid != len(weights):
        raise ValueError(f"{len(weights)} weights are no square grid.")
    most = max(float(np.max(weights)), 1e-9)
    return [
        {
            "row": number // grid + 1,
            "column": number % grid + 1,
            "weight": float(weight),
            "darkness": (1 - DARKEST) * (1 - float(weight) / most),
        }
        for number, weight in enumerate(weights)
    ]


def lit_picture(
    image: np.ndarray,
    weights: Sequence[float],
    size: int,
    region: Sequence[bool] | None = None,
    asking: int | None = None,
) -> alt.LayerChart:
    """Draw a picture, as bright at each place as its weight; a place can be chosen by a click.

    Args:
        image: (H, W, 3) uint8, square.
        weights: (n * n) over places, row by row. Full brightness at the largest, `DARKEST` of it
            at zero.
        size: pixels a side of the plot.
        region: (n * n), the places to outline: those that the answer is about.
        asking: number of the place whose weights these are, to be framed.
    """
    rows = places(weights)
    grid = round(len(rows) ** 0.5)
    for row, inside in zip(rows, [False] * len(rows) if region is None else region, strict=True):
        row["asked about"] = "yes" if inside else "no"
    step = size / grid
    numbers = list(range(1, grid + 1))
    across, down = (
        kind(
            f"{name}:O",
            title=f"{name} of the patch",
            scale=alt.Scale(domain=numbers, padding=0),
            axis=alt.Axis(
                labelAngle=0, ticks=False, domain=False, grid=False, orient=side, labelOverlap=True
            ),
        )
        for kind, name, side in ((alt.X, "column", "top"), (alt.Y, "row", "left"))
    )
    pick = alt.selection_point(name=PLACE, fields=["row", "column"], on="click", clear=False)
    tooltip = ["row:O", "column:O", alt.Tooltip("weight:Q", format=".4f")]
    if region is not None:
        tooltip.append("asked about:N")
    photograph = (
        alt.Chart(alt.InlineData(values=[{"url": _png(image)}]))
        .mark_image(width=size, height=size, smooth=len(image) > 100, aspect=False)
        .encode(x=alt.value(size / 2), y=alt.value(size / 2), url="url:N")
    )
    shade = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_rect(color="black", cursor="pointer")
        .encode(
            x=across,
            y=down,
            opacity=alt.Opacity("darkness:Q", scale=None, legend=None),
            tooltip=tooltip,
        )
        .add_params(pick)
    )
    layers = [photograph, shade]
    inside = [row for row in rows if row["asked about"] == "yes"]
    layers.append(_frames(inside, across, down, TRUTH, step, 1.5))
    asked = [] if asking is None else [rows[asking]]
    layers.append(_frames(asked, across, down, CHOSEN, step, 3))
    return alt.layer(*layers).properties(width=size, height=size, autosize=OWN_SIZE)


def _frames(rows: list, across: alt.X, down: alt.Y, colour: str, step: float, width: float):
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(
            shape="square", filled=False, size=(step - width) ** 2, opacity=1, stroke=colour,
            strokeWidth=width, tooltip=None,
        )
        .encode(x=across, y=down)
    )  # fmt: skip


def _png(image: np.ndarray) -> str:
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image, dtype=np.uint8)).save(stream, "PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def class_bars(
    classes: Sequence[str],
    probabilities: Sequence[float],
    right: str | None = None,
    width: int = 220,
    most: int = 6,
) -> alt.Chart:
    """Draw the most probable classes, the first above.

    Args:
        classes: K names.
        probabilities: (K).
        right: the true class, drawn in another colour; None if there is none.
        width: pixels of the bars.
        most: classes to draw.
    """
    order = np.argsort(-np.asarray(probabilities, dtype=float), kind="stable")[:most]
    rows = [
        {
            "class": classes[i],
            "probability": float(probabilities[i]),
            "answer": "right" if classes[i] == right else "other",
        }
        for i in order
    ]
    colours = alt.Scale(domain=["right", "other"], range=[TRUTH, PROBABILITY.colour])
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            x=alt.X(
                "probability:Q",
                title="probability",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", values=[0, 0.5, 1], grid=True),
            ),
            y=alt.Y("class:N", title="class", sort=None, axis=alt.Axis(labelLimit=110)),
            color=alt.Color("answer:N", scale=colours, legend=None),
            tooltip=["class:N", alt.Tooltip("probability:Q", format=".1%"), "answer:N"],
        )
        .properties(width=width, height=22 * len(rows), autosize=OWN_SIZE)
    )
