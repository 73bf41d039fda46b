"""The maps on the page, and what the student draws on them; all of it in the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.crops.stack import BANDS, PERIODS
from lab.lesson import pictures
from lab.lesson.components.maps import maps
from lab.lesson.components.maps.link import LOOK, MARKS, marks_within, remove_mark
from lab.lesson.components.maps.marks import MOST_MARKS, POLYGON, Mark, colour
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.text import plain
from lab.lesson.regions import TEXT
from lab.lesson.regions.sides import Side

LABELS = [period.label for period in PERIODS]
COMPOSITE = Choice(
    "composite", "Radar image in grey", LABELS, look="select", help=TEXT("composite-help")
)
BAND = Choice("grey", "Polarisation", BANDS)


def choose_composite() -> None:
    """Draw the choice of the radar image in grey, below the maps that show it."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        COMPOSITE.draw(width=260)
        BAND.draw()


def draw(sides: Sequence[Side]) -> list[Mark]:
    """Draw the maps; return what is drawn on them."""
    marks = marks_within([side.shape for side in sides])
    maps(
        *(side.picture for side in sides),
        key="viewer",
        look=LOOK.get(),
        marks=marks,
        height=340 if pictures.on_phone() else 430,
        drawn=lambda mark: MARKS.set([*marks, mark][-MOST_MARKS:]),
        looked=LOOK.set,
    )
    return marks


@dataclass(frozen=True)
class Place:
    """A pixel or polygon that the student drew, and what lies in it.

    Attributes:
        mark: as it was drawn.
        name: such as "1 · Spain, pixel at row 12, column 40".
        colour: on maps and chart.
        region: key of the region it lies in.
        side: name of that side.
        found: of `lab.crops.compared.drawn_on`.
    """

    mark: Mark
    name: str
    colour: str
    region: str
    side: str
    found: Mapping[str, Any]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its series, for the chart."""
        more = {"region": self.side, "name": self.name, "colour": self.colour}
        return [{**row, "kind": self.name.split()[0], **more} for row in self.found["rows"]]

    @property
    def contents(self) -> str:
        """What grows there and what the map makes of it, in short."""
        pixels = self.found["pixels"]
        if pixels == 1:
            return f"{next(iter(self.found['classes']), 'not known')}, {_most(self.found['kinds'])}"
        parts = [f"{share:.0%} {name}" for name, share in list(self.found["classes"].items())[:2]]
        kinds = [f"{share:.0%} {kind}" for kind, share in self.found["kinds"].items() if share]
        return f"{pixels:,} pixels: {', '.join(parts)}; {', '.join(kinds)}"


def _most(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda name: shares[name]) if any(shares.values()) else "not known"


def on_side(marks: Sequence[Mark], number: int) -> list[int]:
    """Return the numbers of the marks on the left (0) or the right (1) map."""
    return [n for n, mark in enumerate(marks) if mark.map == number]


def place_of(marks: Sequence[Mark], n: int, side: Side, found: Mapping[str, Any]) -> Place:
    """Return the place of a mark.

    Args:
        marks: all of them.
        n: the number of this one, from 0.
        side: that it lies on.
        found: of `lab.crops.compared.drawn_on`.
    """
    name = f"{n + 1} · {side.name}, {_where(marks[n])}"
    return Place(marks[n], name, colour(n), side.scene.region.key, side.name, found)


def _where(mark: Mark) -> str:
    row, column = (int(value) for value in mark.points[0])
    if mark.kind == POLYGON:
        return f"polygon from row {row}, column {column}"
    return f"pixel at row {row}, column {column}"


def list_places(places: Sequence[Place], marks: Sequence[Mark]) -> None:
    """Draw the list of places, each with a button that removes it."""
    if not marks:
        st.caption(TEXT("no-marks"))
        return
    for number, place in enumerate(places):
        st.button(
            f':color[■]{{foreground="{place.colour}"}} **{plain(place.name)}** · '
            f"{plain(place.contents)}",
            key=f"unmark-{number}",
            icon=":material/close:",
            type="tertiary",
            help="Remove it",
            on_click=remove_mark,
            args=(marks, marks.index(place.mark)),
        )
    if len(marks) > 1:
        st.button(
            "Remove all", key="unmark", icon=":material/close:", on_click=remove_mark, args=(marks,)
        )
