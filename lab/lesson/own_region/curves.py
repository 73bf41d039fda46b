"""What became of the guess, the curves that explain the map, and the figures behind both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crops import error_curves
from lab.charts.own_region import KNOWN, REST, SAID, said_curves
from lab.charts.regions import with_places
from lab.lesson.components.maps.marks import Mark
from lab.lesson.components.maps.worth import table_of
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Switch
from lab.lesson.kit.text import plain
from lab.lesson.own_region import TEXT, map_view
from lab.lesson.own_region.sides import Side

KINDS = ("TP", "FN", "FP")
MOST, HALF, LITTLE = "most, over two thirds", "a third to two thirds", "little, under a third"
RECALLS = (MOST, HALF, LITTLE)
FEW, SOME, MUCH = "under a tenth", "a tenth to four tenths", "more"
SHARES = (FEW, SOME, MUCH)
_WORDS = {"said": SAID, "rest": REST, "TP": KNOWN}

SPREAD = Switch("spread", "Spread", True, TEXT("spread-help"))


def question(mine: Side) -> tuple[str, Sequence[str]]:
    """Return what is to be guessed about the student's place, and the options."""
    title = f"{mine.title[0].lower()}{mine.title[1:]}"
    if mine.figures is None:
        return TEXT("predict-share", model=title), SHARES
    return TEXT("predict-recall", model=title, crop=plain(mine.crop)), RECALLS


def verdict(mine: Side, guess: str) -> tuple[bool | None, str]:
    """Say how much the model found.

    Returns:
        Whether the guess was right, None where there was nothing to guess; and a sentence.
    """
    if mine.figures is None:
        share = mine.outcome["share"]
        right = guess == (FEW if share < 0.1 else SOME if share <= 0.4 else MUCH)
        return right, TEXT("share", share=f"{share:.0%}")
    crop, hectares = plain(mine.crop), mine.figures["hectares"]
    grown = hectares["TP"] + hectares["FN"]
    if not grown:
        return None, TEXT("no-crop", crop=crop)
    recall = hectares["TP"] / grown
    right = guess == (MOST if recall > 2 / 3 else HALF if recall >= 1 / 3 else LITTLE)
    given = {"grown": f"{grown:,.0f}", "wrong": f"{hectares['FP']:,.0f}"}
    return right, TEXT("recall", recall=f"{recall:.0%}", crop=crop, **given)


@dataclass(frozen=True)
class Curves:
    """What the chart shows: the series of the maps, and of the student's marks."""

    series: list[dict[str, Any]]
    places: list[dict[str, Any]]
    judged: bool

    @property
    def empty(self) -> bool:
        """Whether there is no curve of a map to be drawn."""
        return not any(row["kind"] in (*KINDS, *_WORDS) for row in self.series)

    def chart(self, height: int = 340, spread: bool = True) -> alt.LayerChart:
        """Return the chart: errors where labels judge, else what is said."""
        if self.judged:
            rows = [row for row in self.series if row["kind"] in KINDS]
            found = error_curves(rows, height, KINDS, spread)
        else:
            rows = [{**row, "what": _WORDS.get(row["kind"], "")} for row in self.series]
            found = said_curves(rows, height, spread)
        return with_places(found, self.places)

    def table(self, sides: Sequence[Side]) -> pd.DataFrame:
        """Return all series: of the maps, then of the student's own places."""
        synthetic = {side.name: side.facts["synthetic"] for side in sides}
        rows = [{**row, "place": ""} for row in self.series]
        for row in self.places:
            kept = {name: value for name, value in row.items() if name not in ("colour", "name")}
            rows.append({**kept, "kind": "chosen", "place": row["name"]})
        frame = pd.DataFrame(rows)
        frame.insert(0, "model", sides[0].title)
        frame["synthetic"] = [synthetic[name] for name in frame.region]
        return frame


def draw(sides: Sequence[Side], marks: Sequence[Mark], band: str) -> Curves | None:
    """Draw the chart; return what it shows, None with the reason on the page."""
    curves = _curves(sides, marks, band)
    if curves is None:
        return None
    if curves.empty:
        st.caption(TEXT("nothing-drawn"))
        return curves
    spread = SPREAD.draw()
    st.altair_chart(curves.chart(spread=spread), key="curves", width="stretch")
    unjudged = "" if curves.judged else f" {TEXT('plausible')}"
    st.caption(f"{TEXT('curves')}{unjudged}")
    map_view.list_marks(marks, sides, curves.places)
    return curves


def _curves(sides: Sequence[Side], marks: Sequence[Mark], band: str) -> Curves | None:
    marked = map_view.on_sides(marks, sides)
    questions = [side.series(band) for side in sides]
    questions += [side.drawn([marks[n].points for n in numbers], band) for side, numbers in marked]
    answers = ask.several(questions)
    series, drawn = answers[: len(sides)], answers[len(sides) :]
    if any(rows is None for rows in series):
        return None
    places = [
        row
        for (_, numbers), found in zip(marked, drawn, strict=True)
        for number, rows in zip(numbers, found or (), strict=False)
        for row in map_view.series_of(number, marks[number], sides, rows or ())
    ]
    maps = [row for side, rows in zip(sides, series, strict=True) for row in side.called(rows)]
    return Curves(maps, places, sides[0].figures is not None)


def figures(sides: Sequence[Side]) -> None:
    """Draw what the maps are worth, and what stands behind their errors."""
    if sides[0].figures is None:
        area = sides[0].outcome["hectares"]
        size = f"{area:,.1f} ha" if area is not None else f"{sides[0].outcome['share']:.0%}"
        st.markdown(TEXT("no-labels", size=size))
        return
    judged = [(side, side.figures) for side in sides if side.figures is not None]
    heads = [f"{side.name}: {side.crop}" for side, _ in judged]
    st.markdown(table_of(heads, [found for _, found in judged]))
    st.caption(TEXT("figures"))
    for column, kind in zip(st.columns(2, gap="medium"), ("FP", "FN"), strict=True):
        with column:
            st.markdown(TEXT("behind-false" if kind == "FP" else "behind-missed"))
            st.dataframe(
                behind(sides[0].figures, kind),
                hide_index=True,
                key=f"behind-{kind}",
                column_config={"ha": st.column_config.NumberColumn("ha", format="%.1f")},
            )


def behind(judged: Mapping[str, Any], kind: str) -> pd.DataFrame:
    """Return which classes make up the false alarms (FP) or the misses (FN), largest first."""
    total = judged["hectares"][kind]
    rows = [
        {
            "Class": row["class"],
            "ha": row[kind],
            "of these": f"{row[kind] / total:.0%}" if total else "–",
        }
        for row in sorted(judged["classes"], key=lambda row: -row[kind])
        if row["crop"] == (kind == "FN") and row[kind]
    ]
    return pd.DataFrame(rows, columns=["Class", "ha", "of these"])
