"""The curves of both regions on one chart, and the guess beside what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crops import error_curves
from lab.charts.regions import with_places
from lab.crops.missed import MEASURES
from lab.crops.series import SERIES
from lab.lesson.components.maps.marks import Mark
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice, Choices, Switch
from lab.lesson.regions import TEXT, map_view
from lab.lesson.regions.sides import Side

KINDS = ("TP", "FN", "FP")
NONE = "none of these"  # right where no measure tells missed from found fields, or all are missed
OPTIONS = (*MEASURES, NONE)
_CLEAR, _ERRORS = 0.7, 3  # AUC, and standard errors above 0.5, to tell missed from found fields
_EVEN = 0.03  # of an AUC: so near to the best a guess is as good

SERIES_OF = Choice("band", "Curves", SERIES, help=TEXT("band-help"))
PIXELS = Choices("kinds", "Pixels that are", KINDS, KINDS, help=TEXT("kinds-help"))
SPREAD = Switch("spread", "Spread", True, TEXT("spread-help"))


@dataclass(frozen=True)
class Curves:
    """What the chart shows.

    Attributes:
        series: rows of `lab.crops.series.mean_series`, of both regions.
        places: those that the student drew on the maps.
    """

    series: list[dict[str, Any]]
    places: list[map_view.Place]

    def chart(
        self, kinds: Sequence[str] = KINDS, spread: bool = True, height: int = 340
    ) -> alt.LayerChart:
        """Return the chart of some kinds, in the order of `KINDS`."""
        chosen = [kind for kind in KINDS if kind in kinds]
        rows = [row for row in self.series if row["kind"] in chosen]
        own = [row for place in self.places for row in place.rows]
        return with_places(error_curves(rows, height, chosen, spread), own)

    def table(self, sides: Sequence[Side]) -> pd.DataFrame:
        """Return all series: both regions' TP, FN, FP, TN, then the student's own places."""
        scenes = {side.name: side.scene for side in sides}
        rows = [*self.series, *(row for place in self.places for row in place.rows)]
        series = []
        for row in rows:
            scene = scenes[row["region"]]
            kept = {name: value for name, value in row.items() if name not in ("colour", "name")}
            given = {"kind": row.get("name", row["kind"]), "seed": scene.seed}
            series.append({**kept, **given, "acquisitions": scene.acquisitions})
        frame = pd.DataFrame(series)
        frame.insert(0, "model", sides[0].comparison.model)
        frame["synthetic"] = True
        return frame


def draw(sides: Sequence[Side], marks: Sequence[Mark]) -> Curves | None:
    """Draw the chart and return what it shows; None while the workers are at it."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        band, kinds, spread = SERIES_OF.draw(), PIXELS.draw(), SPREAD.draw()
    curves = _curves(sides, marks, band)
    if curves is None:
        return None
    st.altair_chart(curves.chart(kinds, spread), key="curves", width="stretch")
    st.caption(TEXT("curves"))
    map_view.list_places(curves.places, marks)
    return curves


def _curves(sides: Sequence[Side], marks: Sequence[Mark], band: str) -> Curves | None:
    own = [map_view.on_side(marks, number) for number in range(len(sides))]
    series = [side.series(band) for side in sides]
    marked = [(side, numbers) for side, numbers in zip(sides, own, strict=True) if numbers]
    drawn = [side.drawn([marks[n].points for n in numbers], band) for side, numbers in marked]
    answers = ask.several([*series, *drawn])
    if any(rows is None for rows in answers[: len(sides)]):
        return None
    rows = [
        {**row, "region": side.name}
        for side, found in zip(sides, answers[: len(sides)], strict=True)
        for row in found
    ]
    places = {
        n: map_view.place_of(marks, n, side, one)
        for (side, numbers), found in zip(marked, answers[len(sides) :], strict=True)
        for n, one in zip(numbers, found or (), strict=False)
    }
    return Curves(rows, [places[n] for n in sorted(places)])


def verdict(side: Side, guess: str) -> tuple[bool | None, str]:
    """Say which measure tells missed fields from found ones best.

    Returns:
        Whether the guess was right, None where there was nothing to guess; and a sentence.
    """
    found = side.figures["reasons"]
    missed, total = found["missed"], found["missed"] + found["found"]
    if not total:
        return None, TEXT("no-field", crop=side.crop)
    counted = TEXT("missed", place=side.place, missed=missed, total=total, crop=side.crop)
    rows = [row for row in found["measures"] if row["auc"] is not None]
    best = max(rows, key=lambda row: row["auc"], default=None)
    if best is None or best["auc"] < max(_CLEAR, 0.5 + _ERRORS * found["noise"]):
        return guess == NONE, f"{counted} {TEXT(_why_none(found, rows))}"
    mine = next((row for row in rows if row["name"] == guess), None)
    right = mine is not None and mine["auc"] >= best["auc"] - _EVEN
    return right, f"{counted} {_best(mine if mine and right else best)}{_instead(mine, right)}"


def _best(row: Mapping[str, Any]) -> str:
    medians = {name: number(row[name]) for name in ("missed", "found")}
    more = {name: row[name] for name in ("name", "what", "unit")}
    return TEXT("apart", **more, **medians, auc=f"{row['auc']:.0%}")


def _instead(guessed: Mapping[str, Any] | None, right: bool) -> str:
    return f"; your guess would in {guessed['auc']:.0%}." if guessed and not right else "."


def _why_none(found: Mapping[str, Any], rows: Sequence[Any]) -> str:
    if not found["found"]:
        return "all-missed"
    if not found["missed"]:
        return "none-missed"
    return "none-apart" if rows else "too-few"


def number(value: float | None) -> str:
    """Return a median as it is written; three digits are enough."""
    return "–" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
