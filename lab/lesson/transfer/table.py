"""The table of regions: the lab's numbers, from this page or recorded, beside the paper's."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crop_transfer import dots
from lab.charts.image import to_image
from lab.crops.network import published
from lab.lesson import pictures
from lab.lesson.shown import views
from lab.lesson.transfer import marks, recorded
from lab.lesson.transfer.catalogue import titled
from lab.lesson.transfer.results import (
    Row,
    compared,
    crops,
    measured,
    of_this_browser,
    others,
    paper,
    parted,
    said,
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


def runs() -> list[View]:
    """Return the runs of the link and all others of this browser, each once."""
    found = {view.run.id: view for view in [*crops(views()), *others(), *of_this_browser()]}
    return list(found.values())


def every_row(shown: Sequence[View]) -> list[Row]:
    """Return the rows of all three sources, each with its `source`."""
    linked = [*crops(views()), *others()]
    mine = measured(shown) + marks.rows(linked)
    return [
        {**row, "source": source}
        for source, rows in ((PAGE, mine), (RECORDED, recorded.rows()), (PAPER, paper()))
        for row in rows
    ]


def tab() -> None:
    """Draw the table, its chart, and what they say."""
    rows = every_row(runs())
    features = st.segmented_control(
        "Features of the table",
        list(published.FEATURES),
        default="VH",
        key="table",
        bind="query-params",
        required=True,
    )
    some = [row for row in rows if row["features"] == features]
    seen = _charts(some)
    mine = [row for row in seen if row["source"] == PAGE]
    st.markdown("**This page**: your runs of this browser and this link, synthetic scenes")
    if mine:
        _frame(mine, "page")
    else:
        st.caption("Train with these features: each run that ends adds to the table.")
    kept = [row for row in seen if row["source"] == RECORDED]
    if kept:
        st.markdown(f"**Recorded** by the lab, synthetic scenes: {recorded.about()}")
        _frame(kept, "recorded")
    st.markdown(
        f"**The paper's**, real data: {published.SOURCE}; it does not say over how many seeds"
    )
    _frame([row for row in seen if row["source"] == PAPER], "paper")
    _say(rows)
    _download(rows, some, features)


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
    st.caption(
        "Tuned in → tested in. A dot is a mean over seeds, the line behind it reaches from the "
        "lowest to the highest. The lab's scenes are synthetic and easier or harder than real "
        "ones: compare the order of methods within one colour, not one colour with another."
    )
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


def _frame(rows: Sequence[Row], key: str) -> None:
    # A plain table: read aloud by screen readers, and light beside five charts.
    st.table(frame(rows), hide_index=True, alt="Mean IoU of methods by region")
    if key == "page":
        st.caption(
            "Mean IoU of the test parts; in brackets lowest to highest, and how many seeds. "
            "Methods with other settings than this lesson's have rows of their own."
        )


def _say(rows: Sequence[Row]) -> None:
    theirs = [row for row in rows if row["source"] == PAPER]
    for source, whose in ((PAGE, "This page's numbers"), (RECORDED, "The recorded numbers")):
        ours = [row for row in rows if row["source"] == source]
        if ours:
            st.markdown(said(compared(ours, theirs), titled, whose))

    st.caption(
        "A seed draws the scenes too, the same for every method. With three seeds, one pair in "
        "four would have one order on all of them by chance alone."
    )


def _download(rows: Sequence[Row], some: Sequence[Row], features: str) -> None:
    fields = ["source", "method", "tuned", "tested", "features", "mean", "low", "high", "n"]
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Table (CSV)",
            lambda: pd.DataFrame(rows, columns=fields).to_csv(index=False).encode(),
            "transfer.csv",
            "text/csv",
            key="table-csv",
            icon=":material/table:",
            on_click="ignore",
        )
        st.download_button(
            "Dots (PNG)",
            lambda: to_image(whole(some, features), "png"),
            "transfer.png",
            "image/png",
            key="table-png",
            icon=":material/image:",
            on_click="ignore",
        )


def whole(rows: Sequence[Row], features: str) -> alt.LayerChart:
    """Return all pairs of regions in one chart, a row for each method in each pair."""
    named, order = [], []
    for pair in pairs(rows):
        here = [row for row in rows if (row["tuned"], row["tested"]) == pair]
        named += [{**row, "method": f"{_title(pair)}: {row['method']}"} for row in here]
        order += [f"{_title(pair)}: {method}" for method in ordered(here)]
    return dots(named, f"Mean IoU, {features}; tuned in → tested in", 900, order)
