"""What a student draws on a map: a pixel or a polygon, checked, and as text for a link."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PIXEL, POLYGON = "pixel", "polygon"
MOST_POINTS = 200  # of one polygon
MOST_MARKS = 8
# Okabe and Ito's colours that no error class uses; a number tells marks apart as well.
COLOURS = ("#E69F00", "#CC79A7", "#56B4E9", "#F0E442")
_ANY = ((10**6, 10**6),) * 2  # shapes of two maps that are not known yet
_SHORT = {"p": PIXEL, "g": POLYGON}
_FORM = re.compile(r"([01])([pg])((?:-?\d{1,6}(?:\.\d)?,?){2,400})")


@dataclass(frozen=True)
class Mark:
    """A place on one of the maps.

    Attributes:
        map: 0 the left one, 1 the right one.
        kind: "pixel" or "polygon".
        points: (row, column) in pixels of the scene from its upper left corner: the middle of
            the first pixel is (0.5, 0.5). One of a pixel, 3 to 200 of a polygon.
    """

    map: int
    kind: str
    points: tuple[tuple[float, float], ...]


def colour(place: int) -> str:
    """Return the colour of a mark by its place in the list."""
    return COLOURS[place % len(COLOURS)]


def checked(given: Any, shapes: Sequence[tuple[int, int]]) -> Mark | None:
    """Return what a browser or a link gave as a mark, or None where it cannot be one.

    Args:
        given: anything.
        shapes: (rows, columns) of each map.
    """
    if not isinstance(given, Mapping):
        return None
    number, kind, points = given.get("map"), given.get("kind"), given.get("points")
    if isinstance(number, bool) or number not in range(len(shapes)):
        return None
    if kind not in (PIXEL, POLYGON) or not isinstance(points, list | tuple):
        return None
    few, many = (1, 1) if kind == PIXEL else (3, MOST_POINTS)
    if not few <= len(points) <= many:
        return None
    rows, columns = shapes[int(number)]
    kept = []
    for point in points:
        if not isinstance(point, list | tuple) or len(point) != 2:
            return None
        row, column = point
        if not (_inside(row, rows) and _inside(column, columns)):
            return None
        kept.append((round(float(row), 1), round(float(column), 1)))
    return Mark(int(number), kind, tuple(kept))


def _inside(value: Any, most: int) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 <= value <= most


def written(marks: Sequence[Mark]) -> str:
    """Return marks as a link holds them, such as "0p12.5,40.5;1g0,0,9,0,9,9"."""
    return ";".join(
        f"{mark.map}{'p' if mark.kind == PIXEL else 'g'}"
        + ",".join(f"{value:g}" for point in mark.points for value in point)
        for mark in marks
    )


def read(text: str, shapes: Sequence[tuple[int, int]] = _ANY) -> list[Mark]:
    """Return the marks of a link; those that cannot be are left out.

    Args:
        text: such as `written` returns.
        shapes: (rows, columns) of each map; maps of any size where they are not known yet.
    """
    found = (_mark(part, shapes) for part in text.split(";")[:MOST_MARKS])
    return [mark for mark in found if mark is not None]


def refused(text: str) -> list[str]:
    """Return the parts of a link's marks that `read` leaves out, whatever the maps are."""
    parts = text.split(";")
    wrong = [part for part in parts[:MOST_MARKS] if _mark(part, _ANY) is None]
    return [*filter(None, wrong), *parts[MOST_MARKS:]]


def _mark(part: str, shapes: Sequence[tuple[int, int]]) -> Mark | None:
    match = _FORM.fullmatch(part)
    if match is None:
        return None
    values = [float(value) for value in match[3].split(",") if value]
    points = list(zip(values[::2], values[1::2], strict=False))
    return checked({"map": int(match[1]), "kind": _SHORT[match[2]], "points": points}, shapes)
