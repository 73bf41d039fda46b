"""The maps on the page, and what the student draws on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lab.lesson import pictures
from lab.lesson.components.maps import LAYERS, NONE, TRUTH, Look, maps
from lab.lesson.components.maps.link import LOOK, MARKS, marks_within, remove_mark
from lab.lesson.components.maps.marks import MOST_MARKS, POLYGON, Mark, colour
from lab.lesson.kit import ask
from lab.lesson.kit.text import plain
from lab.lesson.own_region import TEXT
from lab.lesson.own_region.region import OwnRegion
from lab.lesson.own_region.sides import Side

_SWATCH = {"#E69F00": "🟠", "#CC79A7": "🟣", "#56B4E9": "🔵", "#F0E442": "🟡"}


def draw(sides: Sequence[Side], region: OwnRegion, guessed: bool) -> list[Mark]:
    """Draw the maps; return what is drawn on them.

    Args:
        sides: the student's place, and perhaps one beside it.
        region: how they are looked at.
        guessed: whether predictions may be seen.
    """
    marks = marks_within([side.shape for side in sides])
    found = ask.several([side.picture(region.period, region.grey) for side in sides])
    if any(picture is None for picture in found):
        return marks
    named = [
        {**one, "name": f"{side.name} · {side.title}"}
        for one, side in zip(found, sides, strict=True)
    ]
    maps(
        *named,
        key=f"viewer-{'all' if guessed else 'blank'}",
        layers=_layers(guessed),
        look=_look(guessed, sides[0].figures is not None),
        marks=marks,
        height=340 if pictures.on_phone() else 430,
        drawn=lambda mark: MARKS.set([*marks, mark][-MOST_MARKS:]),
        looked=LOOK.set if guessed else None,
    )
    return marks


def _layers(guessed: bool) -> list[str]:
    return list(LAYERS) if guessed else [NONE, TRUTH]


def _look(guessed: bool, judged: bool) -> Look:
    given = LOOK.get()
    if given is None and guessed and not judged:
        return Look("prediction")
    look = given or Look()
    if look.layer not in _layers(guessed):
        return Look(NONE, look.opacity, look.zoom, look.row, look.column)
    return look


def name_of(number: int, mark: Mark, sides: Sequence[Side]) -> str:
    """Return what a mark is called, such as "1 · My region, pixel at row 12, column 40"."""
    row, column = (int(value) for value in mark.points[0])
    what = "polygon from" if mark.kind == POLYGON else "pixel at"
    return f"{number + 1} · {sides[mark.map].name}, {what} row {row}, column {column}"


def on_sides(marks: Sequence[Mark], sides: Sequence[Side]) -> list[tuple[Side, list[int]]]:
    """Return the sides that have marks, and the numbers of these."""
    found = [
        (side, [number for number, mark in enumerate(marks) if mark.map == place])
        for place, side in enumerate(sides)
    ]
    return [(side, numbers) for side, numbers in found if numbers]


def series_of(
    number: int, mark: Mark, sides: Sequence[Side], rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows of a mark's series, with its number, colour and name."""
    more = {"name": name_of(number, mark, sides), "colour": colour(number)}
    called = sides[mark.map].called(rows)
    return [{**row, "kind": str(number + 1), **more} for row in called]


def list_marks(
    marks: Sequence[Mark], sides: Sequence[Side], rows: Sequence[dict[str, Any]]
) -> None:
    """Draw the list of marks, each with its pixels and a button that removes it."""
    if not marks:
        st.caption(TEXT("no-marks"))
        return
    pixels = {row["kind"]: row["pixels"] for row in rows}
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for place, mark in enumerate(marks):
            count = pixels.get(str(place + 1), 0)
            size = f"{count:,} pixels" if count else "no data there"
            st.button(
                f"{_SWATCH[colour(place)]} {plain(name_of(place, mark, sides))} ({size})",
                key=f"unmark-{place}",
                icon=":material/close:",
                help="Remove it",
                on_click=remove_mark,
                args=(marks, place),
            )
