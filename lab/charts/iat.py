"""Response times of an association test: a dot for each answer, a row for each block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lab.charts.axes import OWN_SIZE
from lab.charts.palette import GREY, RUN_COLOURS

RIGHT, WRONG, LATE = "right at once", "after a wrong key", "beyond the axis"
SHAPES = {RIGHT: "circle", WRONG: "cross", LATE: "triangle-right"}
_STEPS = (1_500, 2_000, 3_000)  # milliseconds at which the axis may end
_ROW, _MARGIN = 110, 36  # pixels: height of a row; of the width, what the axis may stand out


def axis_end(milliseconds: Sequence[float]) -> int:
    """Return where the axis ends: so that at most one answer in twenty lies beyond it."""
    times = pd.Series(milliseconds, dtype=float)
    return next((end for end in _STEPS if (times > end).mean() <= 0.05), _STEPS[-1])


def response_times(rows: Sequence[Mapping[str, object]], width: int = 640) -> alt.LayerChart:
    """Draw every answer against its time, blocks below each other in the order they come.

    In a row, answers go from the first at its top to the last at its bottom: who gets faster with
    practice leans to the left. The bar is the block's mean, of all its answers.

    Args:
        rows: block (label), number (of the answer in its block, from 1), word, category,
            milliseconds, errors (wrong keys before the right one).
        width: pixels of the whole chart.

    Raises:
        ValueError: there is no answer.
    """
    if not len(rows):
        raise ValueError("There is no answer to draw.")
    data = pd.DataFrame(rows)
    blocks = list(dict.fromkeys(data.block))
    end = axis_end(data.milliseconds)
    data["shown"] = data.milliseconds.where(data.milliseconds <= end, 0.985 * end)
    data["answer"] = [
        LATE if time > end else WRONG if errors else RIGHT
        for time, errors in zip(data.milliseconds, data.errors, strict=True)
    ]
    # Places are computed here: a row's inside is no scale that Vega-Lite has a legend for.
    data["place"] = [
        blocks.index(block) + 0.28 + 0.66 * (number - 1) / max(1, data.number.max() - 1)
        for block, number in zip(data.block, data.number, strict=True)
    ]
    means = data.groupby("block", sort=False).milliseconds.agg(["mean", "count"]).reset_index()
    means["top"] = [blocks.index(block) + 0.22 for block in means.block]
    means["bottom"] = means.top + 0.76
    means["label"] = [blocks.index(block) + 0.04 for block in means.block]
    means["shown"] = means["mean"].clip(upper=end)
    across = alt.X(
        "shown:Q",
        title="time until the right key (ms)",
        scale=alt.Scale(domain=[0, end], nice=False),
        axis=alt.Axis(tickCount=6, format=",d", grid=True),
    )
    down = {
        "scale": alt.Scale(domain=[0, len(blocks)], reverse=True, nice=False),
        "axis": None,
    }
    colour = alt.Color(
        "block:N",
        legend=None,
        scale=alt.Scale(domain=sorted(blocks), range=list(RUN_COLOURS[: len(blocks)])),
    )
    seen = [kind for kind in SHAPES if kind in set(data.answer)]
    dots = (
        alt.Chart(data)
        .mark_point(filled=True, size=48, opacity=0.85)
        .encode(
            x=across,
            y=alt.Y("place:Q", **down),
            color=colour,
            shape=alt.Shape(
                "answer:N",
                scale=alt.Scale(domain=seen, range=[SHAPES[kind] for kind in seen]),
                legend=alt.Legend(
                    title=None,
                    orient="top",
                    symbolFillColor=GREY,
                    symbolSize=70,
                    columns=2 if width < 400 else 3,
                )
                if len(seen) > 1
                else None,
            ),
            tooltip=[
                alt.Tooltip("block:N"),
                alt.Tooltip("word:N"),
                alt.Tooltip("category:N", title="it belongs to"),
                alt.Tooltip("milliseconds:Q", title="time (ms)", format=",.0f"),
                alt.Tooltip("errors:Q", title="wrong keys before"),
                alt.Tooltip("number:Q", title="place in the block"),
            ],
        )
    )
    bars = (
        alt.Chart(means)
        .mark_rule(strokeWidth=3)
        .encode(
            x=across,
            y=alt.Y("top:Q", **down),
            y2="bottom:Q",
            color=colour,
            tooltip=[
                alt.Tooltip("block:N"),
                alt.Tooltip("mean:Q", title="mean (ms)", format=",.0f"),
                alt.Tooltip("count:Q", title="answers"),
            ],
        )
    )
    # Labels stand in their rows, above the dots: beside them a phone has no room.
    labels = (
        alt.Chart(means)
        .mark_text(align="left", baseline="top", dx=2, fontSize=13, fontWeight="bold", color=GREY)
        .encode(x=alt.datum(0), y=alt.Y("label:Q", **down), text="block:N")
    )
    return alt.layer(bars, dots, labels).properties(
        width=width - _MARGIN, height=_ROW * len(blocks), autosize=OWN_SIZE
    )
