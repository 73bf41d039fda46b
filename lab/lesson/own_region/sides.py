"""What the model makes of the student's place and of the region beside it, asked of workers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.crops.scenes.regions import REGIONS
from lab.lesson.kit import ask
from lab.lesson.kit.text import plain
from lab.lesson.own_region.our_file import SIZE
from lab.lesson.own_region.questions import asking, named
from lab.lesson.own_region.region import OURS, OwnRegion

_OTHER_SEED = 1  # not the forest's, which has learned from scene 0
Asked = tuple[Hashable, ask.Send, str]


@dataclass(frozen=True)
class Side:
    """A place as the model sees it.

    Attributes:
        name: on the page; to be escaped where it is Markdown.
        place: for `lab.crops.own`.
        model: as workers call it.
        title: of the model.
        facts: of `lab.crops.own.facts`.
        outcome: of `lab.crops.own.outcome`.
    """

    name: str
    place: Mapping[str, Any]
    model: str
    title: str
    facts: Mapping[str, Any]
    outcome: Mapping[str, Any]

    @property
    def figures(self) -> Mapping[str, Any] | None:
        """Of `lab.crops.compared.judged`, None where no labels of the crop judge the map."""
        return self.outcome["judged"]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the scene."""
        rows, columns = self.facts["shape"]
        return rows, columns

    @property
    def crop(self) -> str:
        """What the map is about."""
        targets = self.facts["targets"]
        return targets[0].split(",")[0] if targets else "rice"

    def picture(self, period: int, band: str) -> Asked:
        """Return the question for what the viewer draws."""
        return self._asking("view", model=self.model, period=period, band=band)

    def series(self, band: str) -> Asked:
        """Return the question for the series of the map."""
        return self._asking("series", model=self.model, band=band)

    def drawn(self, places: Sequence[Any], band: str) -> Asked:
        """Return the question for the series of pixels and polygons."""
        return self._asking("drawn", places=places, band=band)

    def called(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return rows of a series, called by this side's name."""
        return [{**row, "region": self.name} for row in rows]

    def _asking(self, function: str, **more: Any) -> Asked:
        return asking(function, place=dict(self.place), **more)


def sides(region: OwnRegion) -> list[Side] | None:
    """Return the student's place and the region beside it; None with the reason on the page."""
    places = [(region.name, region.place)]
    if region.beside:
        beside = REGIONS[region.beside]
        place = {"region": beside.key, "seed": _OTHER_SEED, "size": SIZE}
        places.append((f"{beside.name} (synthetic)", place))
    questions = [asking("seen", place=dict(place), model=region.key) for _, place in places]
    found = ask.several(questions, said=lambda text: named(text, region.names))
    if found[0] is None or any(ask.under_way(key) for key, _, _ in questions):
        return None
    return [
        Side(name, place, region.key, region.model, one["facts"], one["outcome"])
        for (name, place), one in zip(places, found, strict=True)
        if one is not None
    ]


def introduce(mine: Side, region: OwnRegion) -> None:
    """Say what is looked at, and what one should know of it."""
    rows, columns = mine.shape
    pixel = mine.facts["pixel"]
    size = f", {columns * pixel / 1000:.1f} x {rows * pixel / 1000:.1f} km" if pixel else ""
    kind = "**synthetic**" if mine.facts["synthetic"] else "not marked as synthetic"
    known = mine.facts["known"]
    sentences = [
        f"{plain(mine.name)}: {columns:,} x {rows:,} pixels{size}, "
        f"{mine.facts['quantity']}, {kind}."
    ]
    if known < 0.995:
        sentences.append(f"{known:.0%} of its pixels have data in every composite.")
    if region.way != OURS and mine.figures is None:
        sentences.append("No labels of the crop: nothing says whether the map is right.")
    st.caption(" ".join([*sentences, *region.notes]))
