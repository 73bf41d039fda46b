"""Own places on a chart of error curves: lines with a number at their end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from lab.charts.crops import backscatter, dated, season
from lab.charts.palette import GREY


def with_places(chart: alt.LayerChart, rows: Sequence[Mapping[str, object]]) -> alt.LayerChart:
    """Return a chart of `error_curves` with the series of places drawn over it.

    Args:
        chart: as it is.
        rows: of `lab.crops.series.of_mask`, with kind (the place's number), name and colour.
    """
    if not rows:
        return chart
    data = dated(rows)
    band = str(data.band.iloc[0])
    ink = alt.Color("colour:N", scale=None, legend=None)
    base = alt.Chart(data).encode(
        x=season(data),
        y=backscatter("mean:Q", band),
        detail="kind:N",
        tooltip=[
            alt.Tooltip("name:N", title="place"),
            alt.Tooltip("period:N", title="composite"),
            alt.Tooltip("mean:Q", title="mean (dB)", format=".1f"),
            alt.Tooltip("pixels:Q", format=",d"),
        ],
    )
    ends = data.loc[data.groupby("kind")["day"].idxmax()]
    last = alt.Chart(ends).encode(x=season(data), y=backscatter("mean:Q", band))
    places = alt.layer(
        base.mark_line(strokeWidth=5, opacity=0.5, color=GREY),
        base.mark_line(strokeWidth=3).encode(color=ink),
        base.mark_point(filled=True, size=40, opacity=1).encode(color=ink),
        last.mark_text(dx=12, fontSize=13, fontWeight="bold", color=GREY).encode(text="kind:N"),
    ).resolve_scale(color="independent")
    return alt.layer(*chart.layer, places).properties(
        height=chart.height, width=chart.width, autosize=chart.autosize
    )
