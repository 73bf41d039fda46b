"""What was drawn on the maps, and where they look, in the link of a page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.lesson.components.maps import Look
from lab.lesson.components.maps.marks import Mark, read, refused, written
from lab.lesson.kit.keys import Key

# None: nobody has moved the maps, and a lesson may begin with another layer.
LOOK: Key[Look | None] = Key(
    "maps", None, Look.read, lambda look: look.written if look else "", Look.refused
)
MARKS: Key[list[Mark]] = Key("marks", [], read, written, refused)


def marks_within(shapes: Sequence[tuple[int, int]]) -> list[Mark]:
    """Return the marks of the link, and say where some lie outside the maps.

    Args:
        shapes: (rows, columns) of each map.
    """
    given = MARKS.get()
    marks = read(written(given), shapes)
    if marks != given:
        st.caption("Some places of this link lie outside the scenes, and are left out.")
    return marks


def remove_mark(marks: Sequence[Mark], number: int | None = None) -> None:
    """Take a mark out of the link, or all of them, from a callback.

    Args:
        marks: those on the maps.
        number: of the mark, from 0; None for all.
    """
    MARKS.set([] if number is None else [mark for n, mark in enumerate(marks) if n != number])


def forget_places() -> None:
    """Take out of the link what was drawn on the maps, and where they looked."""
    MARKS.set([])
    LOOK.set(None)
