"""Rasters of the user's: one stack of many bands, or a file for every date.

`describe` tells what a file seems to hold before anything is decided; `open_stack` reads a small
scene at once. Large ones are predicted window by window: `lab.crops.rasters.whole`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.warp import transform_bounds

from lab.crops.rasters.aligned import grid_of
from lab.crops.rasters.meaning import Layer, layers_of
from lab.crops.rasters.refusals import (
    GDAL_ERRORS,
    SMALL,
    is_rotated,
    opened,
    unplaced,
)
from lab.crops.rasters.source import PLAUSIBLE, Source, check_values, sample
from lab.crops.stack import CropError, Period, Stack

_TAGS_SHOWN = 30
_LONGEST = 200


def open_stack(
    paths: Sequence[str],
    *,
    bands: Sequence[str] | None = None,
    unit: str | None = None,
    quantity: str | None = None,
    periods: Sequence[Period] | None = None,
    name: str = "Your region",
    order: str | None = None,
    year: int | None = None,
    part: tuple[int, int, int, int] | None = None,
) -> Stack:
    """Read a small scene, up to `lab.crops.rasters.refusals.SMALL` pixels.

    Args:
        paths, bands, unit, quantity, periods, order, year: see `Source`.
        name: of the place.
        part: (row, column, height, width) of a larger scene; None for all of it.

    Raises:
        CropError: the files cannot be read; one sentence says why and what to do.
    """
    with Source(
        paths,
        bands=bands,
        unit=unit,
        quantity=quantity,
        periods=periods,
        order=order,
        year=year,
    ) as source:
        row, column, height, width = part or (0, 0, *source.grid.shape)
        _check_part(source, row, column, height, width)
        values = source.read(row, column, height, width)
        check_values(values)
        a, b, c, d, e, f = source.grid.transform
        placed = source.grid.transform != (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        corner = (a, b, c + a * column + b * row, d, e, f + d * column + e * row)
        return Stack(
            name,
            values,
            source.bands,
            source.periods,
            source.quantity,
            transform=corner if placed else None,
            crs=source.grid.crs,
            synthetic=source.tags.get("synthetic") == "yes",
        )


def _check_part(source: Source, row: int, column: int, height: int, width: int) -> None:
    rows, columns = source.grid.shape
    inside = row >= 0 and column >= 0 and row + height <= rows and column + width <= columns
    if not inside or height < 1 or width < 1:
        raise CropError(f"That part sticks out of the scene of {columns:,} x {rows:,} pixels.")
    if height * width > SMALL:
        raise CropError(
            f"The scene has {width:,} x {height:,} pixels; {SMALL:,} can be looked at at once: "
            "choose a part of it, or predict all of it into a file."
        )


def describe(path: str) -> dict[str, Any]:
    """Return what a GeoTIFF seems to hold, as JSON can hold it.

    Returns:
        "name", "width", "height" in pixels, "pixel" (width, height) in units of "crs", "bounds"
        (left, bottom, right, top) there and "degrees" (west, south, east, north), each None without
        coordinates; "bands", "dtype", "nodata", "scale", "offset", "block" (height, width),
        "compression", "tags"; "small": whether `open_stack` reads all of it; "guess": {"bands",
        "dates", "periods" (labels), "unit", "quantity", "synthetic"}, None or [] where the file
        does not say, and "range" (lowest, middle, highest) of a sample of its first band;
        "problems": sentences.

    Raises:
        CropError: it is no GeoTIFF, or nothing of it can be read.
    """
    with opened(path) as dataset:
        layers = layers_of(dataset)
        problems, values = _look(dataset, layers)
        place = _place(dataset)
        return {
            "name": Path(dataset.name).name,
            "width": dataset.width,
            "height": dataset.height,
            **place,
            "bands": dataset.count,
            "dtype": dataset.dtypes[0],
            "nodata": _number(dataset.nodatavals[0]),
            "scale": dataset.scales[0],
            "offset": dataset.offsets[0],
            "block": list(dataset.block_shapes[0]),
            "compression": dataset.compression.value if dataset.compression else None,
            "tags": _tags(dataset),
            "small": math.prod(grid_of(dataset).shape) <= SMALL,
            "guess": _guess(dataset, layers, values),
            "problems": problems,
        }


def _place(dataset: rasterio.DatasetReader) -> dict[str, Any]:
    if unplaced(dataset):
        return {"crs": None, "pixel": None, "bounds": None, "degrees": None}
    grid = grid_of(dataset)
    a, _, left, _, e, top = grid.transform
    bounds = [left, top + e * grid.shape[0], left + a * grid.shape[1], top]
    try:
        degrees = [float(x) for x in transform_bounds(dataset.crs, "EPSG:4326", *bounds)]
    except GDAL_ERRORS:
        degrees = []
    known = len(degrees) == 4 and all(math.isfinite(x) for x in degrees)
    return {
        "crs": grid.crs,
        "pixel": [a, -e],
        "bounds": bounds,
        "degrees": degrees if known else None,
    }


def _look(dataset: rasterio.DatasetReader, layers: list[Layer]) -> tuple[list[str], np.ndarray]:
    """Return what one should know before using it, and a sample of its first band."""
    found, values = [], np.empty(0, np.float32)
    if said := unplaced(dataset):
        found.append(said)
    if is_rotated(dataset):
        found.append("Its rows do not run from west to east: it is turned, and resampled north up.")
    if dataset.subdatasets:
        found.append(f"It has {len(dataset.subdatasets)} pages; only the first one is read.")
    if dataset.crs and dataset.crs.is_geographic:
        found.append("Its pixels are in degrees, so they are no squares on the ground.")
    if layers:
        try:
            values = sample(dataset, layers[0].number)
        except CropError as error:
            found.append(str(error))
        else:
            if not values.size:
                found.append("There is no data in the middle of its first band.")
    else:
        found.append("It has no band besides a mask.")
    return found, values


def _guess(
    dataset: rasterio.DatasetReader, layers: list[Layer], values: np.ndarray
) -> dict[str, Any]:
    units = {layer.unit for layer in layers} - {None}
    quantities = {layer.quantity for layer in layers} - {None}
    return {
        "bands": sorted({layer.band for layer in layers if layer.band}),
        "dates": sorted({str(layer.day) for layer in layers if layer.day}),
        "periods": list(dict.fromkeys(layer.period.label for layer in layers if layer.period)),
        "unit": units.pop() if len(units) == 1 else _unit_shown(values),
        "quantity": quantities.pop() if len(quantities) == 1 else None,
        "synthetic": dataset.tags().get("synthetic") == "yes",
        "range": [float(np.quantile(values, q)) for q in (0, 0.5, 1)] if values.size else None,
    }


def _unit_shown(values: np.ndarray) -> str | None:
    """Return the unit that values show by themselves: dB has negative ones, power has none."""
    if not values.size:
        return None
    middle = float(np.median(values))
    if values.min() < 0:
        return "dB" if PLAUSIBLE[0] <= middle <= PLAUSIBLE[1] else None
    return "power" if 0 < middle < 10 else None


def _tags(dataset: rasterio.DatasetReader) -> dict[str, str]:
    tags = list(dataset.tags().items())[:_TAGS_SHOWN]
    return {key[:_LONGEST]: value[:_LONGEST] for key, value in tags}


def _number(value: float | None) -> float | str | None:
    if value is None or math.isfinite(value):
        return value
    return str(value)
