"""Curves of a map that nothing judges: what it calls the crop, and what it has learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from lab.charts.crops import COLOURS, WORDS, backscatter, dated, legend, over_season, season
from lab.charts.palette import GREY

SAID, REST = "said to be the crop", "said to be something else"
KNOWN = "found in the region beside"
_INKS = {SAID: COLOURS["crop"], REST: GREY, KNOWN: "#CC79A7"}
_DASHES = {SAID: [1, 0], REST: [1, 0], KNOWN: [6, 3]}


def said_curves(
    rows: Sequence[Mapping[str, object]], height: int = 340, spread: bool = True
) -> alt.LayerChart:
    """Draw the mean series of a map without labels.

    Args:
        rows: of `lab.crops.series`, with "what" one of SAID, REST, KNOWN.
        height: of the plot in pixels.
        spread: whether to draw the band from low to high.
    """
    data = dated([row for row in rows if row["what"] in _INKS])
    shown = [what for what in _INKS if what in set(data.what)]
    band = str(data.band.iloc[0])
    base = alt.Chart(data).encode(
        x=season(data),
        color=alt.Color(
            "what:N",
            scale=alt.Scale(domain=shown, range=[_INKS[what] for what in shown]),
            legend=legend(columns=1, offset=WORDS),
        ),
        tooltip=[
            alt.Tooltip("region:N"),
            alt.Tooltip("what:N", title="pixels that are"),
            alt.Tooltip("period:N", title="composite"),
            alt.Tooltip("mean:Q", title="mean (dB)", format=".1f"),
            alt.Tooltip("low:Q", title="10 % below (dB)", format=".1f"),
            alt.Tooltip("high:Q", title="10 % above (dB)", format=".1f"),
            alt.Tooltip("pixels:Q", format=",d"),
        ],
    )
    level = backscatter("mean:Q", band)
    layers = [
        base.mark_line(strokeWidth=2.5).encode(
            y=level,
            strokeDash=alt.StrokeDash(
                "what:N",
                scale=alt.Scale(domain=shown, range=[_DASHES[what] for what in shown]),
                legend=None,
            ),
        ),
        base.mark_point(filled=True, size=48, opacity=1).encode(y=level),
    ]
    if spread:
        edges = {"y": backscatter("low:Q", band), "y2": alt.Y2("high:Q")}
        layers.insert(0, base.mark_area(opacity=0.13).encode(**edges))
    return over_season(layers, data, height)
