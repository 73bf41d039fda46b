"""What a worker keeps from slice to slice: the files of one job, open, and its network.

Opening files anew for each slice would lose the blocks that are decoded already, and tiles share
blocks with their neighbours. A worker that keeps nothing only takes longer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from lab.crops.network.settings import WEIGHTS
from lab.crops.rasters.jobs import Job
from lab.crops.rasters.refusals import local_file
from lab.crops.rasters.source import Source
from lab.crops.stack import BANDS, CropError, Stack

Predict = Callable[[np.ndarray], np.ndarray]

CACHE = 64, 512  # MB of decoded blocks, at least and at most
ONE_WINDOW = 2**20  # a side that is never reached: what is read is predicted at once

_held: dict[str, Source] = {}  # job id -> files; one at most


def stamps(paths: Sequence[str]) -> list[list[int]]:
    """Return size and time of last change of each file: another file has others.

    Raises:
        CropError: a file is gone.
    """
    found = (os.stat(local_file(path)) for path in paths)
    return [[status.st_size, status.st_mtime_ns] for status in found]


def cache_for(source: Source, rows: int) -> int:
    """Return MB that keep the blocks of so many rows of the scene decoded, within limits.

    Tiles of a row share blocks (whole rows of them where a file has no tiles), and so do those of
    the next row.
    """
    return int(np.clip(source.bytes_of_rows(rows) * 1.1 / 1e6, *CACHE))


def bands_of(name: str) -> list[str] | None:
    """Return the bands that weights of the project read, None where there are no such weights."""
    try:
        about = json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8"))
    except OSError:
        return None
    return list(BANDS[: about["channels"]])


def source_of(job: Job) -> Source:
    """Return the open files of a job.

    Raises:
        CropError: they are gone or have changed.
    """
    if stamps(job["sources"]) != job["stamps"]:
        let_go()
        raise CropError("The files have changed since this began: begin again.")
    if job["id"] not in _held:
        let_go()
        _held[job["id"]] = Source(job["sources"], cache=job["cache"], **job["reading"])
    return _held[job["id"]]


def let_go() -> None:
    """Close the files that are held."""
    while _held:
        _held.popitem()[1].close()


@lru_cache(maxsize=2)
def _loaded(name: str) -> Any:
    from lab.crops.network.lean import Lean
    from lab.crops.network.net import load

    return Lean(load(name))


def predictor(name: str, source: Source) -> Predict:
    """Return what predicts a window with weights of the project.

    Raises:
        CropError: there are no such weights.
    """
    from lab.crops.network.net import probabilities

    model, bands, periods = _loaded(name), source.bands, source.periods

    def predict(values: np.ndarray) -> np.ndarray:
        stack = Stack("The scene", values, bands, periods, source.quantity)
        return probabilities(model, stack, tile=ONE_WINDOW)

    return predict
