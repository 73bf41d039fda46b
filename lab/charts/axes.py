"""Axes that carry tokens, cells that have room for them, and legends that fit a phone."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import numpy as np

from lab.charts.palette import GREY

# Streamlit would squeeze axes and legends into the pixels meant for the cells.
OWN_SIZE = "pad"
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
