"""The guess, the curves that explain the map, and the figures where labels judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lab.charts.crops import error_curves
from lab.charts.own_region import KNOWN, REST, SAID, said_curves
from lab.charts.regions import with_places
from lab.lesson.components.maps.marks import Mark
from lab.lesson.frame import SKIP, Lesson, hidden
from lab.lesson.lineup import plain
from lab.lesson.own_region import viewer
from lab.lesson.own_region.chosen import Chosen, digest
from lab.lesson.own_region.found import Side

KINDS = ("TP", "FN", "FP")
MOST, HALF, LITTLE = "most, over two thirds", "a third to two thirds", "little, under a third"
RECALLS = (MOST, HALF, LITTLE)
FEW, SOME, MUCH = "under a tenth", "a tenth to four tenths", "more"
_WORDS = {"said": SAID, "rest": REST, "TP": KNOWN}


def guessed(lesson: Lesson, mine: Side, chosen: Chosen) -> str | None:
    """Ask for the guess; return it, or what stands in the link, or None while there is none.

    A guess belongs to its place and model: the link's counts for no other.
    """
    whose, _, given = st.query_params.get("guess", "").partition(":")
    here, options = digest(chosen), (FEW, SOME, MUCH) if mine.figures is None else RECALLS
    known = given if whose == here and given in (*options, SKIP) else None
    if hidden("controls"):
        return known or SKIP
    title = f"{mine.title[0].lower()}{mine.title[1:]}"
    question = f"How much of this land does the {title} call rice?"
    if mine.figures is not None:
        question = f"Will the {title} find the {plain(mine.crop)} here? How much of it?"
    guess = lesson.predict(question, options, f"guess-{here}")
    if guess:
        st.query_params["guess"] = f"{here}:{guess}"
    return guess or known


def _verdict(guess: str, right: bool) -> str:
    return "" if guess == SKIP else "You guessed it. " if right else "Not as you guessed. "


def told(mine: Side, guess: str) -> tuple[bool, str]:
    """Say what became of a guess: whether it was right, and a sentence."""
    if mine.figures is None:
        share = mine.outcome["share"]
        right = guess == (FEW if share < 0.1 else SOME if share <= 0.4 else MUCH)
        return (
            right,
            f"{_verdict(guess, right)}It calls **{share:.0%}** of the land with data rice.",
        )
    ha = mine.figures["hectares"]
    grown = ha["TP"] + ha["FN"]
    if not grown:
        return False, f"There is no {plain(mine.crop)} in these labels."
    recall = ha["TP"] / grown
    right = guess == (MOST if recall > 2 / 3 else HALF if recall >= 1 / 3 else LITTLE)
    alarm = f"{ha['FP']:,.0f} ha of what it says is something else"
    return right, (
        f"{_verdict(guess, right)}It finds **{recall:.0%}** of the {grown:,.0f} ha of "
        f"{plain(mine.crop)} (recall), and {alarm}."
    )


@dataclass(frozen=True)
class Drawn:
    """What the chart shows: the series of the maps, and of the student's marks."""

    series: list[dict[str, Any]]
    places: list[dict[str, Any]]
    judged: bool

    def chart(self, height: int = 340, spread: bool = True) -> alt.LayerChart:
        """Return the chart: errors where labels judge, else what is said."""
        if self.judged:
            rows = [row for row in self.series if row["kind"] in KINDS]
            found = error_curves(rows, height, KINDS, spread)
        else:
            rows = [{**row, "what": _WORDS.get(row["kind"], "")} for row in self.series]
            found = said_curves(rows, height, spread)
        return with_places(found, self.places)


