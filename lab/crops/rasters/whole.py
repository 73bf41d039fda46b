"""Predict a scene of any size into a file, in slices of a second: progress, cancel, resume.

A job is a small dictionary, and a file `job.json` in a folder of its own. A worker that is given
the job predicts tiles until its time is over, writes them into a tiled file, and gives the job
back. Nothing but these two files carries over from slice to slice, so any worker can go on.

Each tile is read with a margin that is thrown away after the network has seen it. Tiles begin at
multiples of the margin's unit (16), so that pooling falls on the same pixels as in the whole scene.
"""

from __future__ import annotations

import os
import time
import uuid
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.errors import NotGeoreferencedWarning
from rasterio.shutil import copy
from rasterio.windows import Window

from lab.crops.rasters.geotiff import PRODUCER
from lab.crops.rasters.held import (
    Predict,
    bands_of,
    cache_for,
    let_go,
    predictor,
    source_of,
    stamps,
)
from lab.crops.rasters.jobs import Job, cancel, kept, lives, partial, resume, write
from lab.crops.rasters.refusals import GDAL_ERRORS, guarded
from lab.crops.rasters.source import Source, check_values, periods_from
from lab.crops.stack import UNKNOWN, CropError

# Larger tiles waste less on margins, but what the network works on then leaves the processor's
# cache, which costs more; with less margin, tiles show. tests/benchmarks/crops.py measures both.
TILE, MARGIN = 512, 80  # pixels
UNIT = 16  # the network pools four times
BLOCK = 512
STEPS = 250  # a byte holds probabilities in steps of 1/250, and 255 for "no data"


