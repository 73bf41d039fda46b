"""The curves of both regions on one chart, the guess beside what they show, and the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from lab.charts.crops import error_curves
from lab.charts.regions import with_places
from lab.crops.missed import MEASURES
from lab.crops.series import SERIES
from lab.lesson.components.maps.marks import Mark
from lab.lesson.frame import SKIP, Lesson, hidden
from lab.lesson.regions import viewer
from lab.lesson.regions.chosen import Chosen
from lab.lesson.regions.found import Side

KINDS = ("TP", "FN", "FP")
NONE = "none of these"  # right where no measure tells missed from found fields, or all are missed
OPTIONS = (*MEASURES, NONE)
_CLEAR, _ERRORS = 0.7, 3  # AUC, and standard errors above 0.5, to tell missed from found fields
_EVEN = 0.03  # of an AUC: so near to the best a guess is as good


def question(side: Side) -> str:
    """Return what is to be guessed about the right region."""
    return (
        f"What sets the {side.crop} that the model misses in {side.place} apart? Look at the right "
        "map."
    )


def guessed(lesson: Lesson, side: Side, chosen: Chosen) -> str | None:
    """Ask for the guess; return it, or what stands in the link, or None while there is none.

    A guess belongs to its model and region: of others the link's is none, but it opens the chart.
    One that is taken back leaves the link too.
    """
    mine = f"{side.region.key}-{chosen.key}"
    whose, _, given = st.query_params.get("guess", "").partition(":")
    if hidden("controls"):
        given = given or SKIP
    else:
        key = f"guess-{mine}"
        known = key in st.session_state
        if not known and whose == mine and given in (*OPTIONS, SKIP):
            st.session_state[key] = given  # the link's guess is seen to be chosen
        guess = lesson.predict(question(side), OPTIONS, key)
        if guess:
            st.query_params["guess"] = f"{mine}:{guess}"
            return guess
        if known and whose == mine:
            st.query_params.pop("guess", None)
            return None
    if not given:
        return None
    return given if whose == mine and given in OPTIONS else SKIP


@dataclass(frozen=True)
class Drawn:
    """What the chart shows.

    Attributes:
        series: rows of `lab.crops.series.mean_series`, of both regions.
        places: those that the student drew on the maps.
    """

    series: list[dict[str, Any]]
    places: list[viewer.Place]

    def chart(
        self, kinds: Sequence[str] = KINDS, spread: bool = True, height: int = 340
    ) -> alt.LayerChart:
        """Return the chart of some kinds, in the order of `KINDS`."""
        chosen = [kind for kind in KINDS if kind in kinds]
        rows = [row for row in self.series if row["kind"] in chosen]
        own = [row for place in self.places for row in place.rows]
        return with_places(error_curves(rows, height, chosen, spread), own)


def desk(sides: Sequence[Side], marks: Sequence[Mark], guess: str) -> Drawn:
    """Draw the chart and what became of the guess; return what it shows."""
    right, said = told(sides[1], guess)
    if said:
        (st.success if right else st.info)(said, icon=":material/psychology:")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        band = st.segmented_control(
            "Curves",
            SERIES,
            default=SERIES[0],
            key="band",
            bind="query-params",
            required=True,
            help="VH answers to plants, VV more to water and soil. VH/VV is a difference in dB.",
        )
        kinds = st.pills(
            "Pixels that are",
            KINDS,
            selection_mode="multi",
            default=KINDS,
            key="kinds",
            bind="query-params",
            help="TP: the crop, and found. FN: the crop, but missed. FP: said to be the crop, but "
            "something else.",
        )
        spread = st.toggle(
            "Spread",
            value=True,
            key="spread",
            bind="query-params",
            help="From the 10th to the 90th percentile of the means of fields.",
        )
    band = band if band in SERIES else SERIES[0]
    drawn = Drawn(
        [row for side in sides for row in side.series(band)],
        viewer.places(marks, sides, band),
    )
    st.altair_chart(drawn.chart(kinds, spread), key="curves", width="stretch")
    st.caption(
        "Lines: mean over all pixels of a kind, taken in power; bands: 10th to 90th percentile of "
        "the means of fields, or of single pixels where fields are few. Each point is a composite "
        "of about 20 days; its operator is named: a minimum lies low, a maximum high. Shaded: "
        "growth stages of rice in Korea. Synthetic scenes."
    )
    viewer.listed(drawn.places, marks)
    return drawn


def told(side: Side, guess: str) -> tuple[bool, str]:
    """Say which measure tells missed fields from found ones best, and what the guess was worth.

    Returns:
        Whether the guess was right, and a sentence.
    """
    found = side.figures["reasons"]
    missed, total = found["missed"], found["missed"] + found["found"]
    if not total:
        return False, f"There is no field of {side.crop} in this scene."
    counted = f"In {side.place} {missed} of {total} fields of {side.crop} are missed."
    rows = [row for row in found["measures"] if row["auc"] is not None]
    best = max(rows, key=lambda row: row["auc"], default=None)
    if best is None or best["auc"] < max(_CLEAR, 0.5 + _ERRORS * found["noise"]):
        return guess == NONE, f"{_start(guess, guess == NONE)}{counted} {_untold(found, rows)}"
    mine = next((row for row in rows if row["name"] == guess), None)
    right = mine is not None and mine["auc"] >= best["auc"] - _EVEN
    best = mine if right else best
    said = (
        f"{_start(guess, right)}{counted} **What tells them apart best: {best['name']}.** "
        f"{best['what']}: {number(best['missed'])} {best['unit']} in missed fields, "
        f"{number(best['found'])} in found ones (medians). Of a missed and a found field, drawn by "
        f"lot, this picks the missed one in {best['auc']:.0%}"
    )
    return right, said + (
        f"; your guess would in {mine['auc']:.0%}." if mine and not right else "."
    )


def _start(guess: str, right: bool) -> str:
    if guess not in OPTIONS:
        return ""
    return "You guessed it. " if right else f"You guessed “{guess}”. "


def _untold(found: Mapping[str, Any], rows: Sequence[Any]) -> str:
    if not found["found"]:
        return "It misses all of them, whatever they are like: **none of the four** sets any apart."
    if not found["missed"]:
        return "It misses none of them: there is nothing to set apart."
    if not rows:
        return "Too few on one side: **none of the four** can set them apart."
    return "**None of the four measures** tells them clearly from the others."


def number(value: float | None) -> str:
    """Return a median as it is written; three digits are enough."""
    return "–" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
