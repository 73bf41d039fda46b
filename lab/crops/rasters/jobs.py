"""The record of a job on disk, and the map that grows beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

Job = dict[str, Any]

RECORD, PARTIAL = "job.json", "partial.tif"


def cancel(job: Job) -> Job:
    """Remove what has been predicted; a slice that is running stops after its tile."""
    folder = Path(job["folder"])
    for name in (RECORD, PARTIAL):
        (folder / name).unlink(missing_ok=True)
    return {**job, "state": "cancelled"}


def resume(out_dir: str | os.PathLike) -> Job | None:
    """Return the job of a folder as it was last written, None where there is none."""
    try:
        return json.loads((Path(out_dir) / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def partial(job: Job) -> Path:
    """Return the path of the map that grows."""
    return Path(job["folder"]) / PARTIAL


def lives(job: Job) -> bool:
    """Return whether nobody has cancelled it, or begun another in its folder."""
    known = resume(job["folder"])
    return known is not None and known.get("id") == job["id"] and partial(job).exists()


def kept(job: Job) -> Job:
    """Write the record of a job that lives, and remove the rest of one that does not."""
    if not lives(job):
        if resume(job["folder"]) is None:
            partial(job).unlink(missing_ok=True)
        return {**job, "state": "cancelled"}
    write(job)
    return job


def write(job: Job) -> None:
    """Write the record, at once or not at all."""
    path = Path(job["folder"]) / RECORD
    new = path.with_suffix(".part")
    new.write_text(json.dumps(job), encoding="utf-8")
    os.replace(new, path)
