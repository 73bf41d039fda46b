"""Where a translator looked: the heatmap of its attention weights, and axes that carry tokens."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import altair as alt
import numpy as np
import pandas as pd

from lab.charts.loss import RUN_COLOURS

# Greys of equal steps are seen as about equal steps, on paper too.
INKS = {"white": ("#000000", "#ffffff"), "dark": ("#ffffff", "#000000")}
GOLD, MARK = RUN_COLOURS[1], RUN_COLOURS[0]  # seen on black and on white
GREY = "#7b8480"  # of lines; equally far from white and from the dark page
# Streamlit would squeeze axes and legends into the pixels meant for the cells.
OWN_SIZE = "pad"
GRID = {"stroke": GREY, "strokeOpacity": 0.35, "strokeWidth": 0.5}
LARGEST, SMALLEST, TINIEST = 34, 14, 8  # pixels of a cell; below 14 only to fit a given width
_WIDTH, _HEIGHT = 700, 600  # pixels for cells if nobody says how wide
_LETTER = 0.6  # mean width of a letter, in font sizes
_LONGEST = 100  # pixels of a label


def visible(token: str) -> str:
    """Return a token as a label: white space gets a sign that can be seen."""
    if token and not token.strip():
        return token.translate({ord(" "): "␣", ord("\n"): "↵", ord("\t"): "⇥"})
    return token


def token_axis(
    tokens: Sequence[str], step: float, title: str | None, orient: str = "left"
) -> alt.Axis:
    """Return an axis over places 0, 1, ... that shows the token of each place.

    Tokens repeat, so places are on the scale. Across, labels stand upright where one of them has no
    room; the last may be too wide, for letters are read more easily in place, and their "</s>" has
    room beside the chart.

    Args:
        tokens: one for each place.
        step: pixels from one place to the next.
        title: of the axis.
        orient: "left", "top" or "bottom".
    """
    size = font_size(step)
    across, last = orient != "left", len(tokens) - 1
    upright = across and label_width(tokens[:-1], size) > step - 2
    options = {}
    if across and not upright and label_width(tokens[-1:], size) > step - 2:
        at_last = f"datum.value === {last}"
        options["labelAlign"] = {"condition": {"test": at_last, "value": "left"}, "value": "center"}
        options["labelFontSize"] = {"condition": {"test": at_last, "value": 8}, "value": size}
    # JSON is a literal of Vega's expressions as well; "<" as a code so that no "</script>" stands
    # in a page that the chart is put into.
    names = json.dumps([visible(token) for token in tokens]).replace("<", "\\u003c")
    return alt.Axis(
        title=title,
        orient=orient,
        labelExpr=f"{names}[datum.value]",
        labelAngle=-90 if upright else 0,
        labelLimit=_LONGEST,
        labelOverlap=False,
        labelFlush=False,
        labelPadding=4,
        titlePadding=6,
        ticks=False,
        domain=False,
        grid=False,
        **{"labelFontSize": size, **options},
    )


def font_size(step: float) -> int:
    """Return the font size in pixels for labels that stand `step` pixels apart."""
    return int(max(8, min(13, step - 2)))


def label_width(tokens: Sequence[str], size: float) -> float:
    """Estimate the width of the longest label in pixels."""
    longest = max((len(visible(token)) for token in tokens), default=0)
    return min(_LONGEST, longest * size * _LETTER)


def beside(row_labels: Sequence[str]) -> float:
    """Return the pixels that a chart needs beside its cells: labels, title, a last label's end."""
    return label_width(row_labels, 13) + 46


