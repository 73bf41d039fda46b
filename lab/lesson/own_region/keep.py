"""Taking it home: the map, the series, the chart, a file of ours, and the code behind."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from lab.lesson import downloads
from lab.lesson.own_region.asked import made
from lab.lesson.own_region.chosen import CATALOG, OURS, Chosen
from lab.lesson.own_region.curves import Drawn
from lab.lesson.own_region.found import Side

TRANSFER = "Your own calendar (rice)"  # as `lab.lesson.transfer` offers it


def desk(sides: Sequence[Side], drawn: Drawn | None, chosen: Chosen) -> None:
    """Draw the downloads."""
    mine = sides[0]
    place = dict(mine.place)
    with st.container(horizontal=True, gap="small"):
        downloads.button(
            "Map (GeoTIFF)",
            lambda: made("map_file", place=place, model=mine.model),
            "map.tif",
            "save-map",
            help="Probability of the crop, 0 to 1, as a cloud-optimised GeoTIFF.",
        )
        if drawn is not None:
            downloads.table(
                "Series (CSV)", lambda: table(drawn, chosen, sides), "series.csv", "save-series"
            )
            downloads.pictures("Chart", drawn.chart, "curves", "save-chart", 760)
    if drawn is None:
        st.caption("Series and chart come after your guess.")
    st.markdown("**What a right file looks like**")
    if chosen.way == OURS:
        ours(place)
    st.caption(_FORMAT)


def door(chosen: Chosen) -> None:
    """Lead to the lesson that fine-tunes a network on such a region, its calendar set there."""
    if chosen.way != OURS:
        return
    given = {
        "target": TRANSFER,
        "shift": round(max(-30, chosen.recipe["shift"]) / 5) * 5,
        "rice": max(5, round(chosen.recipe["rice"] * 20) * 5),
        "steady": round(chosen.recipe["steady"] * 10) * 10,
        "parcel": min(5.0, round(chosen.recipe["parcel"], 1)),
        "passes": chosen.recipe["acquisitions"],
    }
    st.caption(
        f"What would labels of such a region change? [Fine-tune the network on "
        f"it](transfer?{urlencode(given)}) (numbers rounded to the steps of that lesson)."
    )


def ours(place: dict) -> None:
    """Draw the downloads of a file of ours, and of its labels."""
    with st.container(horizontal=True, gap="small"):
        downloads.button(
            "This scene (GeoTIFF)",
            lambda: made("scene_file", place=place),
            "my-region.tif",
            "save-scene",
        )
        downloads.button(
            "Its labels (GeoTIFF)",
            lambda: made("labels_file", place=place),
            "labels-my-region.tif",
            "save-labels",
        )
    st.caption("Synthetic, and tagged so; where on earth it lies is made up.")


_FORMAT = (
    "One GeoTIFF with a layer for each composite and band (VH first), or a GeoTIFF for every date. "
    "Needed: a map projection; whether it is sigma0 or gamma0; dB, power or amplitude; what each "
    "layer is. The tags `quantity` and `unit` of the file, and `band`, `operator`, `first`, `last` "
    "of each layer say it; a date or VH in a layer's description or a file's name does too. "
    "Labels: a GeoTIFF of class numbers, or GeoJSON polygons with a property that names the crop. "
    "Public ones: EuroCrops, RPG (France), SIGPAC (Spain), BRP (Netherlands)."
)


def table(drawn: Drawn, chosen: Chosen, sides: Sequence[Side]) -> pd.DataFrame:
    """Return all series: of the maps, then of the student's own places."""
    synthetic = {side.name: side.facts["synthetic"] for side in sides}
    rows = [{**row, "place": ""} for row in drawn.series]
    for row in drawn.places:
        kept = {name: value for name, value in row.items() if name not in ("colour", "name")}
        rows.append({**kept, "kind": "chosen", "place": row["name"]})
    frame = pd.DataFrame(rows)
    frame.insert(0, "model", chosen.model)
    frame["synthetic"] = [synthetic[name] for name in frame.region]
    return frame


def snippet(chosen: Chosen) -> str:
    """Return Python that computes the same in a notebook."""
    head, scene = _scene(chosen)
    judged = chosen.way == OURS or "labels" in chosen.place
    end = _JUDGED if judged else _SAID
    return (
        f"{head}\n{scene}\nprobability = of_stack({chosen.key!r}, stack)"
        f"  # (rows, columns), 0 to 1\n{end}"
    )


def _scene(chosen: Chosen) -> tuple[str, str]:
    common = "from lab.crops.network.predict import of_stack\n"
    if chosen.way == OURS:
        recipe = dict(chosen.recipe)
        seed = recipe.pop("seed")
        given = ", ".join(f"{name}={value!r}" for name, value in recipe.items())
        return (
            common
            + "from lab.crops.scenes.regions import own\n"
            + "from lab.crops.scenes.scene import scene\n",
            f"stack = scene(own({given}), seed={seed})  # synthetic",
        )
    if chosen.way == CATALOG:
        return common + _CATALOG_HEAD, _CATALOG
    place = {key: value for key, value in chosen.place.items() if key in _READ}
    given = "".join(f", {name}={value!r}" for name, value in place.items())
    lines = [f'stack = open_stack(["my-region.tif"]{given})']
    head = common + "from lab.crops.rasters.stacks import open_stack\n"
    if "labels" in chosen.place:
        head += "from lab.crops.rasters.labels import labels_for\n"
        targets = tuple(chosen.place["targets"])
        which = chosen.place.get("property")
        lines.append(f'stack = labels_for("labels.tif", stack, {which!r}, targets={targets!r})')
    return head, "\n".join(lines)


_READ = ("bands", "unit", "quantity", "order", "year", "part")
_CATALOG_HEAD = """from lab.crops.catalogs.box import Box
from lab.crops.catalogs.catalog import load
from lab.crops.catalogs.known import ENDPOINTS
"""
_CATALOG = """endpoint = ENDPOINTS["Planetary Computer, Sentinel-1 RTC"]
loaded = load(endpoint, Box(4.58, 43.52, 4.66, 43.58), 2021)  # needs internet
stack = loaded.stack
print(loaded.counts, loaded.left_out)"""
_JUDGED = """
from lab.crops.compared import judged

print("IoU, low, high:", [round(value, 2) for value in judged(stack, probability)["iou"]])
"""
_SAID = """
from lab.crops.shown import said

print("share said to be rice:", (said(probability) == 1).mean())
"""
