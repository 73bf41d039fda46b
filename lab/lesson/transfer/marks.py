"""Zero-shot, forest and rule beside the runs: asked of the workers, drawn once they have answered.

The page never waits for them: a forest takes seconds, and runs have the workers first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab.lesson.transfer.catalogue import SHORT_NAMES
from lab.lesson.transfer.later import later
from lab.lesson.transfer.results import SCORE, Row, data_of, spread
from lab.runs import View

_LINES = ("forest", "rule")


def found(view: View) -> dict[str, dict[str, float]] | None:
    """Return the figures of the three where a run is; None while they are measured.

    They are asked for when the run has ended: a question goes before every slice of training.
    """
    data = data_of(view.run)
    if view.run.status.alive or data is None or data.own is not None or not data.train:
        return {}
    s = view.run.settings
    try:
        return later(
            "lab.crops.network.marks",
            "marks",
            recipe=data.to_bytes().decode(),
            features=s["features"],
            start=s["start"],
            count=s["shots"],
            seed=s["seed"],
        )
    except ValueError:
        return {}  # such as a scene that cannot be: its runs say so themselves


def pending(views: Sequence[View]) -> bool:
    """Return whether something is measured that will stand beside these runs."""
    return any(found(view) is None for view in views)


def lines(views: Sequence[View]) -> dict[str, float]:
    """Return validation IoU of forest and rule; nothing if runs are of several experiments."""
    if len({_experiment(view) for view in views}) != 1:
        return {}
    figures = found(views[0]) or {}
    # Zero-shot is where the curves begin, at step 0.
    return {SHORT_NAMES[k]: figures[k]["iou"] for k in _LINES if "iou" in figures.get(k, {})}


def _experiment(view: View) -> tuple[Any, ...]:
    s = view.run.settings
    return view.run.corpus, s["features"], s["start"], s["shots"], s["seed"]


def rows(views: Sequence[View]) -> list[Row]:
    """Return the test figures of the three as rows of the table."""
    values: dict[tuple, dict[int, float]] = {}
    for view in {_experiment(view): view for view in views}.values():
        s, data = view.run.settings, data_of(view.run)
        for name, figures in (found(view) or {}).items():
            label = SHORT_NAMES[name]
            if name == "forest" and s["shots"]:
                label += f", {s['shots']} tile{'s' if s['shots'] > 1 else ''}"
            if name == "zero" and s["start"] != "korea":
                label += f", from {s['start'].capitalize()}"
            for place in data.tests:
                value = figures.get(f"{SCORE}_{place.key}")
                if value is not None:
                    key = label, data.train[0].key, place.key, s["features"]
                    values.setdefault(key, {})[s["seed"]] = value
    return [
        {"method": m, "tuned": a, "tested": b, "features": f, **spread(some)}
        for (m, a, b, f), some in values.items()
    ]
