"""Two maps side by side on canvases: pan, zoom and cursor in step; pixels and polygons drawn.

What is drawn is prepared by `lab.crops.shown.picture`; no tile and no script comes from elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from lab.lesson.components.maps.marks import Mark, checked, colour

_HERE = Path(__file__).parent
_SCRIPTS = ("codes.js", "camera.js", "drawing.js", "tools.js", "hands.js", "maps.js")
NONE, TRUTH, PREDICTION, PROBABILITY, ERRORS = LAYERS = (
    "none",
    "truth",
    "prediction",
    "probability",
    "errors",
)


@dataclass(frozen=True)
class Look:
    """How the student looks at the maps.

    Attributes:
        layer: one of `LAYERS`.
        opacity: of the layer, 0 to 100 per cent.
        zoom: 1 shows the whole map.
        row, column: of the middle of the view, as shares of the map, 0 to 1.
    """

    layer: str = ERRORS
    opacity: int = 80
    zoom: float = 1.0
    row: float = 0.5
    column: float = 0.5

    @property
    def written(self) -> str:
        """The look as a link holds it, such as "errors,80,1,0.5,0.5"."""
        place = f"{self.zoom:.3g},{self.row:.3g},{self.column:.3g}"
        return f"{self.layer},{self.opacity},{place}"

    @classmethod
    def read(cls, text: str) -> Look:
        """Return the look of a link; the usual one where it cannot be read."""
        return cls.checked(_parts(text))

    @classmethod
    def refused(cls, text: str) -> list[str]:
        """Return the parts of a link that `read` replaces by the usual ones or moves."""
        return [part for name, part in _parts(text).items() if part and not _fits(name, part)]

    @classmethod
    def checked(cls, given: Any) -> Look:
        """Return what a browser or a link gave, every part that cannot be replaced."""
        given = given if isinstance(given, Mapping) else {}
        layer = given.get("layer")
        return cls(
            layer if layer in LAYERS else cls.layer,
            int(_number(given, "opacity")),
            *(_number(given, name) for name in ("zoom", "row", "column")),
        )


# Of the numbers of a look: lowest and highest.
_RANGES = {"opacity": (0, 100), "zoom": (1, 1000), "row": (0, 1), "column": (0, 1)}


def _parts(text: str) -> dict[str, str]:
    return dict(zip(("layer", *_RANGES), text.split(","), strict=False))


def _fits(name: str, part: str) -> bool:
    if name == "layer":
        return part in LAYERS
    low, high = _RANGES[name]
    try:
        return low <= float(part) <= high
    except ValueError:
        return False


def _number(look: Mapping[str, Any], name: str) -> float:
    (low, high), usual, given = _RANGES[name], getattr(Look, name), look.get(name)
    try:
        value = float(given)
    except (TypeError, ValueError):
        return usual
    return min(max(value, low), high) if math.isfinite(value) else usual


@cache
def _component() -> Any:
    return st.components.v2.component(
        "glasshouse_maps",
        html='<div class="maps"></div>',
        css=(_HERE / "maps.css").read_text(encoding="utf-8"),
        js="\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS),
    )


def shapes_of(*pictures: Mapping[str, Any] | None) -> list[tuple[int, int]]:
    """Return (rows, columns) of each map in pixels of its scene."""
    return [
        (picture["rows"] * picture["step"], picture["columns"] * picture["step"])
        for picture in pictures
        if picture
    ]


def maps(
    left: Mapping[str, Any],
    right: Mapping[str, Any] | None = None,
    *,
    key: str,
    layers: Sequence[str] = LAYERS,
    look: Look | None = None,
    marks: Sequence[Mark] = (),
    height: int = 430,
    drawn: Callable[[Mark], None] | None = None,
    looked: Callable[[Look], None] | None = None,
) -> Mark | None:
    """Draw two maps side by side, or one; below each other where there is no room.

    Args:
        left, right: what `lab.crops.shown.picture` returns; None for a single map.
        key: of the component.
        layers: those of `LAYERS` that are offered; one that a map lacks is empty there.
        look: layer, opacity and view to begin with; news only when it changes.
        marks: drawn on the maps, numbered from 1 in their order.
        height: at most, of each map, in CSS pixels.
        drawn: is told a pixel or polygon when it is finished, before the page runs again.
        looked: is told the look a moment after it changed, before the page runs again.

    Returns:
        The mark that was finished just now, else None. Everything from the browser is checked.
    """
    pictures = [picture for picture in (left, right) if picture]
    shapes = shapes_of(*pictures)
    look, news = _news(key, look or Look())
    result = _component()(
        key=key,
        data={
            "digest": _digest(pictures),
            "maps": pictures,
            "layers": [layer for layer in LAYERS if layer in layers],
            "look": {name: getattr(look, name) for name in Look.__dataclass_fields__},
            "news": news,
            "marks": [
                {
                    "map": mark.map,
                    "kind": mark.kind,
                    "points": [list(point) for point in mark.points],
                    "colour": colour(place),
                }
                for place, mark in enumerate(marks)
            ],
            "height": height,
        },
        on_drawn_change=lambda: drawn and _tell(key, "drawn", shapes, drawn),
        on_look_change=lambda: _tell(key, "look", shapes, looked or (lambda look: None)),
    )
    return checked(getattr(result, "drawn", None), shapes)


def _news(key: str, look: Look) -> tuple[Look, int]:
    """Return the look, and a number that changes when it is not the browser's own last one."""
    now, news = st.session_state.get(f"{key}-look", (None, 0))
    if look.written != now:
        news += 1
        st.session_state[f"{key}-look"] = (look.written, news)
    return look, news


def _digest(pictures: Sequence[Mapping[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(pictures, sort_keys=True).encode()).hexdigest()[:16]


def _tell(key: str, name: str, shapes: Sequence[tuple[int, int]], listener: Callable) -> None:
    given = (st.session_state.get(key) or {}).get(name)
    if name == "look":
        if given is not None:
            look = Look.checked(given)
            # It comes back from the link, and must not move the maps under the student's hands.
            _, news = st.session_state.get(f"{key}-look", (None, 0))
            st.session_state[f"{key}-look"] = (look.written, news)
            listener(look)
    elif mark := checked(given, shapes):
        listener(mark)
