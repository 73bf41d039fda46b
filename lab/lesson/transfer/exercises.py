"""The self-checking exercises of the lesson, and the code behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lab.lesson.frame import Exercise
from lab.lesson.lineup import Entry, plain
from lab.lesson.transfer import reading, start
from lab.lesson.transfer.catalogue import CATALOGUE, titled
from lab.lesson.transfer.results import Row
from lab.lesson.transfer.split import LEAK
from lab.lesson.transfer.start import Chosen

Outcome = tuple[bool, str] | None
TO_READ = 3
_METHODS = 2


def exercises(mine: Sequence[Row]) -> tuple[Exercise, ...]:
    """Return the exercises over the table of this page."""
    return (
        Exercise(
            "Train at least two methods with three seeds in one region. Is one of them ahead on "
            "every seed?",
            lambda: ahead(mine),
        ),
        Exercise(
            f"Read {TO_READ} numbers of the paper's table right, under *Read the table*: where was "
            "the network pre-trained, tuned, tested, and for which crop?",
            read,
        ),
        Exercise(
            "Find a region in which a split by pixels promises at least 0.1 IoU more than a new "
            "scene gives (*Train, validation, test*). Why there?",
            leaking,
        ),
    )


def ahead(mine: Sequence[Row]) -> Outcome:
    """Say whether one of several methods is ahead over three seeds, in one place."""
    places: dict[tuple, list[Row]] = {}
    for row in mine:
        if row["n"] >= 3 and row["tuned"] == row["tested"]:
            places.setdefault((row["tuned"], row["features"]), []).append(row)
    full = {place: rows for place, rows in places.items() if len(rows) >= _METHODS}
    if not full:
        return (False, "So far one seed each: choose three.") if mine else None
    (tuned, features), rows = next(iter(full.items()))
    first, second, *_ = sorted(rows, key=lambda row: row["mean"], reverse=True)
    told = (
        f"{titled(tuned)}, {features}: {plain(first['method'])} "
        f"{first['low']:.2f} to {first['high']:.2f}, {plain(second['method'])} "
        f"{second['low']:.2f} to {second['high']:.2f}. "
    )
    shared = set(first["by_seed"]) & set(second["by_seed"])
    if all(first["by_seed"][seed] > second["by_seed"][seed] for seed in shared):
        return True, f"{told}The first is ahead on all {len(shared)} seeds: a hint, not a law."
    return True, f"{told}Which one is ahead changes with the seed."


def read() -> Outcome:
    """Say how many numbers were read right."""
    right = reading.read()
    return (right >= TO_READ, f"{right} read right.") if right else None


def leaking() -> Outcome:
    """Say how much too much the split by pixels promised."""
    seen: Mapping[str, Any] | None = st.session_state.get(LEAK)
    if seen is None:
        return None
    gap = seen["pixels"]["iou"] - seen["pixels"]["new_iou"]
    return gap >= 0.1, (
        f"{titled(seen['region'])}: promised {seen['pixels']['iou']:.2f}, the new "
        f"scene gives {seen['pixels']['new_iou']:.2f}."
    )


def snippet(
    chosen: Chosen, entries: Sequence[Entry], budget: Mapping[str, float], seed: int, seeds: int
) -> str:
    """Return Python that trains the same methods in the same scenes and tests them."""
    ((kind, amount),) = budget.items()
    methods = ",\n".join(
        f"    {label!r}: { ({'model': entry.kind} | dict(entry.changes))!r}"
        for label, entry in zip(CATALOGUE.labels(entries), entries, strict=True)
    )
    known = chosen.target != "own" and chosen.region is not None
    given = [place.region for place in chosen.data(seed).tests] if chosen.region else ["spain"]
    region, imported = repr(chosen.target), ""
    tests = repr(given)
    if not known and chosen.region is not None:
        imported = "from lab.crops.scenes.regions import region\n"
        region = f"region({chosen.region.to_json()!r})"
        tests = f"[{region}, 'spain']"
    return f"""{imported}from lab.crops.network.data import CropData
from lab.crops.network.questions import maps
from lab.crops.network.task import train

tuned, tested = {region}, {tests}
methods = {{
{methods},
}}
for seed in range({seed}, {seed + seeds}):
    data = CropData.of(tuned, tested, seed=seed, size={start.SIZE})
    for name, changes in methods.items():
        run = train(data=data, features={chosen.features!r}, start={chosen.start!r},
                    shots={chosen.shots}, {kind}={int(amount)}, seed=seed, **changes)
        *_, last = run
        print(name, seed, last.metrics)
    print(maps(last.checkpoint(), data)["probability"].shape)
"""
