"""The table of regions: the lab's numbers, from this page or recorded, beside the paper's."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crop_transfer import dots
from lab.crops.network import published
from lab.lesson import pictures
from lab.lesson.kit import keep
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.link import KIT
from lab.lesson.kit.page import Experiment
from lab.lesson.transfer import TEXT, recorded, rivals
from lab.lesson.transfer.catalogue import titled
from lab.lesson.transfer.results import (
    Row,
    compared,
    in_words,
    measured,
    of_this_browser,
    others,
    paper,
    parted,
)
from lab.runs import View

PAGE, RECORDED, PAPER = "this page", "recorded", "paper"
_ORDER = (
    "Forest",
    "Rule",
    "Zero-shot",
    "RI",
    "FT",
    "FT_E",
    "FT_D",
    "Last layer",
    "Last 2 layers",
    "Last 3 layers",
)
_PAIRS = list(published.PAIRS)
FEATURES = Choice("table", "Features of the table", list(published.FEATURES))


def every_run(shown: Sequence[View]) -> list[View]:
    """Return the runs of the link and all others of this browser, each once."""
    every = [*shown, *others(), *of_this_browser()]
    return list({view.run.id: view for view in every}.values())


def every_row(shown: Sequence[View]) -> list[Row]:
    """Return the rows of all three sources, each with its `source`."""
    mine = measured(every_run(shown)) + rivals.rows([*shown, *others()])
    return [
        {**row, "source": source}
        for source, rows in ((PAGE, mine), (RECORDED, recorded.rows()), (PAPER, paper()))
        for row in rows
    ]


def table_tab(page: Experiment) -> None:
    """Draw the table, its chart, and what they say: once the student has guessed."""
    features = FEATURES.draw()
    if not (page.answered or page.lesson.hides("controls")):
        st.caption(KIT("guess-first"))
        return
    rows = every_row(page.shown)
    some = [row for row in rows if row["features"] == features]
    seen = _charts(some)
    mine = [row for row in seen if row["source"] == PAGE]
    st.markdown(TEXT("this-page"))
    if mine:
        _frame(mine)
        st.caption(TEXT("brackets"))
    else:
        st.caption(TEXT("each-run-adds"))
    kept = [row for row in seen if row["source"] == RECORDED]
    if kept:
        st.markdown(TEXT("recorded-head", about=recorded.about()))
        _frame(kept)
    st.markdown(TEXT("paper-head", source=published.SOURCE))
    _frame([row for row in seen if row["source"] == PAPER])
    _in_words(rows)
    fields = ["source", "method", "tuned", "tested", "features", "mean", "low", "high", "n"]
    keep.show(
        keep.Table("Table (CSV)", lambda: pd.DataFrame(rows, columns=fields), "transfer.csv"),
        keep.Picture("Dots", lambda: whole(some, features), "transfer", forms=("png",)),
        prefix="table",
    )


def _charts(rows: Sequence[Row]) -> list[Row]:
    """Draw a chart for each pair of regions; return the rows that are shown."""
    shown = pairs(rows)
    if pictures.on_phone():  # one below another they would be a long way
        shown = [st.selectbox("Tuned in → tested in", shown, format_func=_title, key="dots-of")]
    with st.container(horizontal=True, gap="medium"):
        for pair in shown:
            here = [row for row in rows if (row["tuned"], row["tested"]) == pair]
            chart = dots(here, _title(pair), pictures.third(), ordered(here))
            with st.container(width="content"):
                pictures.show(chart, f"dots-{pair[0]}-{pair[1]}")
    st.caption(TEXT("dots"))
    return [row for row in rows if (row["tuned"], row["tested"]) in shown]


def pairs(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Return the pairs of regions that occur, those of the paper first."""
    found = dict.fromkeys((row["tuned"], row["tested"]) for row in rows)
    return [pair for pair in _PAIRS if pair in found] + [p for p in found if p not in _PAIRS]


def ordered(rows: Sequence[Row]) -> list[str]:
    """Return the methods that occur, rivals first."""
    found = dict.fromkeys(row["method"] for row in rows)

    def place(method: str) -> int:
        base, _ = parted(method)
        return _ORDER.index(base) if base in _ORDER else len(_ORDER)

    return sorted(found, key=place)


def _title(pair: tuple[str, str]) -> str:
    return " → ".join(titled(key) for key in pair)


def frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Return a row for each method, a column for each pair of regions, figures as text."""
    columns = pairs(rows)
    cells = {(row["method"], row["tuned"], row["tested"]): row for row in rows}
    return pd.DataFrame(
        [
            {"Method": method}
            | {_title(pair): written(cells.get((method, *pair))) for pair in columns}
            for method in ordered(rows)
        ]
    )


def written(row: Row | None) -> str:
    """Return a figure with its range over seeds."""
    if row is None:
        return "–"
    if not row["n"]:
        return f"{row['mean']:.2f}"
    if row["n"] == 1:
        return f"{row['mean']:.2f} (1)"
    return f"{row['mean']:.2f} ({row['low']:.2f} to {row['high']:.2f}; {row['n']})"


def _frame(rows: Sequence[Row]) -> None:
    # A plain table: read aloud by screen readers, and light beside five charts.
    st.table(frame(rows), hide_index=True, alt="Mean IoU of methods by region")


def _in_words(rows: Sequence[Row]) -> None:
    theirs = [row for row in rows if row["source"] == PAPER]
    for source, whose in ((PAGE, "This page's numbers"), (RECORDED, "The recorded numbers")):
        ours = [row for row in rows if row["source"] == source]
        if ours:
            st.markdown(in_words(compared(ours, theirs), titled, whose))
    st.caption(TEXT("by-chance"))


def whole(rows: Sequence[Row], features: str) -> alt.LayerChart:
    """Return all pairs of regions in one chart, a row for each method in each pair."""
    named, order = [], []
    for pair in pairs(rows):
        here = [row for row in rows if (row["tuned"], row["tested"]) == pair]
        named += [{**row, "method": f"{_title(pair)}: {row['method']}"} for row in here]
        order += [f"{_title(pair)}: {method}" for method in ordered(here)]
    return dots(named, f"Mean IoU, {features}; tuned in → tested in", 900, order)
