"""What grows where, from a raster of class codes or from polygons, laid onto a scene."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import rasterio
from scipy import ndimage

from lab.crops.catalogs.box import Grid
from lab.crops.rasters.aligned import check_place, codes_on
from lab.crops.rasters.refusals import data_bands, local_file, opened
from lab.crops.rasters.vectors import MOST_CLASSES, draw
from lab.crops.stack import UNKNOWN, CropError, Stack

# Words for the two crops of the paper in languages of its regions; a user chooses otherwise.
TARGET_WORDS = ("rice", "riz", "arroz", "rijst", "barley", "orge", "cebada", "gerst")


def labels_for(
    path: str | os.PathLike,
    stack: Stack,
    property: str | None = None,
    *,
    targets: Sequence[str] | None = None,
    band: int | None = None,
) -> Stack:
    """Return a scene with labels from a file, aligned by coordinates.

    Args:
        path: a GeoTIFF of class codes, or GeoJSON polygons.
        stack: the scene; it must say where it lies.
        property: of the polygons, that names the class.
        targets: classes that are the crop to be found; None for those whose name says rice or
            barley.
        band: of the GeoTIFF, from 1; needed where it has several.

    Returns:
        The scene with `labels`, `classes`, `targets` and `parcels`: the polygons, or connected
        pixels of one class.

    Raises:
        CropError: the file cannot be used; one sentence says why and what to do.
    """
    file = local_file(path)
    if not stack.transform or not stack.crs:
        raise CropError(
            f"{stack.name} does not say where it lies, so labels cannot be laid onto it: bring a "
            "scene with coordinates."
        )
    grid = Grid(stack.crs, tuple(stack.transform), stack.shape)
    with file.open("rb") as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")) or file.suffix.lower() in (".geojson", ".json"):
        fields = draw(file, grid, property)
        labels, parcels, classes = fields.labels, fields.parcels, fields.classes
    else:
        labels, classes = _from_raster(file, grid, band)
        parcels = patches(labels)
    chosen = _targets(classes, targets)
    return replace(stack, labels=labels, parcels=parcels, classes=classes, targets=chosen)


def _targets(classes: tuple[str, ...], wanted: Sequence[str] | None) -> tuple[str, ...]:
    if wanted is None:
        return tuple(n for n in classes if any(word in n.lower() for word in TARGET_WORDS))
    if missing := [name for name in wanted if name not in classes]:
        raise CropError(f"No field is called {missing[0][:40]!r}: choose one of the classes.")
    return tuple(wanted)


def _from_raster(path: Path, grid: Grid, band: int | None) -> tuple[np.ndarray, tuple[str, ...]]:
    with opened(path) as dataset:
        numbers = data_bands(dataset)
        if band is None and len(numbers) != 1:
            raise CropError(
                f"{path.name} has {len(numbers)} bands: choose the one that holds the classes."
            )
        chosen = numbers[0] if band is None else band
        if chosen not in numbers:
            raise CropError(f"{path.name} has no band {chosen}: choose 1 to {len(numbers)}.")
        check_place(dataset, grid)
        codes = codes_on(dataset, chosen, grid)
        names = _names(dataset)
    return _numbered(codes, names, path.name)


def _names(dataset: rasterio.DatasetReader) -> list[str]:
    try:
        found = json.loads(dataset.tags().get("classes", "[]"))
    except (ValueError, RecursionError):
        return []
    return [str(name)[:80] for name in found] if isinstance(found, list) else []


def _numbered(codes: np.ndarray, names: list[str], file: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return numbers of classes for codes; those of the lab's own files stay what they are."""
    known = np.isfinite(codes)
    if not known.any():
        raise CropError(f"{file} has no data where the scene lies: choose another file.")
    found = np.unique(codes[known])
    if (found != np.round(found)).any() or len(found) > MOST_CLASSES:
        raise CropError(
            f"{file} holds measurements and no codes of classes: choose a file or a band of whole "
            f"numbers with up to {MOST_CLASSES} values."
        )
    labels = np.full(codes.shape, UNKNOWN, np.uint8)
    if names and found[0] >= 0 and found[-1] < len(names):
        labels[known] = codes[known]
        return labels, tuple(names)
    labels[known] = np.searchsorted(found, codes[known])
    return labels, tuple(f"class {code:.0f}" for code in found)


def patches(labels: np.ndarray) -> np.ndarray:
    """Return (H, W) int32 numbers, from 1, of connected pixels of one class (side by side)."""
    found = np.zeros(labels.shape, np.int32)
    last = 0
    for code in np.unique(labels[labels != UNKNOWN]):
        numbered, count = ndimage.label(labels == code)
        found += np.where(numbered > 0, numbered + last, 0).astype(np.int32)
        last += count
    return found
