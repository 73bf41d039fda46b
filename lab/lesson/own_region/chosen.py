"""Which place is looked at, by which model: four ways in, presets, and all of it in the link."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lab.crops.scenes.regions import LARGEST, MOST_ACQUISITIONS, REGIONS, SMALLEST, own
from lab.crops.series import SERIES
from lab.crops.stack import PERIODS, CropError
from lab.lesson import pictures
from lab.lesson.frame import hidden
from lab.lesson.lineup import plain
from lab.lesson.own_region import by_catalog, by_folder, by_upload

OURS, UPLOAD, FOLDER, CATALOG = WAYS = ("A file of ours", "Upload", "Server's folder", "Catalog")
SPANISH = "Network tuned in Spain"  # knows the calendar of a file of ours at 0 days
# As it is offered -> what `lab.crops.network.predict` calls it.
MODELS = {
    SPANISH: "spain",
    "Network from Korea": "korea",
    "Random forest from Spain": "forest",
    "Physics rule": "rule",
}
WAITING = "Choose above where your region comes from: its map and curves come here."
NOTHING = "nothing"
BESIDE = {REGIONS[key].name: key for key in ("spain", "korea", "france")}
SIZE = 256
MOST_SEED = 9_999
# Of a calendar: shift in days, share of rice, share of it steady, hectares of a field.
PRESETS = {
    "As in Spain": (0, 30, 0, 1.5),
    "3 weeks earlier": (-21, 30, 0, 1.5),
    "3 weeks later": (21, 30, 0, 1.5),
    "Half steady": (0, 30, 50, 1.5),
    "Small fields": (0, 30, 0, 0.3),
}
_SHOWN = {
    "As in Spain": "The calendar that the network tuned in Spain knows, on other fields.",
    "3 weeks earlier": "Planted three weeks earlier, and nothing else is different.",
    "3 weeks later": "Planted three weeks later, and nothing else is different.",
    "Half steady": "Half of the rice hardly changes its VH, like some in France.",
    "Small fields": "Fields of 0.3 ha: few pixels each, and most of them at an edge.",
}


@dataclass(frozen=True)
class Chosen:
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


def presets() -> None:
    """Draw the presets of the lesson: files of ours, at once."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Try it with a file of ours**", width="content")
        for name, values in PRESETS.items():
            st.button(name, key=f"preset-{name}", help=_SHOWN[name], on_click=_take, args=(values,))


def _take(values: tuple[float, ...]) -> None:
    shift, rice, steady, parcel = values
    st.session_state.update(way=OURS, shift=shift, rice=rice, steady=steady, parcel=parcel)
    st.session_state.update(acquisitions=3, seed=0, model=SPANISH)
    for name in ("marks", "maps", "guess"):
        st.query_params.pop(name, None)


def choose() -> Chosen | None:
    """Draw the controls; return what was chosen, None while there is no place yet."""
    # Hidden, they still read the link.
    with st.expander("What is looked at") if hidden("controls") else st.container():
        way = st.segmented_control(
            "Where your region comes from",
            WAYS,
            default=OURS,
            key="way",
            bind="query-params",
            required=True,
        )
        found = _WAYS[way if way in WAYS else OURS]()
        looks = _looks()
    if found is None:
        return None
    return Chosen(way if way in WAYS else OURS, **found, **looks)


def _looks() -> dict[str, Any]:
    left, middle, right, last = st.columns([4, 3, 3, 4], gap="small", vertical_alignment="bottom")
    with left:
        model = _select("Model", list(MODELS), "model", help="None of them has seen your region.")
    with middle:
        beside = _select(
            "Beside it",
            [*BESIDE, NOTHING],
            "beside",
            help="A synthetic region of the lab's, seen by the same model: one whose calendar it "
            "knows, or another.",
        )
    with right:
        band = st.segmented_control(
            "Curves", SERIES, default=SERIES[0], key="band", bind="query-params", required=True
        )
    with last:
        labels = [period.label for period in PERIODS]
        period = _select("Composite in grey", labels, "composite")
    return {
        "model": model if model in MODELS else next(iter(MODELS)),
        "beside": BESIDE.get(beside, ""),
        "band": band if band in SERIES else SERIES[0],
        "period": labels.index(period) if period in labels else 0,
    }


def _select(name: str, options: list[str], key: str, **more: Any) -> str:
    return st.selectbox(name, options, key=key, bind="query-params", **more)


def _ours() -> dict[str, Any] | None:
    if hidden("controls"):  # in an expander already
        return _recipe()
    title = "Change the calendar and the fields"
    with st.expander(title, not pictures.on_phone(), icon=":material/tune:"):
        return _recipe()


def _recipe() -> dict[str, Any] | None:
    columns = st.columns([4, 3, 3, 3, 3, 2], gap="small")
    given = {"bind": "query-params"}
    with columns[0]:
        shift = st.slider(
            "Calendar later by (days)",
            -45,
            45,
            0,
            key="shift",
            help="Than the rice of Spain: planting, growth, harvest. The composites keep their "
            "dates, as they would on any server.",
            **given,
        )
    with columns[1]:
        rice = st.slider("Rice (% of fields)", 2, 90, 30, key="rice", **given)
    with columns[2]:
        steady = st.slider(
            "Steady (% of it)",
            0,
            100,
            0,
            key="steady",
            help="Share of the rice whose VH hardly changes through the season.",
            **given,
        )
    with columns[3]:
        parcel = st.number_input("Field (ha)", SMALLEST, LARGEST, 1.5, 0.1, key="parcel", **given)
    with columns[4]:
        count = st.number_input(
            "Acquisitions",
            1,
            MOST_ACQUISITIONS,
            3,
            key="acquisitions",
            help="Radar images behind each composite.",
            **given,
        )
    with columns[5]:
        seed = st.number_input("Scene", 0, MOST_SEED, 0, key="seed", help="The seed.", **given)
    recipe = {
        "shift": float(shift),
        "rice": rice / 100,
        "steady": steady / 100,
        "parcel": float(parcel),
        "acquisitions": int(count),
    }
    try:
        region = own(**recipe)
    except CropError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        return None
    place = {"region": region.to_json(), "seed": int(seed), "size": SIZE}
    return {"place": place, "name": region.name, "recipe": {**recipe, "seed": int(seed)}}


_WAYS = {
    OURS: _ours,
    UPLOAD: by_upload.desk,
    FOLDER: by_folder.desk,
    CATALOG: by_catalog.desk,
}


def digest(chosen: Chosen) -> str:
    """Return a short name of a place and a model: for the keys of a guess."""
    text = json.dumps([dict(chosen.place), chosen.model], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
