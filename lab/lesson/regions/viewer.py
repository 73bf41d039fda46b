"""The maps on the page, and what the student draws on them; all of it in the link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.crops.stack import BANDS, PERIODS
from lab.lesson import pictures
from lab.lesson.components.maps import Look, maps
from lab.lesson.components.maps.link import keep_look, keep_marks
from lab.lesson.components.maps.marks import (
    MOST_MARKS,
    POLYGON,
    Mark,
    colour,
    read,
    written,
)
from lab.lesson.lineup import plain
from lab.lesson.regions.found import Side


def grey() -> tuple[int, str]:
    """Draw the choice of the radar image; return its number from 0, and its band."""
    labels = [period.label for period in PERIODS]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        period = st.selectbox(
            "Radar image in grey",
            labels,
            key="composite",
            bind="query-params",
            width=260,
            help="A composite: the acquisitions of these days made into one image by minimum, "
            "mean or maximum, as in Jo et al. 2022. Rice under water is black in May or June.",
        )
        band = st.segmented_control(
            "Polarisation", BANDS, default=BANDS[0], key="grey", bind="query-params", required=True
        )
    return labels.index(period) if period in labels else 0, band if band in BANDS else BANDS[0]


def desk(sides: Sequence[Side]) -> list[Mark]:
    """Draw the maps; return what is drawn on them."""
    marks = _marks(sides)
    maps(
        *(side.picture for side in sides),
        key="viewer",
        look=Look.read(st.query_params.get("maps", "")),
        marks=marks,
        height=340 if pictures.on_phone() else 430,
        drawn=lambda mark: keep_marks([*marks, mark][-MOST_MARKS:]),
        looked=keep_look,
    )
    return marks


def _marks(sides: Sequence[Side]) -> list[Mark]:
    given = st.query_params.get("marks", "")
    marks = read(given, [side.shape for side in sides])
    if given and written(marks) != given:
        st.caption("Some places of this link lie outside the scenes, and are left out.")
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
    def said(self) -> str:
        """What grows there and what the map makes of it, in short."""
        pixels = self.found["pixels"]
        if pixels == 1:
            return f"{next(iter(self.found['classes']), 'not known')}, {_most(self.found['kinds'])}"
        parts = [f"{share:.0%} {name}" for name, share in list(self.found["classes"].items())[:2]]
        kinds = [f"{share:.0%} {kind}" for kind, share in self.found["kinds"].items() if share]
        return f"{pixels:,} pixels: {', '.join(parts)}; {', '.join(kinds)}"


def _most(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda name: shares[name]) if any(shares.values()) else "not known"


def places(marks: Sequence[Mark], sides: Sequence[Side], band: str) -> list[Place]:
    """Return what lies in the marks, in their order; none of a side whose worker fails."""
    found: dict[int, Place] = {}
    for number, side in enumerate(sides):
        mine = [n for n, mark in enumerate(marks) if mark.map == number]
        answer = side.drawn([marks[n].points for n in mine], band) if mine else []
        for n, one in zip(mine, answer or (), strict=False):
            name = f"{n + 1} · {side.name}, {_where(marks[n])}"
            found[n] = Place(marks[n], name, colour(n), side.region.key, side.name, one)
    return [found[n] for n in sorted(found)]


def _where(mark: Mark) -> str:
    row, column = (int(value) for value in mark.points[0])
    if mark.kind == POLYGON:
        return f"polygon from row {row}, column {column}"
    return f"pixel at row {row}, column {column}"


def listed(drawn: Sequence[Place], marks: Sequence[Mark]) -> None:
    """Draw the list of places, each with a button that removes it."""
    if not marks:
        st.caption(
            "Choose **Pixel** or **Polygon** above the maps and click: the series of that place "
            "joins the chart."
        )
        return
    for number, place in enumerate(drawn):
        st.button(
            f':color[■]{{foreground="{place.colour}"}} **{plain(place.name)}** · '
            f"{plain(place.said)}",
            key=f"unmark-{number}",
            icon=":material/close:",
            type="tertiary",
            help="Remove it",
            on_click=keep_marks,
            args=([mark for mark in marks if mark is not place.mark],),
        )
    if len(marks) > 1:
        st.button(
            "Remove all", key="unmark", icon=":material/close:", on_click=keep_marks, args=([],)
        )
