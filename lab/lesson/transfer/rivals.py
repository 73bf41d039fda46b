"""Zero-shot, forest and rule beside the runs: asked of the workers, drawn once they have answered.

The page never waits for them: a forest takes seconds, and runs have the workers first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import streamlit as st

from lab.lesson.kit import ask
from lab.lesson.transfer import TEXT
from lab.lesson.transfer.catalogue import SHORT_NAMES
from lab.lesson.transfer.results import SCORE, Row, data_of, spread
from lab.runs import Status, View

_LINES = ("forest", "rule")


def question(view: View) -> tuple[Hashable, Callable] | None:
    """Return key and sender of the question about the three where a run is; None if there is none.

    They are asked for when the run has ended: a question goes before every slice of training.
    """
    if view.run.status.alive or view.run.status is Status.FAILED:
        return None
    data = data_of(view.run)
    if data is None or data.own is not None or not data.train:
        return None
    s = view.run.settings
    return ask.computing(
        "lab.crops.network.marks",
        "marks",
        recipe=data.to_bytes().decode(),
        features=s["features"],
        start=s["start"],
        count=s["shots"],
        seed=s["seed"],
    )


def figures(view: View) -> Mapping[str, Mapping[str, float]]:
    """Return what is known of the three where a run is: name -> its figures."""
    asked = question(view)
    return (ask.known(asked[0]) if asked else None) or {}


def measure(views: Sequence[View]) -> None:
    """Ask for the three where these runs are; say so until they are there, one after another."""
    questions = dict(asked for view in views if (asked := question(view)))
    for key, send in questions.items():
        ask.begin(key, send)
    for key, send in questions.items():
        if ask.answer(key, send, TEXT("rivals"), patience=0.0) is None:
            if ask.under_way(key):
                st.caption(f":material/hourglass_empty: {TEXT('measuring')}")
            return


def lines(views: Sequence[View]) -> dict[str, float]:
    """Return validation IoU of forest and rule; nothing if runs are of several experiments."""
    if len({_experiment(view) for view in views}) != 1:
        return {}
    found = figures(views[0])
    # Zero-shot is where the curves begin, at step 0.
    return {SHORT_NAMES[k]: found[k]["iou"] for k in _LINES if "iou" in found.get(k, {})}


def _experiment(view: View) -> tuple[Any, ...]:
    s = view.run.settings
    return view.run.corpus, s["features"], s["start"], s["shots"], s["seed"]


def rows(views: Sequence[View]) -> list[Row]:
    """Return the test figures of the three as rows of the table."""
    values: dict[tuple, dict[int, float]] = {}
    for view in {_experiment(view): view for view in views}.values():
        s, data = view.run.settings, data_of(view.run)
        if data is None:
            continue
        for name, found in figures(view).items():
            label = SHORT_NAMES[name]
            if name == "forest" and s["shots"]:
                label += f", {s['shots']} tile{'s' if s['shots'] > 1 else ''}"
            if name == "zero" and s["start"] != "korea":
                label += f", from {s['start'].capitalize()}"
            for place in data.tests:
                value = found.get(f"{SCORE}_{place.key}")
                if value is not None:
                    key = label, data.train[0].key, place.key, s["features"]
                    values.setdefault(key, {})[s["seed"]] = value
    return [
        {"method": m, "tuned": a, "tested": b, "features": f, **spread(some)}
        for (m, a, b, f), some in values.items()
    ]
