"""A region of one's own, as pages ask workers about it: its scene, a map of it, its curves.

A place is a small dictionary that JSON can hold. A sample of ours is a recipe: {"region", "seed",
"size"}. Files are {"paths", "name"} and, where they do not say it themselves, "bands", "unit",
"quantity", "order", "year"; "part" (row, column, height, width) of a scene too large to be looked
at whole; "labels", "property", "label_band" and "targets" of what grows where. "sigma0": True
lowers gamma0 to what the project's networks have learned from.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lab.crops.compared import judged, series_of
from lab.crops.iou import confusion
from lab.crops.series import of_mask
from lab.crops.shown import THRESHOLD, inside, picture, said
from lab.crops.stack import PERIODS, UNKNOWN, CropError, Stack

Place = dict[str, Any]
ANGLE = 38.0  # degrees from the vertical, in the middle of Sentinel-1's swath
_SMALL = 800  # pixels a side of an overview
_READING = ("bands", "unit", "quantity", "order", "year")


def of_place(place: Place) -> Stack:
    """Return the scene of a place.

    Raises:
        CropError: it cannot be read, or not as one scene.
    """
    return _stack(json.dumps(place, sort_keys=True))


@lru_cache(maxsize=3)
def _stack(written: str) -> Stack:
    place = json.loads(written)
    if "region" in place:
        from lab.crops.scenes.scene import scene

        return scene(place["region"], seed=place["seed"], size=place["size"])
    from lab.crops.rasters.stacks import open_stack

    reading = {key: place[key] for key in _READING if place.get(key) is not None}
    part = place.get("part")
    stack = open_stack(
        place["paths"], name=place["name"], part=tuple(part) if part else None, **reading
    )
    if place.get("sigma0"):
        stack = lowered(stack)
    return _labelled(stack, place) if place.get("labels") else stack


def _labelled(stack: Stack, place: Place) -> Stack:
    from lab.crops.rasters.labels import labels_for

    targets = place.get("targets")
    return labels_for(
        place["labels"],
        stack,
        place.get("property"),
        targets=None if targets is None else tuple(targets),
        band=place.get("label_band"),
    )


def lowered(stack: Stack) -> Stack:
    """Return a stack of gamma0 as sigma0: sigma0 = gamma0 cos(angle), with one angle for all.

    The true angle runs from 29 to 46 degrees across the swath, so that this is right within
    0.8 dB; a stack of sigma0 is returned as it is.
    """
    if stack.quantity == "sigma0":
        return stack
    shift = np.float32(10 * math.log10(math.cos(math.radians(ANGLE))))
    return replace(stack, values=stack.values + shift, quantity="sigma0")


def describe(paths: Sequence[str]) -> list[dict[str, Any]]:
    """Return what each file seems to hold, see `lab.crops.rasters.stacks.describe`.

    Each has two sentences more, "" where there is nothing to say: "damaged", and "monthly" of
    periods that take the composite of a month.
    """
    from lab.crops.rasters.months import months_taken
    from lab.crops.rasters.stacks import describe as look

    found = [look(path) for path in paths]
    told = [day for each in found for day in each["guess"]["dates"]]
    composites = any(each["guess"]["periods"] for each in found)
    days = [] if composites else [date.fromisoformat(day) for day in told]
    for each in found:
        each["damaged"] = next((said for said in each["problems"] if " is damaged" in said), "")
        each["monthly"] = months_taken(days, PERIODS)
    return found


def facts(place: Place) -> dict[str, Any]:
    """Return what a scene is: shape, hectares, periods, counts of NaN, classes of its labels.

    Returns:
        "shape" (rows, columns), "pixel" (metres, None unknown), "bands", "periods" (labels),
        "quantity", "synthetic", "known" (share of pixels with data in every composite),
        "classes" and "targets" ([] without labels), "labelled" (share of pixels).
    """
    stack = of_place(place)
    known = stack.labels is not None
    return {
        "shape": list(stack.shape),
        "pixel": picture(stack)["pixel"],
        "bands": list(stack.bands),
        "periods": [period.label for period in stack.periods],
        "quantity": stack.quantity,
        "synthetic": stack.synthetic,
        "known": float(stack.valid.mean()),
        "classes": list(stack.classes),
        "targets": list(stack.targets),
        "labelled": float((stack.truth != UNKNOWN).mean()) if known else 0.0,
    }


def probability(place: Place, model: str) -> np.ndarray:
    """Return a map of the crop, (H, W) float32, NaN where a composite has no data.

    Args:
        place: of the scene.
        model: one of `lab.crops.network.predict.MODELS`.

    Raises:
        CropError: the model does not fit the scene; the sentence says why.
    """
    return _probability(json.dumps(place, sort_keys=True), model)


@lru_cache(maxsize=6)
def _probability(written: str, model: str) -> np.ndarray:
    from lab.crops.network.predict import of_stack

    stack = _stack(written)
    if not stack.valid.any():
        raise CropError(f"{stack.name} has no pixel with data in every composite.")
    found = np.asarray(of_stack(model, stack), np.float32)
    known = stack.take(("VH",)).valid  # what every model of the project reads
    return np.where(known, found, np.float32(np.nan))


def view(place: Place, model: str, period: int = 0, band: str = "VH") -> dict[str, Any]:
    """Return a map as the viewer gets it, see `lab.crops.shown.picture`."""
    stack = of_place(place)
    band = band if band in stack.bands else stack.bands[0]
    return picture(
        stack,
        probability(place, model),
        period=min(period, len(stack.periods) - 1),
        band=band,
        found="rice",
    )


def outcome(place: Place, model: str) -> dict[str, Any]:
    """Return what a map says, and what it is worth where labels tell.

    Returns:
        "hectares" of what is said to be the crop (None without a pixel size), "share" of the land
        with data that it is, "judged": of `lab.crops.compared.judged`, None without labels of the
        crop.

    Raises:
        CropError: labels and data have no pixel in common.
    """
    stack, found = of_place(place), probability(place, model)
    yes = said(found)
    known = yes != UNKNOWN
    pixel = picture(stack)["pixel"]
    if _marked(stack) and (confusion(stack.truth, yes) == UNKNOWN).all():
        raise CropError("Labels and data have no pixel in common: look at where each of them lies.")
    return {
        "hectares": float((yes == 1).sum() * pixel**2 / 10_000) if pixel else None,
        "share": float((yes[known] == 1).mean()),
        "judged": judged(stack, found) if _marked(stack) else None,
    }


def seen(place: Place, model: str) -> dict[str, Any]:
    """Return `facts` and `outcome` of a place: one answer, so that a page waits for one only."""
    return {"facts": facts(place), "outcome": outcome(place, model)}


def series(place: Place, model: str, band: str = "VH") -> list[dict[str, Any]]:
    """Return the mean series of a map, rows of `lab.crops.series.of_mask`.

    Their kinds are TP, FN, FP and TN where labels tell, else "said" (to be the crop) and "rest".
    """
    stack, found = of_place(place), probability(place, model)
    if _marked(stack):
        return series_of(stack, found, band)
    yes = said(found)
    return [
        *of_mask(stack, yes == 1, band, kind="said"),
        *of_mask(stack, yes == 0, band, kind="rest"),
    ]


def _marked(stack: Stack) -> bool:
    return stack.labels is not None and bool(stack.targets)


def drawn(
    place: Place, places: Sequence[Sequence[Sequence[float]]], band: str = "VH"
) -> list[list[dict[str, Any]]]:
    """Return the series of pixels and polygons; no rows where a composite has no data.

    Args:
        place: of the scene.
        places: points of each, see `lab.crops.shown.inside`.
        band: "VH", "VV" or "VH/VV".
    """
    stack = of_place(place)
    return [of_mask(stack, inside(points, stack.shape), band) for points in places]


def map_file(place: Place, model: str) -> bytes:
    """Return the map as a cloud-optimised GeoTIFF: probability, NaN where nothing is known."""
    from lab.crops.rasters.geotiff import write_map

    tags = {"model": model, "name": of_place(place).name}
    return _file(
        lambda path: write_map(probability(place, model), of_place(place), path, tags=tags)
    )


def scene_file(place: Place) -> bytes:
    """Return the composites as a GeoTIFF: what a right file looks like."""
    from lab.crops.rasters.geotiff import write

    return _file(lambda path: write(of_place(place), path, scaled=True))


def labels_file(place: Place) -> bytes:
    """Return the labels as a GeoTIFF.

    Raises:
        CropError: there are none.
    """
    from lab.crops.rasters.geotiff import write_labels

    return _file(lambda path: write_labels(of_place(place), path))


def _file(write: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return Path(write(Path(folder) / "file.tif")).read_bytes()


def overview(path: str) -> dict[str, Any]:
    """Return a map that `lab.crops.rasters.whole` wrote, made small, and what it says in all.

    Returns:
        "picture" (h, w, 3) uint8, at most 800 pixels a side; "shape" (rows, columns) of the file;
        "hectares" and "share" of the land with data, both from all of its pixels; "tags".
    """
    from lab.crops.rasters.refusals import opened

    yes = known = 0
    with opened(path) as file:
        for _, window in file.block_windows(1):
            found = file.read(1, window=window, masked=True).filled(UNKNOWN)
            steps = found != UNKNOWN
            known += int(steps.sum())
            yes += int((steps & (found * file.scales[0] >= THRESHOLD)).sum())
        step = max(1, math.ceil(max(file.shape) / _SMALL))
        small = file.read(1, out_shape=tuple(-(-side // step) for side in file.shape), masked=True)
        share = small.filled(0) * np.float32(file.scales[0])
        a, e = file.transform.a, file.transform.e
        metres = file.crs is not None and file.crs.is_projected
        return {
            "picture": _painted(share, np.ma.getmaskarray(small)),
            "shape": list(file.shape),
            "hectares": yes * abs(a * e) / 10_000 if metres else None,
            "share": yes / known if known else 0.0,
            "tags": dict(file.tags()),
        }


def _painted(share: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Return white for 0, bluish green for 1, grey where nothing is known."""
    green, grey = np.array([0, 158, 115]), np.array([196, 200, 198])
    painted = 255 + (green - 255) * share[..., None]
    painted[missing] = grey
    return painted.round().astype(np.uint8)
