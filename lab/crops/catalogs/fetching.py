"""A catalog's composites, fetched in steps that a page can show, and kept as a GeoTIFF.

A job is a dictionary that JSON can hold; each step is one question to a worker and leaves what it
read in the job's folder, so that any worker can do the next.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from lab.crops.catalogs.box import Box, Grid, grid
from lab.crops.catalogs.catalog import Found, complete, composite, look, stack_of
from lab.crops.catalogs.known import Endpoint
from lab.crops.rasters.geotiff import write
from lab.crops.stack import BANDS, PERIODS, CropError

Job = dict[str, Any]


def search(
    endpoint: Mapping[str, Any], box: Sequence[float], year: int, orbit: str = ""
) -> dict[str, Any]:
    """Look what a catalog has; nothing but descriptions is fetched.

    Args:
        endpoint: of `Endpoint.to_dict`.
        box: west, south, east, north in degrees.
        year, orbit: as for `lab.crops.catalogs.catalog.look`.

    Returns:
        `Found.to_dict`, and "shape" (rows, columns) of what would be loaded.
    """
    source, where = Endpoint.from_dict(endpoint), Box(*box)
    shape = grid(where, source.pixel).shape  # before anybody is asked
    return look(source, where, year, orbit=orbit).to_dict() | {"shape": list(shape)}


def begin(
    endpoint: Mapping[str, Any],
    box: Sequence[float],
    year: int,
    found: Mapping[str, Any],
    folder: str,
) -> Job:
    """Start to load what was found.

    Args:
        endpoint, box, year: as for `search`.
        found: its answer.
        folder: of this job alone; is made.

    Returns:
        The job: "state" ("running"), "next" (period), "counts", "left_out".

    Raises:
        CropError: a period has no image, or the catalog's files cannot be read here.
    """
    source = Endpoint.from_dict(endpoint)
    if not source.readable:
        raise CropError(f"The files of this catalog cannot be read here. {source.note}")
    items = Found(found["items"], found["dates"], list(found["left_out"]))
    complete(items)
    Path(folder).mkdir(parents=True, exist_ok=True)
    return {
        "endpoint": dict(endpoint),
        "year": year,
        "grid": asdict(grid(Box(*box), source.pixel)),
        "found": {"items": items.items, "dates": items.dates},
        "left_out": items.left_out,
        "folder": folder,
        "next": 0,
        "counts": [],
        "state": "running",
    }


def advance(job: Job) -> Job:
    """Read the next period; return the job.

    Raises:
        CropError: it could not be read; the sentence says why.
    """
    source, period = Endpoint.from_dict(job["endpoint"]), job["next"]
    found = Found(job["found"]["items"], job["found"]["dates"])
    values, count, left_out = composite(source, found, _grid(job), period)
    np.save(Path(job["folder"]) / f"{period}.npy", values)
    return {
        **job,
        "next": period + 1,
        "counts": [*job["counts"], count],
        "left_out": [*job["left_out"], *left_out],
        "state": "running" if period + 1 < len(PERIODS) else "ready",
    }


def _grid(job: Job) -> Grid:
    given = job["grid"]
    return Grid(given["crs"], tuple(given["transform"]), tuple(given["shape"]))


def finish(job: Job, target: str) -> str:
    """Write the composites as a GeoTIFF named by its digest, remove the job's folder.

    Args:
        job: that is ready.
        target: folder of the file.

    Returns:
        The path.
    """
    folder, source = Path(job["folder"]), Endpoint.from_dict(job["endpoint"])
    parts = [np.load(folder / f"{n}.npy", allow_pickle=False) for n in range(len(PERIODS))]
    stack = stack_of(source, _grid(job), np.stack(parts, axis=1), BANDS, job["year"])
    made = write(stack, folder / "made.tif", year=job["year"])
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    path = Path(target) / f"{digest}.tif"
    os.replace(made, path)
    drop(job)
    return str(path)


def drop(job: Job) -> None:
    """Remove what a job has read so far."""
    shutil.rmtree(job["folder"], ignore_errors=True)