def begin(
    source_paths: Sequence[str],
    out_dir: str | os.PathLike,
    model_spec: dict[str, Any],
    *,
    tile: int = TILE,
    margin: int = MARGIN,
    dtype: str = "uint8",
    name: str = "map",
    **reading: Any,
) -> Job:
    """Start a job: look at the files, make an empty map.

    Args:
        source_paths: of GeoTIFFs, see `lab.crops.rasters.source.Source`.
        out_dir: a folder for this job alone; is made.
        model_spec: {"name": weights of the project}.
        tile, margin: pixels, multiples of 16.
        dtype: "uint8" (steps of 1/250) or "float32", of the map.
        name: of the finished file.
        reading: bands, unit, quantity, periods (as JSON), order and year of the `Source`.

    Returns:
        The job: "state" ("running", "ready", "finished" or "cancelled"), "tiles" and "next" (how
        many there are, how many are done), "pixels" done, "empty" tiles without data, "seconds",
        "shape" (rows, columns), "folder".

    Raises:
        CropError: the files cannot be read as one scene, or tile and margin do not fit.
    """
    if tile < UNIT or tile % UNIT or margin < 0 or margin % UNIT:
        raise CropError(f"Tile and margin must be multiples of {UNIT} pixels.")
    if dtype not in ("uint8", "float32"):
        raise CropError(f"A map cannot be written as {dtype!r}: choose uint8 or float32.")
    if periods := reading.get("periods"):
        reading["periods"] = [asdict(p) for p in periods_from(periods)]  # as JSON holds them
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [os.fspath(path) for path in source_paths]
    if reading.get("bands") is None:  # a network of VH does not wait for VV to be read
        reading["bands"] = _bands(paths, model_spec.get("name", ""), reading)
    with Source(paths, **reading) as source:
        rows, columns = source.grid.shape
        _check_middle(source)
        job = {
            "id": uuid.uuid4().hex,
            "folder": str(folder),
            "name": "".join(c if c.isalnum() or c in "-_" else "-" for c in name)[:60] or "map",
            "sources": paths,
            "stamps": stamps(paths),
            "reading": reading,
            "model": model_spec,
            "tile": tile,
            "margin": margin,
            "dtype": dtype,
            "cache": cache_for(source, tile + 2 * margin),
            "shape": [rows, columns],
            "quantity": source.quantity,
            "synthetic": source.tags.get("synthetic") == "yes",
            "tiles": -(-rows // tile) * -(-columns // tile),
            "next": 0,
            "pixels": 0,
            "empty": 0,
            "seconds": 0.0,
            "state": "running",
        }
        _make_empty(job, source)
    write(job)
    return job


def _bands(paths: list[str], name: str, reading: dict[str, Any]) -> list[str]:
    with Source(paths, **reading) as source:
        wanted = bands_of(name) if name.isidentifier() else None
        return wanted if wanted and set(wanted) <= set(source.bands) else list(source.bands)


def _check_middle(source: Source) -> None:
    rows, columns = source.grid.shape
    height, width = min(rows, 256), min(columns, 256)
    values = source.read((rows - height) // 2, (columns - width) // 2, height, width)
    if np.isfinite(values).any():  # else nothing can be told before all of it is read
        check_values(values)


def _make_empty(job: Job, source: Source) -> None:
    rows, columns = job["shape"]
    byte = job["dtype"] == "uint8"
    profile = {
        "driver": "GTiff",
        "height": rows,
        "width": columns,
        "count": 1,
        "dtype": job["dtype"],
        "nodata": UNKNOWN if byte else np.nan,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "sparse_ok": True,
        "bigtiff": "if_safer",
        "crs": source.grid.crs,
    }
    if source.grid.transform != (1.0, 0.0, 0.0, 0.0, 1.0, 0.0):
        profile["transform"] = Affine(*source.grid.transform)
    with guarded(job["cache"]), _quietly(), rasterio.open(partial(job), "w", **profile) as file:
        if byte:
            file.scales = [1 / STEPS]
        file.update_tags(
            unit="probability",
            producer=PRODUCER,
            synthetic="yes" if job["synthetic"] else "no",
            quantity=job["quantity"],
            model=str(job["model"].get("name", "")),
        )


def advance(job: Job, seconds: float = 1.0, predict: Predict | None = None) -> Job:
    """Predict tiles until the time is over, at least one; return the job.

    Args:
        job: as `begin` or `advance` returned it.
        seconds: after which no further tile is begun.
        predict: from (P, T, h, w) float32 dB, NaN without data, to probabilities (h, w); None for
            the model of the job.

    Raises:
        CropError: the files are gone, changed or damaged, or do not fit the model.
    """
    if job["state"] != "running":
        return job
    if not lives(job):
        return {**job, "state": "cancelled"}
    started, job = time.perf_counter(), dict(job)
    try:
        source = source_of(job)
        with guarded(job["cache"]), _quietly(), rasterio.open(partial(job), "r+") as file:
            model = predict or predictor(job["model"]["name"], source)
            while job["next"] < job["tiles"]:
                _one_tile(job, source, file, model)
                if not lives(job) or time.perf_counter() - started >= seconds:
                    break
    except BaseException:
        let_go()
        raise
    job["seconds"] += time.perf_counter() - started
    if job["next"] == job["tiles"]:
        job["state"] = "ready"
    job = kept(job)
    if job["state"] != "running":
        let_go()
    return job


def _one_tile(job: Job, source: Source, file: Any, predict: Predict) -> None:
    rows, columns = job["shape"]
    tile, margin = job["tile"], job["margin"]
    row, column = divmod(job["next"], -(-columns // tile))
    top, left = row * tile, column * tile
    bottom, right = min(top + tile, rows), min(left + tile, columns)
    # Clipped at the scene's edge: there the network sees what it would see of the whole scene.
    first, west = max(0, top - margin), max(0, left - margin)
    last, east = min(rows, bottom + margin), min(columns, right + margin)
    values = source.read(first, west, last - first, east - west)
    inner = slice(top - first, bottom - first), slice(left - west, right - west)
    known = np.isfinite(values[(..., *inner)]).all((0, 1))
    if known.any():
        found = np.where(known, predict(values)[inner], np.nan)
        window = Window(left, top, right - left, bottom - top)
        file.write(_encoded(found, job["dtype"]), 1, window=window)
    else:
        job["empty"] += 1  # the file has no data there yet, and keeps having none
    job["next"] += 1
    job["pixels"] += (bottom - top) * (right - left)


def _encoded(probability: np.ndarray, dtype: str) -> np.ndarray:
    if dtype == "float32":
        return probability.astype(np.float32)
    steps = np.rint(np.clip(probability, 0, 1) * STEPS)
    return np.where(np.isnan(probability), UNKNOWN, steps).astype(np.uint8)


def finish(job: Job) -> Path:
    """Write the cloud-optimised GeoTIFF, with smaller copies; return its path.

    Raises:
        CropError: the job has not come to its end, or was cancelled.
    """
    folder = Path(job["folder"])
    target = folder / f"{job['name']}.tif"
    if job["state"] == "finished" and target.exists():
        return target
    if job["state"] != "ready" or not partial(job).exists():
        raise CropError(
            f"Only {job['next']} of {job['tiles']} tiles are predicted: let it run to its end."
        )
    written = folder / "writing.tif"
    try:
        with guarded(job["cache"]), _quietly():
            copy(
                partial(job),
                written,
                driver="COG",
                compress="deflate",
                predictor="yes",
                blocksize=BLOCK,
                overview_resampling="average",  # a mean of probabilities is a share
            )
        os.replace(written, target)
    except GDAL_ERRORS as error:
        raise CropError("The map could not be written: is the disk full?") from error
    finally:
        written.unlink(missing_ok=True)
    partial(job).unlink(missing_ok=True)
    write({**job, "state": "finished"})
    return target


def _quietly() -> warnings.catch_warnings:
    # A map without coordinates is meant where the scene has none; begin() took it as it is.
    return warnings.catch_warnings(action="ignore", category=NotGeoreferencedWarning)


__all__ = ["advance", "begin", "cancel", "finish", "resume"]
