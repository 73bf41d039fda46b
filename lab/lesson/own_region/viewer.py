"""The maps on the page, and what the student draws on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lab.lesson import pictures
from lab.lesson.components.maps import LAYERS, NONE, TRUTH, Look, maps
from lab.lesson.components.maps.link import keep_look, keep_marks
from lab.lesson.components.maps.marks import MOST_MARKS, POLYGON, Mark, colour, read, written
from lab.lesson.lineup import plain
from lab.lesson.own_region.chosen import Chosen
from lab.lesson.own_region.found import Side

_SWATCH = {"#E69F00": "🟠", "#CC79A7": "🟣", "#56B4E9": "🔵", "#F0E442": "🟡"}


def desk(sides: Sequence[Side], chosen: Chosen, guessed: bool) -> list[Mark]:
    """Draw the maps; return what is drawn on them.

    Args:
        sides: the student's place, and perhaps one beside it.
        chosen: how they are looked at.
        guessed: whether predictions may be seen.
    """
    given = st.query_params.get("marks", "")
    marks = read(given, [side.shape for side in sides])
    if given and written(marks) != given:
        st.caption("Some places of this link lie outside the scenes, and are left out.")
    band = "VV" if chosen.band == "VV" else "VH"
    drawn = [side.picture(chosen.period, band) for side in sides]
    if not all(drawn):
        return marks
    look = Look.read(st.query_params.get("maps", ""))
    layers = list(LAYERS) if guessed else [NONE, TRUTH]
    if look.layer not in layers:
        look = Look(NONE, look.opacity, look.zoom, look.row, look.column)
    elif guessed and sides[0].figures is None and "maps" not in st.query_params:
        look = Look("prediction")
    maps(
        *drawn,
        key=f"viewer-{'all' if guessed else 'blank'}",
        layers=layers,
        look=look,
        marks=marks,
        height=340 if pictures.on_phone() else 430,
        drawn=lambda mark: keep_marks([*marks, mark][-MOST_MARKS:]),
        looked=keep_look if guessed else None,
    )
    return marks


def name_of(number: int, mark: Mark, sides: Sequence[Side]) -> str:
    """Return what a mark is called, such as "1 · My region, pixel at row 12, column 40"."""
    row, column = (int(value) for value in mark.points[0])
    what = "polygon from" if mark.kind == POLYGON else "pixel at"
    return f"{number + 1} · {sides[mark.map].name}, {what} row {row}, column {column}"


def series(marks: Sequence[Mark], sides: Sequence[Side], band: str) -> list[dict[str, Any]]:
    """Return the series of the marks: rows with number, colour and name."""
    rows = []
    for place, side in enumerate(sides):
        mine = [number for number, mark in enumerate(marks) if mark.map == place]
        found = side.drawn([marks[n].points for n in mine], band) if mine else []
        for number, series_ in zip(mine, found or (), strict=False):
            more = {"name": name_of(number, marks[number], sides), "colour": colour(number)}
            rows += [{**row, "kind": str(number + 1), **more} for row in series_ or ()]
    return rows


def listed(marks: Sequence[Mark], sides: Sequence[Side], rows: Sequence[dict[str, Any]]) -> None:
    """Draw the list of marks, each with its pixels and a button that removes it."""
    if not marks:
        st.caption(
            "Choose **Pixel** or **Polygon** above the maps and click: the series of that place "
            "joins the chart."
        )
        return
    pixels = {row["kind"]: row["pixels"] for row in rows}
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for place, mark in enumerate(marks):
            count = pixels.get(str(place + 1), 0)
            said = f"{count:,} pixels" if count else "no data there"
            st.button(
                f"{_SWATCH[colour(place)]} {plain(name_of(place, mark, sides))} ({said})",
                key=f"unmark-{place}",
                icon=":material/close:",
                help="Remove it",
                on_click=keep_marks,
                args=([other for n, other in enumerate(marks) if n != place],),
            )
