"""Learning curves: loss of several runs, with n-gram counts as horizontal lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import altair as alt
import numpy as np
import pandas as pd

from lab.charts.palette import GREY, RUN_COLOURS

POINTS = 300  # per frame over all curves: what a browser redraws each second without effort

X_AXES = {
    "step": "Training steps",
    "tokens": "Tokens read",
    "seconds": "Training seconds (of one CPU core, or of the GPU)",
}
TRAIN, VALIDATION, COUNTS = "training", "validation", "n-gram counts"


@dataclass(frozen=True)
class Curve:
    """One run's curves.

    Args:
        name: distinct label.
        points: dicts with step, tokens, seconds, train_loss, validation_loss (nats per token).
        scale: multiplies every loss, for instance 1 / characters per token.
    """

    name: str
    points: Sequence[Mapping[str, float | None]]
    scale: float = field(default=1.0)


def thin(values: list, most: int) -> list:
    """Return at most so many values, evenly spread, the first and the last always among them."""
    if len(values) <= most:
        return values
    chosen = np.unique(np.linspace(0, len(values) - 1, most).round().astype(int))
    return [values[index] for index in chosen]


def loss_rows(
    curves: Sequence[Curve],
    baselines: Mapping[str, float] | None = None,
    x: str = "step",
    points: int = POINTS,
) -> pd.DataFrame:
    """Return the rows that `loss_chart` draws.

    Args:
        curves: at most six.
        baselines: label -> loss of models that do not train by steps, such as n-gram counts.
        x: "step", "tokens" or "seconds".
        points: bound on the rows over all curves.

    Returns:
        Columns x, loss, name, kind ("training", "validation" or "n-gram counts"), perplexity,
        bits, step, tokens, seconds, and label (the name, in the one row of a line that bears it).
    """
    rows = []
    share = max(8, points // max(1, 2 * len(curves)))
    for curve in curves:
        for kind, key in ((TRAIN, "train_loss"), (VALIDATION, "validation_loss")):
            measured = [point for point in curve.points if point.get(key) is not None]
            # At step 0 there is no place on a logarithmic axis for training, nor any loss yet.
            for point in thin(measured, share):
                rows.append(_row(curve, point, point[key] * curve.scale, kind, x))
    rows += _lines(baselines or {}, rows, x)
    columns = ["x", "loss", "name", "kind", "perplexity", "bits", "step", "tokens", "seconds"]
    return pd.DataFrame(rows, columns=[*columns, "label"])


def _lines(baselines: Mapping[str, float], rows: Sequence[Mapping], x: str) -> list[dict]:
    # A label stands on its line; where lines lie close, the next one moves to the right.
    end = max((row["x"] for row in rows), default=1.0)
    losses = [row["loss"] for row in rows] + list(baselines.values())
    close = 0.05 * (max(losses, default=1.0) - min(losses, default=0.0))
    lines, before, place = [], None, 0
    for name, loss in sorted(baselines.items(), key=lambda pair: pair[1]):
        place = (place + 1) % 4 if before is not None and loss - before < close else 0
        before = loss
        for at in (0.0, end):
            lines.append(_row(Curve(name, ()), {x: at}, loss, COUNTS, x))
        lines.append(_row(Curve(name, ()), {x: end * 0.24 * place}, loss, COUNTS, x))
        lines[-1]["label"] = name
    return lines


def _row(curve: Curve, point: Mapping, loss: float, kind: str, x: str) -> dict:
    # exp overflows beyond 709 nats; such a perplexity says nothing anyhow.
    perplexity = float(np.exp(min(loss, 700.0)))
    return {
        "x": float(point[x]),
        "loss": loss,
        "name": curve.name,
        "kind": kind,
        "perplexity": perplexity,
        "bits": loss / np.log(2),
        "label": "",
        **{key: point.get(key) for key in ("step", "tokens", "seconds")},
    }


def loss_chart(
    names: Sequence[str],
    x: str = "step",
    logarithmic: bool = False,
    logarithmic_x: bool = False,
    rows: pd.DataFrame | None = None,
    unit: str = "nats per character",
    height: int = 380,
) -> alt.LayerChart:
    """Return the chart of `loss_rows`: validation solid, training thin and dashed, counts grey.

    Without `rows` the chart holds no data: the page sends them apart, so that the specification
    stays the same from frame to frame.

    Args:
        names: the runs in the order of their colours.
        x: "step", "tokens" or "seconds".
        logarithmic: whether the loss axis is logarithmic.
        logarithmic_x: whether the horizontal axis is (symmetric around 0, which it shows too).
        rows: from `loss_rows`.
        unit: of the loss.
        height: in pixels.
    """
    data = alt.NamedData("rows") if rows is None else rows
    x_scale = alt.Scale(type="symlog", constant=10) if logarithmic_x else alt.Scale(nice=False)
    across = alt.X("x:Q", title=X_AXES[x], scale=x_scale, axis=alt.Axis(grid=False, tickCount=6))
    down = alt.Y(
        "loss:Q",
        title=f"Loss ({unit})",
        scale=alt.Scale(type="log" if logarithmic else "linear", zero=False, padding=8),
        axis=alt.Axis(tickCount=6, format=".2~f"),
    )
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=list(names), range=list(RUN_COLOURS[: len(names)])),
        legend=alt.Legend(
            orient="top",
            title=None,
            symbolType="stroke",
            labelLimit=320,
            columns=2 if max(map(len, names), default=0) > 14 else 4,
        ),
    )
    tooltip = [
        alt.Tooltip("name:N", title="model"),
        alt.Tooltip("kind:N", title="measured on"),
        alt.Tooltip("loss:Q", format=".3f"),
        alt.Tooltip("bits:Q", format=".3f", title="bits"),
        alt.Tooltip("perplexity:Q", format=",.2f"),
        alt.Tooltip("step:Q", format=",d"),
        alt.Tooltip("tokens:Q", format=",d"),
        alt.Tooltip("seconds:Q", format=".1f"),
    ]
    base = alt.Chart(data).encode(x=across, y=down)
    training = (
        base.transform_filter(alt.datum.kind == TRAIN)
        .mark_line(strokeWidth=1, strokeDash=[3, 2], opacity=0.75, clip=True)
        .encode(color=colour)
    )
    validation = (
        base.transform_filter(alt.datum.kind == VALIDATION)
        .mark_line(strokeWidth=2.5, clip=True)
        .encode(color=colour)
    )
    nearest = alt.selection_point(
        name="nearest", on="pointerover", nearest=True, fields=["x", "name", "kind"], empty=False
    )
    marks = (
        base.transform_filter(alt.datum.kind != COUNTS)
        .mark_point(filled=True, size=55, clip=True)
        .encode(
            color=colour,
            opacity=alt.condition(nearest, alt.value(1), alt.value(0)),
            tooltip=tooltip,
        )
        .add_params(nearest)
    )
    counts = alt.Chart(data).transform_filter(alt.datum.kind == COUNTS)
    line = counts.mark_line(strokeWidth=1.2, strokeDash=[8, 4], color=GREY, clip=True).encode(
        x=across, y=down, detail="name:N", tooltip=tooltip[:5]
    )
    label = (
        counts.transform_filter(alt.datum.label != "")
        .mark_text(align="left", baseline="bottom", dx=4, dy=-2, color=GREY, fontSize=11)
        .encode(x=across, y=down, text="label:N")
    )
    return alt.layer(line, label, training, validation, marks).properties(
        height=height, width="container"
    )
