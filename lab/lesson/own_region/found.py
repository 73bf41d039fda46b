"""What the model makes of the student's place and of the region beside it, asked of workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.crops.scenes.regions import REGIONS
from lab.lesson.lineup import plain
from lab.lesson.own_region.asked import ask
from lab.lesson.own_region.chosen import OURS, SIZE, Chosen

MISSED, FOUND, WRONG = "FN", "TP", "FP"


@dataclass(frozen=True)
class Side:
    """A place as the model sees it.

    Attributes:
        name: on the page; to be escaped where it is Markdown.
        place: for `lab.crops.own`.
        model: as workers call it.
        title: of the model.
        names: path -> name of its files.
        facts: of `lab.crops.own.facts`.
        outcome: of `lab.crops.own.outcome`.
        own: whether it is the student's.
    """

    name: str
    place: Mapping[str, Any]
    model: str
    title: str
    names: Mapping[str, str]
    facts: Mapping[str, Any]
    outcome: Mapping[str, Any]
    own: bool = True

    @property
    def figures(self) -> Mapping[str, Any] | None:
        """Of `lab.crops.compared.judged`, None where no labels of the crop judge the map."""
        return self.outcome["judged"]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the scene."""
        return tuple(self.facts["shape"])

    @property
    def crop(self) -> str:
        """What the map is about."""
        targets = self.facts["targets"]
        return targets[0].split(",")[0] if targets else "rice"

    def picture(self, period: int, band: str) -> dict[str, Any] | None:
        """Return what the viewer draws; None with the reason on the page."""
        found = self._ask("view", model=self.model, period=period, band=band)
        return found and {**found, "name": f"{self.name} · {self.title}"}

    def series(self, band: str) -> list[dict[str, Any]] | None:
        """Return the series of the map, called by this side's name."""
        return self._called(self._ask("series", model=self.model, band=band))

    def drawn(self, places: Sequence, band: str) -> list[list[dict[str, Any]]] | None:
        """Return the series of pixels and polygons."""
        found = self._ask("drawn", places=places, band=band)
        return found and [self._called(rows) for rows in found]

    def _called(self, rows: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
        return rows and [{**row, "region": self.name} for row in rows]

    def _ask(self, function: str, **more: Any) -> Any:
        return ask(function, self.names, place=dict(self.place), **more)


def sides(chosen: Chosen) -> list[Side]:
    """Return the student's place and the region beside it; [] with the reason on the page."""
    with st.spinner("Reading the scene, and asking the model …"):
        mine = _side(chosen, chosen.place, chosen.name, chosen.names)
        if mine is None:
            return []
        if not chosen.beside:
            return [mine]
        region = REGIONS[chosen.beside]
        # Another seed than the forest's, which has learned from scene 0.
        place = {"region": region.key, "seed": 1, "size": SIZE}
        other = _side(chosen, place, f"{region.name} (synthetic)", {}, own=False)
    return [mine, other] if other else [mine]


def _side(
    chosen: Chosen, place: Mapping[str, Any], name: str, names: Mapping[str, str], own: bool = True
) -> Side | None:
    facts = ask("facts", names, place=dict(place))
    outcome = facts and ask("outcome", names, place=dict(place), model=chosen.key)
    if outcome is None:
        return None
    return Side(name, place, chosen.key, chosen.model, names, facts, outcome, own)


def introduce(mine: Side, chosen: Chosen) -> None:
    """Say what is looked at, and what one should know of it."""
    rows, columns = mine.shape
    pixel = mine.facts["pixel"]
    size = f", {columns * pixel / 1000:.1f} x {rows * pixel / 1000:.1f} km" if pixel else ""
    kind = "**synthetic**" if mine.facts["synthetic"] else "not marked as synthetic"
    known = mine.facts["known"]
    said = [
        f"{plain(mine.name)}: {columns:,} x {rows:,} pixels{size}, "
        f"{mine.facts['quantity']}, {kind}."
    ]
    if known < 0.995:
        said.append(f"{known:.0%} of its pixels have data in every composite.")
    if chosen.way != OURS and mine.figures is None:
        said.append("No labels of the crop: nothing says whether the map is right.")
    st.caption(" ".join([*said, *chosen.notes]))