def desk(sides: Sequence[Side], marks: Sequence[Mark], chosen: Chosen, guess: str) -> Drawn | None:
    """Draw what became of the guess and the chart; return what it shows."""
    mine = sides[0]
    right, said = told(mine, guess)
    (st.success if right else st.info)(said, icon=":material/psychology:")
    rows = [side.series(chosen.band) for side in sides]
    if any(each is None for each in rows):
        return None
    drawn = Drawn(
        [row for each in rows for row in each],
        viewer.series(marks, sides, chosen.band),
        mine.figures is not None,
    )
    if not any(row["kind"] in (*KINDS, *_WORDS) for row in drawn.series):
        st.caption("There is nothing to draw: the map says nothing, and there is nothing to miss.")
        return drawn
    spread = st.toggle(
        "Spread",
        value=True,
        key="spread",
        bind="query-params",
        help="From the 10th to the 90th percentile of the means of fields.",
    )
    st.altair_chart(drawn.chart(spread=spread), key="curves", width="stretch")
    st.caption(
        "Lines: mean over all pixels of a kind, taken in power; bands: 10th to 90th percentile of "
        "the means of fields, or of single pixels where fields are not known. Each point is a "
        "composite, its operator named above. Shaded: growth stages of rice in Korea."
        + ("" if drawn.judged else " Without labels a map is not right or wrong, only plausible.")
    )
    viewer.listed(marks, sides, drawn.places)
    return drawn


def figures(sides: Sequence[Side]) -> None:
    """Draw what the maps are worth, and what stands behind their errors."""
    judged = [side for side in sides if side.figures is not None]
    if sides[0].figures is None:
        area = sides[0].outcome["hectares"]
        said = f"{area:,.1f} ha" if area is not None else f"{sides[0].outcome['share']:.0%}"
        st.markdown(f"Said to be rice: **{said}**. Bring labels to learn what that is worth.")
        return
    st.markdown("\n".join(_table(judged)))
    st.caption(
        "**IoU** = TP / (TP + FN + FP), **F1** = 2 TP / (2 TP + FN + FP): 1 is a perfect map. In "
        "brackets: 95 % of bootstrap samples of tiles of 64 x 64 pixels; it covers other fields of "
        "this scene, not other places or years."
    )
    left, right = st.columns(2, gap="medium")
    for column, kind, title in (
        (left, "FP", "**Behind the false alarms**: what really grows there"),
        (right, "FN", "**Behind the misses**: which kind of the crop"),
    ):
        with column:
            st.markdown(title)
            st.dataframe(
                behind(sides[0], kind),
                hide_index=True,
                key=f"behind-{kind}",
                column_config={"ha": st.column_config.NumberColumn("ha", format="%.1f")},
            )


def _table(sides: Sequence[Side]) -> list[str]:
    heads = " | ".join(f"{plain(side.name)}: {plain(side.crop)}" for side in sides)
    rows = [f"| | {heads} |", "|---|" + "---|" * len(sides)]
    for key, name in (("iou", "IoU"), ("f1", "F1")):
        values = (side.figures[key] for side in sides)
        cells = (f"**{a:.2f}** ({b:.2f} to {c:.2f})" if a == a else "–" for a, b, c in values)
        rows.append(f"| {name} | {' | '.join(cells)} |")
    for kind, name in (("TP", "found"), ("FN", "missed"), ("FP", "false alarm")):
        cells = (f"{side.figures['hectares'][kind]:,.1f} ha" for side in sides)
        rows.append(f"| {kind}, {name} | {' | '.join(cells)} |")
    return rows


def behind(side: Side, kind: str) -> pd.DataFrame:
    """Return which classes make up the false alarms (FP) or the misses (FN), largest first."""
    total = side.figures["hectares"][kind]
    rows = [
        {
            "Class": row["class"],
            "ha": row[kind],
            "of these": f"{row[kind] / total:.0%}" if total else "–",
        }
        for row in sorted(side.figures["classes"], key=lambda row: -row[kind])
        if row["crop"] == (kind == "FN") and row[kind]
    ]
    return pd.DataFrame(rows, columns=["Class", "ha", "of these"])
