"""A place that the lab draws itself: its calendar and its fields are chosen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lab.crops.scenes.regions import LARGEST, MOST_ACQUISITIONS, SMALLEST, own
from lab.crops.stack import CropError
from lab.lesson import pictures
from lab.lesson.kit.keys import Number
from lab.lesson.kit.text import plain
from lab.lesson.own_region import TEXT

SIZE = 256

SHIFT = Number("shift", "Calendar later by (days)", -45, 45, 0, 1, TEXT("shift-help"), slider=True)
RICE = Number("rice", "Rice (% of fields)", 2, 90, 30, slider=True)
STEADY = Number("steady", "Steady (% of it)", 0, 100, 0, 1, TEXT("steady-help"), slider=True)
PARCEL = Number("parcel", "Field (ha)", SMALLEST, LARGEST, 1.5, 0.1)
ACQUISITIONS = Number(
    "acquisitions", "Acquisitions", 1, MOST_ACQUISITIONS, 3, help=TEXT("acquisitions-help")
)
SEED = Number("seed", "Scene", 0, 9_999, 0, help="The seed.")
KEYS = (SHIFT, RICE, STEADY, PARCEL, ACQUISITIONS, SEED)
_WIDTHS = (4, 3, 3, 3, 3, 2)


def choose(hidden: bool) -> dict[str, Any] | None:
    """Draw the controls; return parts of `OwnRegion`, None with the reason on the page."""
    if hidden:  # in an expander already
        return _recipe()
    title = "Change the calendar and the fields"
    with st.expander(title, not pictures.on_phone(), icon=":material/tune:"):
        return _recipe()


def _recipe() -> dict[str, Any] | None:
    values = []
    for column, key in zip(st.columns(list(_WIDTHS), gap="small"), KEYS, strict=True):
        with column:
            values.append(key.draw())
    shift, rice, steady, parcel, acquisitions, seed = values
    recipe = {
        "shift": float(shift),
        "rice": rice / 100,
        "steady": steady / 100,
        "parcel": float(parcel),
        "acquisitions": int(acquisitions),
    }
    try:
        region = own(**recipe)
    except CropError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        return None
    place = {"region": region.to_json(), "seed": int(seed), "size": SIZE}
    return {"place": place, "name": region.name, "recipe": {**recipe, "seed": int(seed)}}