def cell_size(columns: int, rows: int, room: float | None = None) -> float:
    """Return the pixels of a square cell.

    Args:
        columns, rows: how many cells.
        room: pixels across for all columns; None for what a page has in both directions.
    """
    if room is None:
        most = min(_WIDTH / max(1, columns), _HEIGHT / max(1, rows))
        return float(np.clip(most // 1, SMALLEST, LARGEST))
    return float(np.clip(room // max(1, columns), TINIEST, LARGEST))


def weight_scale(ink: str = "white") -> alt.Scale:
    """Return the colours of attention weights, always from 0 to 1; ink as in the heatmap."""
    return alt.Scale(domain=[0, 1], range=list(INKS[ink]), interpolate="rgb", clamp=True)


def gradient_legend(title: str, width: float, values: Sequence[float]) -> alt.Legend:
    """Return a legend that lies below a plot of a width, small enough for a phone."""
    return alt.Legend(
        title=title,
        titleLimit=300,
        titleFontSize=12,
        labelFontSize=12,
        orient="bottom",
        direction="horizontal",
        gradientLength=max(80, min(200, width)),
        gradientThickness=12,
        gradientStrokeColor=GREY,
        gradientStrokeWidth=1,
        values=list(values),
        format=".2~f",
    )


def alignment_rows(
    source: Sequence[str],
    target: Sequence[str],
    weights: Sequence[Sequence[float]],
    gold: Collection[tuple[int, int]] | None = None,
) -> pd.DataFrame:
    """Return the cells that `alignment_heatmap` draws, row by row.

    Args:
        source: S tokens.
        target: T tokens.
        weights: (T, S), how much of each source token went into a target token.
        gold: links (source index, target index), from 0.

    Returns:
        Columns source_index, target_index, source, target, weight, gold ("yes", "no", or None
        without gold).

    Raises:
        ValueError: the weights have another shape.
    """
    weights = np.asarray(weights, dtype=float).reshape(len(weights), -1)
    if weights.shape != (len(target), len(source)):
        raise ValueError(
            f"{len(target)} target and {len(source)} source tokens do not fit weights of shape "
            f"{weights.shape}."
        )
    rows = [
        {
            "source_index": i,
            "target_index": j,
            "source": visible(source[i]),
            "target": visible(target[j]),
            "weight": float(weights[j, i]),
            "gold": None if gold is None else "yes" if (i, j) in gold else "no",
        }
        for j in range(len(target))
        for i in range(len(source))
    ]
    columns = ["source_index", "target_index", "source", "target", "weight", "gold"]
    return pd.DataFrame(rows, columns=columns)


def alignment_heatmap(
    source: Sequence[str],
    target: Sequence[str],
    weights: Sequence[Sequence[float]],
    gold: Collection[tuple[int, int]] | None = None,
    ink: str = "white",
    width: float | None = None,
    marked_row: int | None = None,
) -> alt.LayerChart:
    """Draw attention weights: the source across the top, the target down.

    Args:
        source, target, weights, gold: see `alignment_rows`. Gold links get an outlined square.
        ink: "white" for white as the larger weight on black, as in Bahdanau et al. 2015, figure 3;
            "dark" for dark as the larger weight on white.
        width: pixels for the whole chart, such as 340 for a phone; None for the room of a page.
        marked_row: target index to draw a box around.
    """
    cells = alignment_rows(source, target, weights, gold)
    room = None if width is None else width - beside(target)
    step = cell_size(len(source), len(target), room)
    across = alt.X(
        "source_index:O",
        scale=alt.Scale(domain=list(range(len(source))), padding=0),
        axis=token_axis(source, step, "source", "top"),
    )
    down = alt.Y(
        "target_index:O",
        scale=alt.Scale(domain=list(range(len(target))), padding=0),
        axis=token_axis(target, step, "target"),
    )
    tooltip = [
        alt.Tooltip("source:N", title="source token"),
        alt.Tooltip("target:N", title="target token"),
        alt.Tooltip("weight:Q", title="attention weight", format=".3f"),
    ]
    if gold is not None:
        tooltip.append(alt.Tooltip("gold:N", title="gold"))
    title = "attention weight" if gold is None else "attention weight (outlined: gold)"
    layers = [
        # Inline, because Altair refuses data frames of more than 5,000 rows.
        alt.Chart(alt.InlineData(values=cells.to_dict("records")))
        .mark_rect(**GRID)
        .encode(
            x=across,
            y=down,
            color=alt.Color(
                "weight:Q",
                scale=weight_scale(ink),
                legend=gradient_legend(title, step * len(source), [0, 0.5, 1]),
            ),
            tooltip=tooltip,
        )
    ]
    if gold is not None:
        layers.append(_gold(cells, across, down, tooltip, step))
    if marked_row is not None:
        layers.append(_box(marked_row, down))
    return alt.layer(*layers).properties(
        width=step * len(source), height=step * len(target), autosize=OWN_SIZE
    )


def _gold(cells: pd.DataFrame, across: alt.X, down: alt.Y, tooltip: list, step: float) -> alt.Chart:
    links = cells[cells.gold == "yes"].to_dict("records")
    return (
        alt.Chart(alt.InlineData(values=links))
        .mark_point(
            shape="square",
            filled=False,
            size=(0.62 * step) ** 2,
            stroke=GOLD,
            strokeWidth=2,
            opacity=1,
        )
        .encode(x=across, y=down, tooltip=tooltip)
    )


def _box(row: int, down: alt.Y) -> alt.Chart:
    return (
        alt.Chart(alt.InlineData(values=[{"target_index": row}]))
        .mark_rect(filled=False, stroke=MARK, strokeWidth=3, tooltip=None)
        .encode(x=alt.value(0), x2=alt.value("width"), y=down)
    )
