"""Which place is looked at, by which model: four ways in, and all of it in the link."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lab.crops.scenes.regions import REGIONS
from lab.crops.series import SERIES
from lab.crops.stack import PERIODS
from lab.lesson.kit.keys import Choice
from lab.lesson.own_region import TEXT, catalog, our_file, server_folder, upload

OURS, UPLOAD, FOLDER, CATALOG = "A file of ours", "Upload", "Server's folder", "Catalog"
# Each draws its controls, told whether they are folded away, and returns parts of `OwnRegion`.
WAYS: dict[str, Callable[[bool], dict[str, Any] | None]] = {
    OURS: our_file.choose,
    UPLOAD: upload.choose,
    FOLDER: server_folder.choose,
    CATALOG: catalog.choose,
}
SPANISH = "Network tuned in Spain"  # knows the calendar of a file of ours at 0 days
# As it is offered -> what `lab.crops.network.predict` calls it.
MODELS = {
    SPANISH: "spain",
    "Network from Korea": "korea",
    "Random forest from Spain": "forest",
    "Physics rule": "rule",
}
NOTHING = "nothing"
BESIDE = {REGIONS[key].name: key for key in ("spain", "korea", "france")}
LABELS = [period.label for period in PERIODS]

WAY = Choice("way", "Where your region comes from", list(WAYS), OURS)
MODEL = Choice("model", "Model", list(MODELS), SPANISH, "select", TEXT("model-help"))
BESIDE_IT = Choice("beside", "Beside it", [*BESIDE, NOTHING], None, "select", TEXT("beside-help"))
BAND = Choice("band", "Curves", SERIES)
COMPOSITE = Choice("composite", "Composite in grey", LABELS, look="select")


@dataclass(frozen=True)
class OwnRegion:
    """A place and how it is looked at.

    Attributes:
        way: one of `WAYS`.
        place: for `lab.crops.own`.
        name: of the place, as it came; to be escaped.
        names: path -> name of its files.
        model: as it is offered.
        beside: key of a region that stands beside it, "" for none.
        band: of the curves.
        period: of the composite in grey, from 0.
        whole: whether all of the scene is looked at.
        notes: sentences about the place.
        recipe: of a file of ours: arguments of `lab.crops.scenes.regions.own`, and the seed.
    """

    way: str
    place: Mapping[str, Any]
    name: str
    model: str
    beside: str
    band: str
    period: int
    names: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True
    notes: tuple[str, ...] = ()
    recipe: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What stands for the model in questions to workers."""
        return MODELS[self.model]

    @property
    def grey(self) -> str:
        """The band of the composite in grey."""
        return "VV" if self.band == "VV" else "VH"

    @property
    def digest(self) -> str:
        """A short name of the place and the model: what a guess is about."""
        text = json.dumps([dict(self.place), self.model], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def choose(hidden: bool) -> OwnRegion | None:
    """Draw the controls; return what is looked at, None while there is no place yet.

    Args:
        hidden: whether they are folded away; they still read the link.
    """
    with st.expander("What is looked at") if hidden else st.container():
        way = WAY.draw()
        found = WAYS[way](hidden)
        looks = _looks()
    return None if found is None else OwnRegion(way, **found, **looks)


def _looks() -> dict[str, Any]:
    left, middle, right, last = st.columns([4, 3, 3, 4], gap="small", vertical_alignment="bottom")
    with left:
        model = MODEL.draw()
    with middle:
        beside = BESIDE_IT.draw()
    with right:
        band = BAND.draw()
    with last:
        period = LABELS.index(COMPOSITE.draw())
    return {"model": model, "beside": BESIDE.get(beside, ""), "band": band, "period": period}
