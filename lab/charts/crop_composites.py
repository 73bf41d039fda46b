"""The same field seen a few times or often: its curves, the bias of an operator, the map's IoU."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from lab.charts.crops import (
    DASHES,
    ROOM_ACROSS,
    WORDS,
    Rows,
    backscatter,
    dated,
    legend,
    over_season,
    season,
)
from lab.charts.palette import GREY

OPERATORS = {"min": "#0072B2", "mean": GREY, "max": "#D55E00"}
LOOKS = ("#E69F00", "#0072B2")  # first and second number of acquisitions
TRUTH = "without speckle"
ACQUISITIONS = "acquisitions in each composite"
_EVEN = alt.Axis(format="d", grid=False, tickMinStep=1)
_NEAR = alt.Scale(zero=False, nice=False, padding=12)


def twice(rows: Rows, names: Sequence[str], band: str = "VH", height: int = 320) -> alt.LayerChart:
    """Draw a field's series as seen with two numbers of acquisitions, beside the truth.

    Args:
        rows: name (of a line), period, day, first, last, operator, stage, value (dB), apart (dB
            from the truth; 0 for the truth itself).
        names: of the lines, in the order of the legend; `TRUTH` is dashed and grey.
        band: of the axis.
        height: of the plot in pixels.
    """
    data = dated(rows)
    colours = [GREY if name == TRUTH else LOOKS[i % 2] for i, name in enumerate(names)]
    dashes = [DASHES[1] if name == TRUTH else DASHES[0] for name in names]
    shapes = [
        "diamond" if name == TRUTH else ("circle", "square")[i % 2] for i, name in enumerate(names)
    ]
    shown = legend(offset=WORDS, symbolStrokeWidth=0)

    def by_name(channel: type, values: Sequence):
        return channel(
            "name:N", scale=alt.Scale(domain=list(names), range=list(values)), legend=shown
        )

    base = alt.Chart(data).encode(
        x=season(data),
        y=backscatter("value:Q", band),
        color=by_name(alt.Color, colours),
        tooltip=[
            alt.Tooltip("name:N", title="curve"),
            alt.Tooltip("period:N", title="composite"),
            alt.Tooltip("value:Q", title=f"mean {band} (dB)", format=".2f"),
            alt.Tooltip("apart:Q", title="from the truth (dB)", format="+.2f"),
        ],
    )
    layers = [
        base.mark_line(strokeWidth=2.5).encode(strokeDash=by_name(alt.StrokeDash, dashes)),
        base.mark_point(filled=True, size=54, opacity=1).encode(shape=by_name(alt.Shape, shapes)),
    ]
    return over_season(layers, data, height)


def composite_bias(
    measured: Rows, expected: Rows, height: int = 320, marks: Sequence[int] = ()
) -> alt.LayerChart:
    """Draw the bias of minimum, mean and maximum against the number of acquisitions.

    Args:
        measured: operator, count, value (dB), what ("…" of the legend, at most two kinds).
        expected: operator, count, value (dB): lines.
        height: of the plot in pixels.
        marks: numbers of acquisitions to mark.
    """
    colour = alt.Color(
        "operator:N",
        scale=alt.Scale(domain=list(OPERATORS), range=list(OPERATORS.values())),
        legend=legend(columns=1),
    )
    across = alt.X("count:Q", title=ACQUISITIONS, axis=_EVEN, scale=_NEAR)
    down = alt.Y("value:Q", title="above or below the truth (dB)", scale=alt.Scale(nice=True))
    points = pd.DataFrame(measured, columns=["operator", "count", "value", "what"])
    kinds = list(dict.fromkeys(points.what))
    zero = alt.Chart(pd.DataFrame({"value": [0.0]})).mark_rule(color=GREY, opacity=0.6)
    layers = [
        zero.encode(y=down),
        *_marks(marks, across),
        alt.Chart(pd.DataFrame(expected, columns=["operator", "count", "value"]))
        .mark_line(strokeWidth=2)
        .encode(
            x=across,
            y=down,
            color=colour,
            tooltip=[
                alt.Tooltip("operator:N"),
                alt.Tooltip("count:Q", title="acquisitions"),
                alt.Tooltip("value:Q", title="expected (dB)", format="+.2f"),
            ],
        ),
        alt.Chart(points)
        .mark_point(size=70, opacity=1, strokeWidth=2)
        .encode(
            x=across,
            y=down,
            color=colour,
            shape=alt.Shape(
                "what:N",
                scale=alt.Scale(domain=kinds, range=["circle", "triangle-up"][: len(kinds)]),
                legend=legend(columns=1),
            ),
            tooltip=[
                alt.Tooltip("what:N", title="measured"),
                alt.Tooltip("operator:N"),
                alt.Tooltip("count:Q", title="acquisitions"),
                alt.Tooltip("value:Q", title="measured (dB)", format="+.2f"),
            ],
        ),
    ]
    return alt.layer(*layers).properties(height=height, width="container", autosize=ROOM_ACROSS)


def iou_by_count(
    rows: Rows, names: Sequence[str], height: int = 300, marks: Sequence[int] = ()
) -> alt.LayerChart:
    """Draw a map's IoU against the number of acquisitions, with its 95 % interval.

    Args:
        rows: name, count, iou, low, high (0 to 1; NaN where the IoU is not defined), recall and
            precision.
        names: of the lines, in the order of the legend.
        height: of the plot in pixels.
        marks: numbers of acquisitions to mark.
    """
    columns = ["name", "count", "iou", "low", "high", "recall", "precision"]
    data = pd.DataFrame(rows, columns=columns)
    across = alt.X("count:Q", title=ACQUISITIONS, axis=_EVEN, scale=_NEAR)
    shown, title = legend(columns=1, symbolStrokeWidth=0), "IoU of the crop"

    def by_name(channel: type, values: Sequence):
        return channel(
            "name:N",
            scale=alt.Scale(domain=list(names), range=list(values)[: len(names)]),
            legend=shown,
        )

    down = alt.Y("iou:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=5))
    base = alt.Chart(data).encode(
        x=across,
        color=by_name(alt.Color, LOOKS[::-1]),
        tooltip=[
            alt.Tooltip("name:N", title="composites"),
            alt.Tooltip("count:Q", title="acquisitions"),
            alt.Tooltip("iou:Q", title="IoU", format=".3f"),
            alt.Tooltip("low:Q", title="95 % interval from", format=".3f"),
            alt.Tooltip("high:Q", title="to", format=".3f"),
            alt.Tooltip("recall:Q", title="of the crop, found", format=".1%"),
            alt.Tooltip("precision:Q", title="of what is said, right", format=".1%"),
        ],
    )
    edges = {"y": alt.Y("low:Q", title=title), "y2": alt.Y2("high:Q")}
    return alt.layer(
        *_marks(marks, across),
        base.mark_area(opacity=0.2).encode(**edges),
        base.mark_line(strokeWidth=2.5).encode(
            y=down, strokeDash=by_name(alt.StrokeDash, DASHES[:2])
        ),
        base.mark_point(filled=True, size=56, opacity=1).encode(
            y=down, shape=by_name(alt.Shape, ("circle", "square"))
        ),
    ).properties(height=height, width="container", autosize=ROOM_ACROSS)


def _marks(counts: Sequence[int], across: alt.X) -> list[alt.Chart]:
    if not counts:
        return []
    rows = pd.DataFrame({"count": sorted(set(counts))})
    return [alt.Chart(rows).mark_rule(color=GREY, strokeDash=[2, 3], opacity=0.8).encode(x=across)]
