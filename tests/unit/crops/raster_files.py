"""Small rasters that the tests write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine

from lab.crops.stack import PERIODS, Stack

NORTH_UP = Affine(10, 0, 600_000, 0, -10, 4_500_000)
UTM = "EPSG:32631"


def scene(size: tuple[int, int] = (24, 32), bands: int = 2, images: int = 8, **facts) -> Stack:
    """Return noise about -15 dB with a hole, on a grid of 10 m."""
    values = np.random.default_rng(0).normal(-15, 3, (bands, images, *size)).astype(np.float32)
    values[:, :, 2:4, 5:8] = np.nan
    facts = {"transform": tuple(NORTH_UP)[:6], "crs": UTM, "name": "Made", **facts}
    return Stack(values=values, bands=("VH", "VV")[:bands], periods=PERIODS[:images], **facts)


def write(path: Path, values: np.ndarray, **profile) -> Path:
    """Write (n, H, W) as a plain GeoTIFF; `descriptions`, `tags` and `scales` as of rasterio."""
    said = {key: profile.pop(key, None) for key in ("descriptions", "tags", "scales", "offsets")}
    profile = {"transform": NORTH_UP, "crs": UTM, **profile}
    count, height, width = values.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=count,
        height=height,
        width=width,
        dtype=values.dtype,
        **profile,
    ) as file:
        file.write(values)
        if said["descriptions"]:
            file.descriptions = said["descriptions"]
        if said["scales"]:
            file.scales = [said["scales"]] * count
        if said["offsets"]:
            file.offsets = [said["offsets"]] * count
        file.update_tags(**(said["tags"] or {}))
    return path


def eight(value: float = -15.0, size: tuple[int, int] = (6, 5)) -> np.ndarray:
    """Return (8, H, W) float32: each band below the one before, falling to the right and down."""
    rows, columns = np.indices(size)
    steps = np.arange(8.0)[:, None, None] * 0.5 + columns * 0.25 + rows * 0.1
    return (value - steps).astype(np.float32)


SIGMA = {"bands": ["VH"], "unit": "dB", "quantity": "sigma0"}
