"""Growth with the length of a sequence, on logarithmic axes: time, memory, paths."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lab.charts.palette import RUN_COLOURS

Rows = Sequence[Mapping[str, object]] | pd.DataFrame
# Across as wide as the page lets it be, all told; down as high as the plot was asked to be.
_ROOM_ACROSS = alt.AutoSizeParams(type="fit-x", contains="padding")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3], [4, 4])
# Vega writes 1k and 1M; bytes are wanted with their letter, and no "0.001".
_AXES = {
    "time": ("forward pass (ms)", "format(datum.value, '~g')", ",.3~f"),
    "memory": ("peak memory of the tensors (bytes)", "format(datum.value, '~s') + 'B'", ",d"),
    "path": ("steps from the first token to the last", "format(datum.value, ',d')", ",d"),
}


def growth_chart(
    rows: Rows,
    names: Sequence[str],
    what: str,
    height: int = 300,
    ticks: int = 9,
) -> alt.LayerChart:
    """Draw values against the number of tokens, both logarithmic, a line for each layer.

    Lines that lie on each other are told apart by dashes and by the shape of their points.

    Args:
        rows: name, length (tokens), value (above zero), note (said in the tooltip, may be empty).
        names: of all layers, in the order of their colours, whether rows have them or not: charts
            beside each other then agree.
        what: "time" (ms), "memory" (bytes) or "path" (steps).
        height: of the plot in pixels.
        ticks: at most so many lengths are written on the axis.

    Raises:
        ValueError: a value that has no place on a logarithmic axis, or another `what`.
    """
    if what not in _AXES:
        raise ValueError(f"There is no axis for {what!r}.")
    data = pd.DataFrame(rows, columns=["name", "length", "value", "note"])
    if len(data) and not (data.value > 0).all():
        raise ValueError("A logarithmic axis has no place for values that are not above zero.")
    title, label, form = _AXES[what]
    lengths = sorted(set(data.length.tolist()))
    drawn = [name for name in names if name in set(data.name)]
    step = -(-len(lengths) // ticks) or 1
    decades = _decades(data.value)
    base = alt.Chart(data).encode(
        x=alt.X(
            "length:Q",
            title="sequence length (tokens)",
            scale=alt.Scale(type="log", base=2, nice=False, padding=10),
            axis=alt.Axis(values=lengths[::-1][::step][::-1], format="d", grid=False),
        ),
        y=alt.Y(
            "value:Q",
            title=title,
            scale=alt.Scale(type="log", domain=[decades[0], decades[-1]], nice=False),
            axis=alt.Axis(labelExpr=label, values=decades),
        ),
        color=_by_name(alt.Color, names, RUN_COLOURS, drawn),
        tooltip=[
            alt.Tooltip("name:N", title="layer"),
            alt.Tooltip("length:Q", title="tokens", format=",d"),
            alt.Tooltip("value:Q", title=title, format=form),
            alt.Tooltip("note:N", title=" "),
        ],
    )
    lines = base.mark_line(strokeWidth=2).encode(
        strokeDash=_by_name(alt.StrokeDash, names, DASHES, drawn)
    )
    points = base.mark_point(filled=True, size=48, opacity=1).encode(
        shape=_by_name(alt.Shape, names, SHAPES, drawn)
    )
    return alt.layer(lines, points).properties(
        height=height, width="container", autosize=_ROOM_ACROSS
    )


def _decades(values: pd.Series) -> list[float]:
    """Return the powers of ten from below the lowest value to above the highest."""
    if not len(values):
        return [1.0, 10.0]
    first, last = math.floor(math.log10(values.min())), math.ceil(math.log10(values.max()))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]


def _by_name(channel: type, names: Sequence[str], choices: Sequence, shown: Sequence[str]):
    # The same legend for colour, shape and dash: Vega then draws one of them.
    legend = alt.Legend(
        title=None,
        orient="top",
        columns=1,
        labelLimit=200,
        symbolOpacity=1,
        symbolStrokeWidth=0,
        values=list(shown),
    )
    taken = [choices[place % len(choices)] for place in range(len(names))]
    return channel("name:N", scale=alt.Scale(domain=list(names), range=taken), legend=legend)
