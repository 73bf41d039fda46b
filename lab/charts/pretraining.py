"""A masked model as it learns: what it puts in a blank, and what it thinks of he and she."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lab.charts.axes import OWN_SIZE
from lab.charts.loss import thin
from lab.charts.palette import GREY, RUN_COLOURS

DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])
RATIO = "log p(he) / p(she), nats"
_MOST = 60  # points of a line
_NONE = 1e-6  # probabilities below it lie on the floor of a logarithmic axis


def word_rows(
    samples: Mapping[str, Sequence[tuple[int, Mapping[str, float | None]]]],
) -> pd.DataFrame:
    """Return the rows that `word_lines` draws.

    Args:
        samples: name of a run -> (step, word -> probability) in the order of the steps.

    Returns:
        Columns run, step, word, probability.
    """
    rows = [
        {"run": run, "step": step, "word": word, "probability": max(_NONE, chance)}
        for run, points in samples.items()
        for step, words in thin(list(points), _MOST)
        for word, chance in words.items()
        if chance is not None
    ]
    return pd.DataFrame(rows, columns=["run", "step", "word", "probability"])


def word_lines(
    rows: pd.DataFrame, words: Sequence[str], runs: Sequence[str], width: float, height: int = 210
) -> alt.LayerChart:
    """Draw how probable words are in a blank against training steps.

    Args:
        rows: of `word_rows`.
        words: in the order of their colours; at most six.
        runs: in the order of their dashes.
        width, height: of the whole chart, and of the plot, in pixels.
    """
    base = alt.Chart(_inline(rows)).encode(
        x=_steps(),
        y=alt.Y(
            "probability:Q",
            title="probability (log scale)",
            scale=alt.Scale(type="log", domainMax=1),
            axis=alt.Axis(format="~g", tickCount=4),
        ),
        color=_named("word:N", words, RUN_COLOURS),
        strokeDash=alt.StrokeDash(
            "run:N",
            scale=alt.Scale(domain=list(runs), range=[DASHES[n % 4] for n in range(len(runs))]),
            legend=None
            if len(runs) == 1
            else _legend(1 if max(map(len, runs)) > 20 else 2, "bottom"),
        ),
        tooltip=[
            alt.Tooltip("word:N"),
            alt.Tooltip("probability:Q", format=".2%"),
            alt.Tooltip("step:Q", format=","),
            alt.Tooltip("run:N", title="run"),
        ],
    )
    chart = alt.layer(base.mark_line(strokeWidth=2), base.mark_point(size=60, opacity=0))
    return chart.properties(width=width - 75, height=height, autosize=OWN_SIZE)


def fill_bars(
    before: Mapping[str, float], now: Mapping[str, float], labels: tuple[str, str], width: float
) -> alt.Chart:
    """Draw what stands in a blank at two moments, as pairs of bars.

    Args:
        before, now: word -> probability; a word that one of them lacks has no bar there.
        labels: of the two moments.
        width: of the whole chart in pixels.
    """
    words = list(dict.fromkeys([*now, *before]))
    rows = [
        {"word": word, "when": label, "probability": chances[word]}
        for label, chances in zip(labels, (before, now), strict=True)
        for word in words
        if word in chances
    ]
    data = pd.DataFrame(rows, columns=["word", "when", "probability"])
    return (
        alt.Chart(_inline(data))
        .mark_bar()
        .encode(
            x=alt.X(
                "probability:Q",
                title="probability in the blank",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", tickCount=5),
            ),
            y=alt.Y("word:N", title="token", sort=words, axis=alt.Axis(labelLimit=110)),
            yOffset=alt.YOffset("when:N", sort=list(labels)),
            color=_named("when:N", labels, (GREY, RUN_COLOURS[0]), symbol="square"),
            tooltip=["word:N", "when:N", alt.Tooltip("probability:Q", format=".2%")],
        )
        .properties(width=width - 150, height=26 * max(1, len(words)), autosize=OWN_SIZE)
    )


def ratio_rows(
    runs: Mapping[str, Sequence[tuple[float, Mapping[str, float]]]], less: str = ""
) -> pd.DataFrame:
    """Return the rows that `ratio_panels` and `journey_ratios` draw.

    Args:
        runs: name -> (step or tokens, occupation -> nats) in order.
        less: an occupation whose ratio is taken from all others, "" for none.

    Returns:
        Columns run, at, occupation, ratio.
    """
    rows = [
        {"run": run, "at": at, "occupation": word, "ratio": value - ratios.get(less, 0.0)}
        for run, points in runs.items()
        for at, ratios in thin(list(points), _MOST)
        for word, value in ratios.items()
        if word != less
    ]
    return pd.DataFrame(rows, columns=["run", "at", "occupation", "ratio"])


def ratio_panels(
    rows: pd.DataFrame, occupations: Sequence[str], runs: Sequence[str], width: float, columns: int
) -> alt.FacetChart:
    """Draw for each occupation a small panel: log p(he)/p(she) of each run against its steps.

    Args:
        rows: of `ratio_rows`.
        occupations: in the order of the panels.
        runs: in the order of their colours.
        width: of the whole chart in pixels.
        columns: panels beside each other.
    """
    base = alt.Chart().encode(
        x=_steps("at:Q", 3),
        y=alt.Y("ratio:Q", title="nats", axis=alt.Axis(tickCount=4)),
        color=_named("run:N", runs, RUN_COLOURS),
        tooltip=[
            "occupation:N",
            alt.Tooltip("run:N", title="run"),
            alt.Tooltip("at:Q", title="step", format=","),
            alt.Tooltip("ratio:Q", title=RATIO, format="+.2f"),
        ],
    )
    zero = alt.Chart().mark_rule(color=GREY, strokeDash=[4, 3]).encode(y=alt.datum(0))
    layers = alt.layer(
        zero, base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=30),
        data=_inline(rows),
    )  # fmt: skip
    panel = layers.properties(width=max(70, width / columns - 45), height=100)
    header = alt.Header(title=None, labelFontSize=13, labelFontWeight="bold", labelPadding=2)
    return panel.facet(
        facet=alt.Facet("occupation:N", sort=list(occupations), header=header),
        columns=columns,
        spacing=10,
    )


def journey_curve(
    rows: pd.DataFrame, names: Sequence[str], title: str, width: float, height: int = 200
) -> alt.LayerChart:
    """Draw figures of a long training against the tokens that it had read.

    Args:
        rows: columns tokens, name, value; a name that has no value at a point is left out there.
        names: in the order of their colours.
        title: of the values, with their unit.
        width, height: of the whole chart, and of the plot, in pixels.
    """
    long = sum(map(len, names)) > width / 12
    columns = None if len(names) == 1 else 1 if long and len(names) < 3 else 2
    base = alt.Chart(_inline(rows)).encode(
        x=alt.X(
            "tokens:Q",
            title="tokens read (log scale)",
            scale=alt.Scale(type="log", nice=False, padding=12),
            axis=alt.Axis(format="~s", tickCount=5, grid=False),
        ),
        y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=False, nice=True)),
        color=_named("name:N", names, RUN_COLOURS, columns),
        tooltip=[
            alt.Tooltip("name:N", title="what"),
            alt.Tooltip("tokens:Q", title="tokens read", format=","),
            alt.Tooltip("value:Q", title=title, format=".2f"),
        ],
    )
    layers = [base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=50)]
    if len(rows) and rows["value"].min() < 0 < rows["value"].max():
        zero = alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=GREY, strokeDash=[4, 3])
        layers.insert(0, zero.encode(y=alt.datum(0)))
    return alt.layer(*layers).properties(width=width - 80, height=height, autosize=OWN_SIZE)


def _steps(field: str = "step:Q", ticks: int = 5) -> alt.X:
    axis = alt.Axis(format="~s", tickCount=ticks, tickMinStep=1, grid=False)
    return alt.X(field, title="training steps", axis=axis)


def _legend(columns: int, orient: str = "top", symbol: str = "stroke") -> alt.Legend:
    return alt.Legend(
        title=None,
        orient=orient,
        columns=columns,
        labelLimit=300 if columns == 1 else 185,
        symbolType=symbol,
    )


def _named(
    field: str,
    names: Sequence[str],
    colours: Sequence[str],
    columns: int | None = 4,
    symbol: str = "stroke",
) -> alt.Color:
    scale = alt.Scale(
        domain=list(names), range=[colours[n % len(colours)] for n in range(len(names))]
    )
    if columns is not None and max(map(len, names), default=0) > 16:
        columns = 1 if max(map(len, names)) > 30 else min(columns, 2)
    return alt.Color(
        field, scale=scale, legend=None if columns is None else _legend(columns, "top", symbol)
    )


def _inline(rows: pd.DataFrame) -> alt.InlineData:
    return alt.InlineData(values=rows.to_dict("records"))
