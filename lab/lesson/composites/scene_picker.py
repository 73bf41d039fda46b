"""What is looked at: region, class, two numbers of acquisitions, the way of composites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lab.crops.scenes.regions import MOST_ACQUISITIONS, REGIONS, Region
from lab.lesson.composites import TEXT
from lab.lesson.kit.keys import Choice, Number, Span, Switch

SIZE = 256  # pixels a side
_KEYS = {place.name: key for key, place in REGIONS.items()}
_CLASSES = dict.fromkeys(name for place in REGIONS.values() for name in place.classes)

REGION = Choice("region", "Region", list(_KEYS), look="select")
CLASS = Choice("grown", "Class", list(_CLASSES), look="select")
PASSES = Span(
    "passes",
    "Acquisitions: first and second look",
    1,
    MOST_ACQUISITIONS,
    (2, 6),
    help=TEXT("passes-help"),
)
BY_MEAN = Switch("by_mean", "All composites by mean", help=TEXT("by-mean-help"))
BAND = Choice("band", "Band", ["VH", "VV"])
SEED = Number("seed", "Seed of the scene", 0, 999, 0)
KEYS = (REGION, CLASS, PASSES, BY_MEAN, BAND, SEED)


@dataclass(frozen=True)
class Scene:
    """What the controls say.

    Attributes:
        place: the region.
        grown: a class of it.
        passes: first and second number of acquisitions, the smaller first.
        way: of composites, "paper" or "mean".
        band: "VH" or "VV".
        seed: of the scene.
    """

    place: Region
    grown: str
    passes: tuple[int, int]
    way: str
    band: str
    seed: int

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of `lab.crops.scenes.passes.look`."""
        return {
            "region_": self.place.key,
            "grown": self.grown,
            "seed": self.seed,
            "size": SIZE,
            "band": self.band,
        }


def scene_picker() -> Scene:
    """Draw the controls; return what they say."""
    box = st.container(border=True)
    left, middle, right = box.columns([4, 4, 4], gap="medium")
    with left:
        place = REGIONS[_KEYS[REGION.draw(on_change=_another_region)]]
        # A class that does not grow here, after another region or in a link, gives way.
        if st.session_state.get(CLASS.name, place.classes[0]) not in place.classes:
            del st.session_state[CLASS.name]
    with middle:
        grown = CLASS.draw(place.classes, default=place.classes[0])
    with right:
        passes = PASSES.draw()
    return Scene(place, grown, passes, *_more(box))


def _another_region() -> None:
    st.session_state.pop(CLASS.name, None)


def _more(box: DeltaGenerator) -> tuple[str, str, int]:
    with box.container(horizontal=True, gap="medium", vertical_alignment="center"):
        way = "mean" if BY_MEAN.draw() else "paper"
        return way, BAND.draw(label_visibility="collapsed"), SEED.draw(width=150)
