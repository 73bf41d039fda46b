"""The table that the lab recorded once over three seeds: read from its file, never mixed."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from lab.lesson.transfer import results
from lab.lesson.transfer.catalogue import SHORT_NAMES
from lab.places import ASSETS

PATH = ASSETS / "recorded" / "crops_transfer.json"


@cache
def _read() -> dict[str, Any]:
    if not PATH.exists():
        return {"rows": []}
    return json.loads(PATH.read_text(encoding="utf-8"))


def rows() -> list[results.Row]:
    """Return method, tuned, tested, features, mean, low, high (of mean IoU), n, by_seed."""
    found = []
    for row in _read()["rows"]:
        figures = zip(row["seeds"], row[results.SCORE], strict=True)
        values = {seed: value for seed, value in figures if value is not None}
        if values:
            key = {name: row[name] for name in ("tuned", "tested", "features")}
            name = SHORT_NAMES[row["method"]]
            found.append({"method": name, **key, **results.spread(values)})
    return found


def seeds() -> int:
    """Return how many seeds were recorded."""
    return len({seed for row in _read()["rows"] for seed in row["seeds"]})


def about() -> str:
    """Return what the recorded numbers are, in words."""
    size = _read().get("size", 0)
    return (
        f"mean over {seeds()} seeds, each with scenes of its own ({size} × {size} pixels), all "
        "training tiles"
    )
