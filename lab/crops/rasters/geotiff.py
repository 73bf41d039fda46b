"""Scenes, labels and maps as GeoTIFF: cloud optimised, and saying what they are.

Tags of the file: name, quantity, unit, synthetic ("yes" or "no"), year, producer. Tags of a band:
band, operator, first, last (days), stage. Smaller copies for quick looks (overviews) take every
n-th pixel: an average of decibels would be another quantity.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio import Affine

from lab.crops.rasters.aligned import grid_of, whole
from lab.crops.rasters.meaning import layers_of
from lab.crops.rasters.reading import read as read_window
from lab.crops.rasters.refusals import opened
from lab.crops.rasters.source import Source
from lab.crops.stack import UNKNOWN, CropError, Stack

PRODUCER = "Glasshouse"
STEP = 0.01  # dB, of scaled files
EMPTY = -32768  # no data of scaled files
BLOCK = 512
# Okabe and Ito, in an order that gives neighbours different lightness; more classes repeat it.
PALETTE = (
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (230, 159, 0),
    (86, 180, 233),
    (213, 94, 0),
    (204, 121, 167),
    (187, 187, 187),
)


def write(
    stack: Stack, path: str | os.PathLike, *, year: int | None = None, scaled: bool = False
) -> Path:
    """Write the backscatter of a scene; its labels go into a file of their own, `write_labels`.

    Args:
        stack: what to write.
        path: of the file, which is replaced only when all is written.
        year: of the season; None leaves it out, and days are without a year.
        scaled: int16 in steps of 0.01 dB instead of float32.
    """
    values = stack.values.reshape(-1, *stack.shape)  # bands of VH, then of VV
    if scaled:
        steps = np.round(values / STEP)
        values = np.where(np.isfinite(steps), steps, EMPTY).clip(EMPTY, 32767).astype(np.int16)
    profile = _profile(stack, values, nodata=EMPTY if scaled else np.nan)
    described, tags = _bands_of(stack, year)
    facts = {"name": stack.name, "quantity": stack.quantity, "unit": "dB"}
    if year:
        facts["year"] = str(year)

    def fill(file: Any) -> None:
        file.write(values)
        file.update_tags(**facts, **_always(stack))
        file.units = ["dB"] * len(values)
        if scaled:
            file.scales = [STEP] * len(values)
        for i, (said, own) in enumerate(zip(described, tags, strict=True), 1):
            file.set_band_description(i, said)
            file.update_tags(i, **own)

    return _replace(path, profile, fill)


def _bands_of(stack: Stack, year: int | None) -> tuple[list[str], list[dict[str, str]]]:
    described, tags = [], []
    before = f"{year}-" if year else ""
    for band in stack.bands:
        for period in stack.periods:
            first, last = (f"{before}{m:02d}-{d:02d}" for m, d in (period.first, period.last))
            described.append(f"{band} {period.label}")
            tags.append(
                {
                    "band": band,
                    "operator": period.operator,
                    "first": first,
                    "last": last,
                    "stage": period.stage,
                }
            )
    return described, tags


def write_labels(stack: Stack, path: str | os.PathLike) -> Path:
    """Write what grows where: class numbers, 255 where it is not known, names in the tags.

    Raises:
        CropError: the scene has no labels.
    """
    if stack.labels is None:
        raise CropError(f"{stack.name} has no labels to write.")
    facts = {"targets": json.dumps(stack.targets), "name": stack.name}
    return write_map(stack.labels, stack, path, classes=stack.classes, tags=facts)


def write_map(
    values: np.ndarray,
    like: Stack,
    path: str | os.PathLike,
    *,
    classes: Sequence[str] = (),
    colours: Mapping[int, tuple[int, int, int]] | None = None,
    tags: Mapping[str, str] | None = None,
) -> Path:
    """Write a prediction on the grid of a scene.

    Args:
        values: (H, W): float probability with NaN where nothing is known, or uint8 class numbers
            with 255 there.
        like: the scene; its grid, and whether it is synthetic, are written.
        path: of the file.
        classes: names of class numbers.
        colours: of class numbers, 0 to 255; None for the lab's.
        tags: more of them, such as the model's name.

    Raises:
        CropError: the shape is another than the scene's.
    """
    if values.shape != like.shape:
        raise CropError(f"A map of {values.shape} does not lie on a scene of {like.shape}.")
    codes = values.dtype.kind in "ub"
    values = values.astype(np.uint8 if codes else np.float32)[None]
    profile = _profile(like, values, nodata=UNKNOWN if codes else np.nan)
    facts = dict(tags or {}) | _always(like)
    if codes:
        facts["classes"] = json.dumps(list(classes))
    else:
        facts["unit"] = "probability"

    def fill(file: Any) -> None:
        file.write(values)
        file.update_tags(**facts)
        if codes:
            file.write_colormap(1, _colours(len(classes), colours))

    return _replace(path, profile, fill)


def _colours(
    count: int, given: Mapping[int, tuple[int, int, int]] | None
) -> dict[int, tuple[int, int, int, int]]:
    chosen = given or {i: PALETTE[i % len(PALETTE)] for i in range(count)}
    return {i: (*colour, 255) for i, colour in chosen.items()} | {UNKNOWN: (255, 255, 255, 0)}


def _always(stack: Stack) -> dict[str, str]:
    return {"synthetic": "yes" if stack.synthetic else "no", "producer": PRODUCER}


def _profile(stack: Stack, values: np.ndarray, nodata: float) -> dict[str, Any]:
    place = {}
    if stack.transform:
        place = {"transform": Affine(*stack.transform), "crs": stack.crs}
    return {
        "driver": "COG",
        "count": len(values),
        "height": values.shape[1],
        "width": values.shape[2],
        "dtype": values.dtype.name,
        "nodata": nodata,
        "compress": "deflate",
        "predictor": "yes",
        "blocksize": BLOCK,
        "overview_resampling": "nearest",
        **place,
    }


def _replace(path: str | os.PathLike, profile: dict[str, Any], fill: Any) -> Path:
    """Write a file under another name first, so that nobody ever reads half of one."""
    target = Path(path)
    partial = target.with_name(f".{target.name}.partial.tif")
    try:
        with rasterio.open(partial, "w", **profile) as file:
            fill(file)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def read(path: str | os.PathLike, labels: str | os.PathLike | None = None) -> Stack:
    """Read what `write` wrote, and what `write_labels` wrote beside it.

    Raises:
        CropError: a file is not one of these, or the two do not lie on the same grid.
    """
    with opened(path) as file:
        tags = file.tags()
        if not all(layer.period and layer.band for layer in layers_of(file)):
            raise CropError(
                f"{Path(path).name} does not say its bands and periods: open it as your own raster."
            )
    with Source([path]) as source:
        rows, columns = source.grid.shape
        values = source.read(0, 0, rows, columns)
        placed = source.grid.transform != (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        found = {"labels": None, "classes": (), "targets": ()}
        if labels is not None:
            found = _labels(labels, source)
        return Stack(
            tags.get("name", Path(path).stem),
            values,
            source.bands,
            source.periods,
            source.quantity,
            transform=source.grid.transform if placed else None,
            crs=source.grid.crs,
            synthetic=tags.get("synthetic") == "yes",
            **found,
        )


def _labels(path: str | os.PathLike, source: Source) -> dict[str, Any]:
    with opened(path) as file:
        if grid_of(file) != source.grid:
            raise CropError(f"{Path(path).name} lies on another grid than its scene.")
        codes = read_window(file, [1], whole(source.grid))[0]
        tags = file.tags()
    return {
        "labels": np.where(np.isfinite(codes), codes, UNKNOWN).astype(np.uint8),
        "classes": tuple(json.loads(tags.get("classes", "[]"))),
        "targets": tuple(json.loads(tags.get("targets", "[]"))),
    }
