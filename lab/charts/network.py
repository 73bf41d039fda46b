"""The recurrent U-Net as a drawing: shapes and weights at each box, and what of it is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import altair as alt
import numpy as np
import pandas as pd

from lab.charts.axes import OWN_SIZE
from lab.charts.palette import GREY

TRAINED, FROZEN = "#0072b2", "#6a726f"  # white letters can be read on both
_INK = "#ffffff"
_ROW, _BOX = 66, 54  # pixels from one row to the next, and of a box in it
# Of the width: a side of the U, and how far its levels move inwards; wide, and narrow as a phone.
_SIDES, _NARROW_SIDES = (0.43, 0.05), (0.475, 0.03)
_NARROW = 600  # pixels
_LINES = (-16, 1, 16)  # pixels from the middle of a box to its lines

Box = Mapping[str, object]


def network(
    boxes: Sequence[Box], inputs: str, output: str, width: int = 820, random: bool = False
) -> alt.LayerChart:
    """Draw the network: down on the left, up on the right, skips across.

    Frozen boxes are grey, have a dashed edge and say so; of a level of which one convolution is
    trained only its half is coloured.

    Args:
        boxes: a level, the bottleneck and the head each: part ("encoder", "decoder", "bottleneck",
            "head"), level (1 for the whole size, 0 outside levels), shape, parameters, skip
            (channels from the side), parts (of each convolution whether it is trained).
        inputs, output: what goes in and comes out, such as "8 × 1 × 256 × 256".
        width: pixels of the drawing.
        random: whether trained weights begin at random instead of the source's.
    """
    levels = max(int(box["level"]) for box in boxes)
    placed = [_placed(box, levels, width) for box in boxes]
    side, _ = _sides(width)
    ends = [
        {**_rect(0, side * width, 0), "title": "Input", "shape": inputs},
        {**_rect((1 - side) * width, width, 0), "title": "Output", "shape": output},
    ]
    height = _ROW * (levels + 2) + _BOX
    lines = _lines_between(placed, ends, levels)
    layers = [
        _rules(lines),
        *_filled(placed),
        *_words(placed, random, 12 if width >= _NARROW else 11),
        *_open(ends),
        _heads(lines),
    ]
    if width >= _NARROW:
        layers.append(_skips(placed, width))
    return (
        alt.layer(*layers)
        .properties(
            width=width, height=height, autosize=OWN_SIZE, description=told(boxes, inputs, output)
        )
        .configure_view(strokeWidth=0)
    )


def told(boxes: Sequence[Box], inputs: str, output: str) -> str:
    """Return the drawing in words, for those who cannot see it."""
    parts = [
        f"{title(box)}: {box['shape']}, {int(box['parameters']):,} weights, {state(box)}"
        for box in boxes
    ]
    return f"Recurrent U-Net. In: {inputs}. " + "; ".join(parts) + f". Out: {output}."


def title(box: Box) -> str:
    """Return the name of a box."""
    if box["part"] in ("encoder", "decoder"):
        return f"{str(box['part']).capitalize()} {box['level']}"
    return {"bottleneck": "Bottleneck", "head": "Last, 1 × 1"}[str(box["part"])]


def state(box: Box, random: bool = False) -> str:
    """Say whether a box is trained, in part, or frozen."""
    parts = list(box["parts"])
    if all(parts):
        return "random" if random else "trained"
    if not any(parts):
        return "frozen"
    return "in part"


def _rect(left: float, right: float, row: float) -> dict[str, float]:
    top = row * _ROW
    return {"x": left, "x2": right, "y": top, "y2": top + _BOX, "middle": (left + right) / 2}


def _sides(width: int) -> tuple[float, float]:
    return _SIDES if width >= _NARROW else _NARROW_SIDES


def _placed(box: Box, levels: int, width: int) -> dict[str, object]:
    part, level = box["part"], int(box["level"])
    side, gap = _sides(width)
    inward = gap * width * (level - 1) / max(1, levels - 1) if level else 0
    if part == "encoder":
        place = _rect(inward, inward + (side - gap) * width, level + 1)
    elif part == "decoder":
        place = _rect(width - inward - (side - gap) * width, width - inward, level + 1)
    elif part == "head":
        place = _rect((1 - side + gap) * width, width, 1)
    else:
        half = (side - gap) / 2
        place = _rect((0.5 - half) * width, (0.5 + half) * width, levels + 2)
    return {**box, **place, "title": title(box)}


def _filled(placed: Sequence[Mapping[str, object]]) -> list[alt.Chart]:
    rows = []
    for box in placed:
        parts = list(box["parts"])
        # What of a level is trained shows on halves; where all agree they are one box.
        pieces = [all(parts)] if len(set(parts)) == 1 else parts
        step = (box["x2"] - box["x"]) / len(pieces)
        for n, trained in enumerate(pieces):
            rows.append(
                {
                    **{k: box[k] for k in ("y", "y2", "title", "shape")},
                    "weights": box["parameters"],
                    "state": "trained" if trained else "frozen",
                    "x": box["x"] + n * step,
                    "x2": box["x"] + (n + 1) * step,
                }
            )
    data = pd.DataFrame(rows)
    scale = alt.Scale(domain=["trained", "frozen"], range=[TRAINED, FROZEN])
    base = alt.Chart(data).encode(
        x=_across("x"),
        x2="x2:Q",
        y=_down("y"),
        y2="y2:Q",
        color=alt.Color("state:N", scale=scale, legend=None),
        tooltip=[
            alt.Tooltip("title:N", title="part"),
            alt.Tooltip("shape:N", title="shape"),
            alt.Tooltip("weights:Q", title="weights and biases", format=","),
            alt.Tooltip("state:N", title="in fine-tuning"),
        ],
    )
    edge = alt.condition(alt.datum.state == "frozen", alt.value([4, 3]), alt.value([1, 0]))
    return [
        base.mark_rect(cornerRadius=5).encode(
            stroke=alt.value(GREY), strokeDash=edge, strokeWidth=alt.value(2)
        )
    ]


def _words(placed: Sequence[Mapping[str, object]], random: bool, size: int) -> list[alt.Chart]:
    rows = []
    for box in placed:
        middle = (box["y"] + box["y2"]) / 2
        lines = (
            f"{box['title']} · {state(box, random)}",
            str(box["shape"]),
            f"{int(box['parameters']):,} weights",
        )
        rows += [
            {"x": box["middle"], "y": middle + move, "text": line, "bold": n == 0}
            for n, (move, line) in enumerate(zip(_LINES, lines, strict=True))
        ]
    return _lines(rows, _INK, size)


def _open(ends: Sequence[Mapping[str, object]]) -> list[alt.Chart]:
    edges = (
        alt.Chart(pd.DataFrame(ends))
        .mark_rect(cornerRadius=5, fillOpacity=0, stroke=GREY, strokeWidth=1.5, tooltip=None)
        .encode(x=_across("x"), x2="x2:Q", y=_down("y"), y2="y2:Q")
    )
    rows = []
    for end in ends:
        middle = (end["y"] + end["y2"]) / 2
        rows += [
            {"x": end["middle"], "y": middle - 9, "text": end["title"], "bold": True},
            {"x": end["middle"], "y": middle + 9, "text": end["shape"], "bold": False},
        ]
    return [edges, *_lines(rows, GREY)]


def _lines(rows: Sequence[Mapping[str, object]], ink: str, size: int = 12) -> list[alt.Chart]:
    data = pd.DataFrame(rows)
    return [
        alt.Chart(data)
        .transform_filter(alt.datum.bold == bold)
        .mark_text(
            color=ink,
            fontSize=size if bold else 11,
            fontWeight="bold" if bold else "normal",
            tooltip=None,
        )
        .encode(x=_across("x"), y=_down("y"), text="text:N")
        for bold in (True, False)
    ]


def _across(field: str) -> alt.X:
    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(nice=False, zero=True))


def _down(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(nice=False, zero=True, reverse=True))


def _lines_between(placed, ends, levels: int) -> pd.DataFrame:
    """Return x, y, x2, y2 of each arrow, its point at the end, and which way it points."""
    by = {(box["part"], box["level"]): box for box in placed}
    down = [ends[0], *(by["encoder", n] for n in range(1, levels + 1))]
    up = [*(by["decoder", n] for n in range(levels, 0, -1)), by["head", 0], ends[1]]
    lines = [(_shared(a, b), a["y2"], _shared(a, b), b["y"]) for a, b in pairwise(down)]
    lines += [(_shared(a, b), a["y"], _shared(a, b), b["y2"]) for a, b in pairwise(up)]
    bottom = by["bottleneck", 0]
    left, right = _shared(down[-1], bottom), _shared(bottom, up[0])
    lines += [(left, down[-1]["y2"], left, bottom["y"]), (right, bottom["y"], right, up[0]["y2"])]
    for level in range(1, levels + 1):
        one, other = by["encoder", level], by["decoder", level]
        middle = (one["y"] + one["y2"]) / 2
        lines.append((one["x2"], middle, other["x"], middle))
    data = pd.DataFrame(lines, columns=["x", "y", "x2", "y2"])
    across, along = np.sign(data.x2 - data.x), np.sign(data.y2 - data.y)
    # The point of a triangle lies half its height beyond its middle.
    return data.assign(
        tip_x=data.x2 - 4 * across,
        tip_y=data.y2 - 4 * along,
        turn=90 * across + 90 * (along + 1) * (across == 0),
    )


def _shared(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return (max(one["x"], other["x"]) + min(one["x2"], other["x2"])) / 2


def _rules(lines: pd.DataFrame) -> alt.Chart:
    return (
        alt.Chart(lines)
        .mark_rule(color=GREY, strokeWidth=1.5, tooltip=None)
        .encode(x=_across("x"), x2="x2:Q", y=_down("y"), y2="y2:Q")
    )


def _heads(lines: pd.DataFrame) -> alt.Chart:
    turn = alt.Angle("turn:Q", scale=alt.Scale(domain=[0, 360], range=[0, 360]))
    return (
        alt.Chart(lines)
        .mark_point(shape="triangle", filled=True, color=GREY, size=60, opacity=1, tooltip=None)
        .encode(x=_across("tip_x"), y=_down("tip_y"), angle=turn)
    )


def _skips(placed, width: int) -> alt.LayerChart:
    rows = [
        {
            "x": width / 2,
            "y": (box["y"] + box["y2"]) / 2 - 9,
            "text": f"skip, {box['skip']} channels",
            "bold": False,
        }
        for box in placed
        if box["part"] == "decoder"
    ]
    return alt.layer(*_lines(rows, GREY))
