"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lab.lesson.kit.page import Exercise, Experiment, Outcome
from lab.lesson.kit.text import plain
from lab.lesson.transfer import TEXT, paper_quiz
from lab.lesson.transfer.catalogue import titled
from lab.lesson.transfer.field_split import LEAK
from lab.lesson.transfer.iou_table import every_run
from lab.lesson.transfer.results import Row, measured

_TO_READ = 3
_METHODS = 2
_LEAK = 0.1  # of IoU


def exercises(page: Experiment) -> tuple[Exercise, ...]:
    """Return the exercises over the table of this page."""
    rows = measured(every_run(page.shown))
    return (
        Exercise(TEXT("exercise-ahead"), lambda: ahead(rows)),
        Exercise(TEXT("exercise-read", count=_TO_READ), read),
        Exercise(TEXT("exercise-leak", gap=_LEAK), leaking),
    )


def ahead(mine: Sequence[Row]) -> Outcome | None:
    """Say whether one of several methods is ahead over three seeds, in one place."""
    places: dict[tuple[str, str], list[Row]] = {}
    for row in mine:
        if row["n"] >= 3 and row["tuned"] == row["tested"]:
            places.setdefault((row["tuned"], row["features"]), []).append(row)
    full = {place: rows for place, rows in places.items() if len(rows) >= _METHODS}
    if not full:
        return Outcome(False, TEXT("one-seed")) if mine else None
    (tuned, features), rows = next(iter(full.items()))
    first, second, *_ = sorted(rows, key=lambda row: row["mean"], reverse=True)
    both = ", ".join(
        f"{plain(row['method'])} {row['low']:.2f} to {row['high']:.2f}" for row in (first, second)
    )
    shared = set(first["by_seed"]) & set(second["by_seed"])
    every = all(first["by_seed"][seed] > second["by_seed"][seed] for seed in shared)
    what = TEXT("ahead", seeds=len(shared)) if every else TEXT("not-ahead")
    return Outcome(True, f"{titled(tuned)}, {features}: {both}. {what}")


def read() -> Outcome | None:
    """Say how many numbers were read right."""
    right = paper_quiz.read()
    return Outcome(right >= _TO_READ, f"{right} read right.") if right else None


def leaking() -> Outcome | None:
    """Say how much too much the split by pixels promised."""
    seen: Mapping[str, Any] | None = st.session_state.get(LEAK)
    if seen is None:
        return None
    promised, given = seen["pixels"]["iou"], seen["pixels"]["new_iou"]
    figures = {"promised": f"{promised:.2f}", "given": f"{given:.2f}"}
    return Outcome(
        promised - given >= _LEAK, TEXT("leaked", region=titled(seen["region"]), **figures)
    )
