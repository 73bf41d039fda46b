"""The table that the lab recorded once over three seeds: read from its file, never mixed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from lab.crops.network.layers import parameters
from lab.lesson.transfer import TEXT, results
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
    return TEXT("recorded", seeds=seeds(), size=_read().get("size", 0))


def ranges(
    found: Sequence[results.Row], tuned: str, tested: str, features: str, methods: Sequence[str]
) -> str:
    """Return the range over seeds of some methods in one place, such as "FT 0.71 to 0.80"."""
    place = (tuned, tested, features)
    here = {r["method"]: r for r in found if (r["tuned"], r["tested"], r["features"]) == place}
    return ", ".join(
        f"{method} {here[method]['low']:.2f} to {here[method]['high']:.2f}"
        for method in methods
        if method in here
    )


def figures() -> dict[str, str]:
    """Return the figures that what to notice quotes: shares of weights, and recorded ranges."""
    found = rows()
    few, one = ("RI", "FT", "FT_E", "Forest"), ("RI", "FT", "FT_E")
    every = ("Zero-shot", "RI", "FT", "FT_E", "FT_D", "Forest")
    shares = {method: parameters(method) for method in ("FT_E", "FT_D")}
    return {
        "encoder": f"{shares['FT_E'][0] / shares['FT_E'][1]:.0%}",
        "decoder": f"{shares['FT_D'][0] / shares['FT_D'][1]:.0%}",
        "seeds": str(seeds()),
        "spain": ranges(found, "spain", "spain", "VH", every),
        "away": ranges(found, "spain", "france", "VH", few),
        "home": ranges(found, "france", "france", "VH", few),
        "barley": ranges(found, "netherlands", "netherlands", "VH", few),
        "one": ranges(found, "spain", "spain", "VH", one),
        "two": ranges(found, "spain", "spain", "VH+VV", one),
    }
