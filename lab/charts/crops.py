"""A season on one axis: curves of backscatter, growth stages behind, operators above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import altair as alt
import pandas as pd

from lab.charts.palette import GREY, OUTCOMES

Rows = Sequence[Mapping[str, object]] | pd.DataFrame
COLOURS = {**OUTCOMES, "unknown": "#00000000", "crop": OUTCOMES["TP"], "chosen": "#CC79A7"}
NAMES = {
    "TP": "TP, crop and found",
    "FN": "FN, crop but missed",
    "FP": "FP, said but not there",
    "TN": "TN, rest",
    "chosen": "chosen by you",
}
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8d6bdb", "#8f8a1e")
# A class keeps its colour from chart to chart. Classes of one region, and of the chart of barley,
# differ by 15 or more in CIELAB, also to eyes without green or red cones (Machado et al. 2009).
GROWN = {
    "rice, Korea": "#8f8a1e",
    "rice, Spain": "#009E73",
    "rice, France, rising": "#009E73",
    "rice, France, steady": "#D55E00",
    "barley": "#b03a2e",
    "winter wheat": "#CC79A7",
    "maize": "#E69F00",
    "sunflower": "#b6aa52",
    "rapeseed": "#79a47a",
    "meadow": "#56B4E9",
    "trees or town": "#5f6b76",
    "water": "#0072B2",
}
SEASON = "period of the season (any year)"
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond")
# Across as wide as the page lets it be, all told; down as high as the plot was asked to be.
ROOM_ACROSS = alt.AutoSizeParams(type="fit-x", contains="padding")
WORDS = 34  # pixels above the plot for stages and operators
_STAGE = (0.16, 0.06)  # opacities of the bands, one after the other


def error_curves(
    rows: Rows, height: int = 340, kinds: Sequence[str] = ("TP", "FN", "FP"), spread: bool = True
) -> alt.LayerChart:
    """Draw the mean series of what maps got right and wrong (Jo et al. 2022, Figure 1).

    Args:
        rows: of `lab.crops.series`, of one region or several: region, kind, band, period, day,
            first, last (days of the year), operator, stage, mean, low, high (dB), spread, pixels.
        height: of the plot in pixels.
        kinds: that are drawn, in the order of the legend.
        spread: whether to draw the band from low to high.
    """
    data = dated(rows)
    data = data[data.kind.isin(kinds)]
    regions = list(dict.fromkeys(data.region))
    shown = [kind for kind in kinds if kind in set(data.kind)]
    band = data.band.iloc[0] if len(data) else "VH"
    # Regions without data of a kind have no line; two of one name would become one line.
    base = alt.Chart(data).encode(
        x=season(data),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=shown, range=[COLOURS[kind] for kind in shown]),
            legend=legend(_named(shown), 1, offset=WORDS),
        ),
        detail="region:N",
        tooltip=[
            alt.Tooltip("region:N"),
            alt.Tooltip("kind:N", title="pixels that are"),
            alt.Tooltip("period:N", title="composite"),
            alt.Tooltip("mean:Q", title="mean (dB)", format=".1f"),
            alt.Tooltip("low:Q", title="10 % below (dB)", format=".1f"),
            alt.Tooltip("high:Q", title="10 % above (dB)", format=".1f"),
            alt.Tooltip("spread:N", title="spread over"),
            alt.Tooltip("pixels:Q", format=",d"),
        ],
    )
    height_of = backscatter("mean:Q", band)
    by_region = {
        "strokeDash": _by(alt.StrokeDash, regions, DASHES),
        "shape": _by(alt.Shape, regions, SHAPES),
    }
    layers = [
        base.mark_line(strokeWidth=2.5).encode(y=height_of, strokeDash=by_region["strokeDash"]),
        base.mark_point(filled=True, size=52, opacity=1).encode(
            y=height_of, shape=by_region["shape"]
        ),
    ]
    if spread:
        edges = {"y": backscatter("low:Q", band), "y2": alt.Y2("high:Q")}
        layers.insert(0, base.mark_area(opacity=0.13).encode(**edges))
    return over_season(layers, data, height)


def calendar(
    rows: Rows, periods: Rows, band: str = "VH", targets: Sequence[str] = (), height: int = 300
) -> alt.LayerChart:
    """Draw what each class of a region looks like through the season.

    Args:
        rows: class, day (of the year), value (dB), and basis (where the figures are from).
        periods: period, day, first, last, operator, stage: for bands and words around.
        band: of the axis, "VH" or "VV".
        targets: the classes that are looked for; their lines are thicker.
        height: of the plot in pixels.
    """
    data = dated(pd.DataFrame(rows)).rename(columns={"class": "grown"})
    names = list(dict.fromkeys(data.grown))
    wide = alt.FieldOneOfPredicate(field="grown", oneOf=list(targets))
    lines = (
        alt.Chart(data)
        .mark_line()
        .encode(
            x=season(data),
            y=backscatter("value:Q", band),
            color=alt.Color(
                "grown:N",
                scale=alt.Scale(domain=names, range=grown_colours(names)),
                legend=legend(offset=WORDS),
            ),
            strokeWidth=alt.condition(wide, alt.value(4), alt.value(1.6)),
            strokeDash=alt.condition(wide, alt.value([1, 0]), alt.value([5, 2])),
            tooltip=[
                alt.Tooltip("grown:N", title="class"),
                alt.Tooltip("date:T", format="%-d %b"),
                alt.Tooltip("value:Q", title=f"{band} (dB)", format=".1f"),
                alt.Tooltip("basis:N", title="figures"),
            ],
        )
    )
    return over_season([lines], dated(periods), height)


def grown_colours(names: Sequence[str]) -> list[str]:
    """Return the colour of each class: its own of `GROWN`, or one that no other here has."""
    taken = {GROWN[name] for name in names if name in GROWN}
    free = [colour for colour in PALETTE if colour not in taken] or list(PALETTE)
    others = [name for name in names if name not in GROWN]
    more = {name: free[place % len(free)] for place, name in enumerate(others)}
    return [GROWN.get(name) or more[name] for name in names]


def dated(rows: Rows) -> pd.DataFrame:
    """Return rows as a table, days of the year (day, first, last) as dates besides."""
    data = pd.DataFrame(rows)
    for column, name in (("day", "date"), ("first", "begin"), ("last", "end")):
        if column in data:
            # As text without a time zone: a browser reads it as local, on the very day.
            data[name] = [_date(day) for day in data[column]]
    return data


def _date(day: float) -> str:
    return (date(2021, 1, 1) + timedelta(days=round(float(day) - 1))).strftime("%Y/%m/%d")


def season(rows: pd.DataFrame, title: str | None = SEASON) -> alt.X:
    """Return the axis of dates, with the name of each month at its middle.

    Args:
        rows: of `dated`: from the first of its days to the last.
        title: of the axis.
    """
    days = [day for name in ("begin", "date", "end") if name in rows for day in rows[name]]
    first, last = min(days, default="2021/05/01"), max(days, default="2021/10/31")
    middles = [month for month in range(1, 13) if first <= f"2021/{month:02d}/15" <= last]
    return alt.X(
        "date:T",
        title=title,
        scale=alt.Scale(nice=False, padding=6),
        axis=alt.Axis(
            format="%b",
            values=[alt.DateTime(year=2021, month=month, date=15) for month in middles],
            ticks=False,
            grid=False,
        ),
    )


def backscatter(field: str, band: str) -> alt.Y:
    """Return the axis of backscatter in decibels."""
    what = "VH / VV ratio (dB)" if "/" in band else f"{band} backscatter (dB)"
    return alt.Y(field, title=what, scale=alt.Scale(zero=False, nice=True))


def over_season(layers: Sequence[alt.Chart], rows: pd.DataFrame, height: int) -> alt.LayerChart:
    """Lay curves over the growth stages, with the names of stages and operators above.

    Args:
        layers: charts over `season()`.
        rows: of `dated`, with begin, end, date, operator, stage, period; empty for neither.
        height: of the plot in pixels.
    """
    return alt.layer(*behind(rows), *layers).properties(
        height=height, width="container", autosize=ROOM_ACROSS
    )


def behind(rows: pd.DataFrame) -> list[alt.Chart]:
    """Return the layers of stages (bands) and, above the plot, their names and the operators."""
    if not len(rows):
        return []
    periods = rows.drop_duplicates("period")[["period", "date", "begin", "end", "operator"]]
    stages = rows.groupby("stage", sort=False).agg(begin=("begin", "min"), end=("end", "max"))
    stages = stages.reset_index()
    stages["shade"] = [_STAGE[place % 2] for place in range(len(stages))]
    middle = [
        pd.Timestamp(a) + (pd.Timestamp(b) - pd.Timestamp(a)) / 2
        for a, b in zip(stages.begin, stages.end, strict=True)
    ]
    stages["date"] = [day.strftime("%Y/%m/%d") for day in middle]
    band = (
        alt.Chart(stages)
        .mark_rect(color=GREY)
        .encode(
            x=alt.X("begin:T"), x2="end:T", opacity=alt.Opacity("shade:Q", scale=None, legend=None)
        )
    )
    words = {"color": GREY, "fontSize": 11, "baseline": "middle"}
    return [
        band,
        alt.Chart(stages)
        .mark_text(**words, fontStyle="italic")
        .encode(x=season(rows), y=alt.value(-21), text="stage:N"),
        alt.Chart(periods)
        .mark_text(**words)
        .encode(
            x=season(rows),
            y=alt.value(-8),
            text="operator:N",
            tooltip=[alt.Tooltip("period:N", title="composite")],
        ),
    ]


def legend(label: str | None = None, columns: int = 2, **options) -> alt.Legend:
    """Return a legend above the plot and what stands there, narrow enough for a phone."""
    options |= {"labelExpr": label} if label else {}
    return alt.Legend(
        title=None,
        orient="top",
        columns=columns,
        labelLimit=230,
        symbolOpacity=1,
        **options,
    )


def _named(kinds: Sequence[str]) -> str:
    """Return Vega's expression that writes a kind in words."""
    words = ", ".join(f"'{kind}': '{NAMES[kind]}'" for kind in kinds)
    return f"{{{words}}}[datum.value]"


def _by(channel: type, names: Sequence[str], choices: Sequence):
    taken = [choices[place % len(choices)] for place in range(len(names))]
    shown = legend(columns=1, offset=WORDS) if len(names) > 1 else None
    if shown is not None:  # their black would be lost on a dark page
        shown.symbolStrokeColor, shown.symbolFillColor = GREY, GREY
    return channel("region:N", scale=alt.Scale(domain=list(names), range=taken), legend=shown)
