"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.kit.measures import metric
from lab.lesson.kit.page import Exercise, Experiment, Outcome
from lab.lesson.translation import TEXT
from lab.runs import View
from lab.seq2seq import TASKS, load


def exercises(page: Experiment) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the page."""
    shown = page.shown
    return (
        Exercise(TEXT("exercise-bottleneck"), lambda: bottleneck(shown)),
        Exercise(TEXT("exercise-patience"), lambda: patience(shown)),
        Exercise(TEXT("exercise-unexplained"), lambda: unexplained(shown)),
    )


def _comparable(one: View, other: View) -> bool:
    same = ("model", "width", "steps", "seconds", "batch", "learning_rate")
    return one.run.corpus == other.run.corpus and all(
        one.run.settings[key] == other.run.settings[key] for key in same
    )


def bottleneck(shown: Sequence[View]) -> Outcome | None:
    """Say whether attention is 50 points ahead of none, all else equal."""
    ended = [view for view in shown if not view.run.status.alive]
    without = [view for view in ended if view.run.settings.get("score") == "none"]
    gaps = []
    for one in without:
        for other in ended:
            attends = other.run.settings.get("score") != "none"
            low, high = metric(one, "exact match"), metric(other, "exact match")
            if attends and _comparable(one, other) and low is not None and high is not None:
                gaps.append((high - low, low, high))
    if not gaps:
        return None
    gap, low, high = max(gaps)
    name = "gap" if gap >= 0.5 else "no-gap"
    return Outcome(gap >= 0.5, TEXT(name, high=f"{high:.0%}", low=f"{low:.0%}"))


def patience(shown: Sequence[View]) -> Outcome | None:
    """Say whether a model without attention has mastered the numbers."""
    figures = [
        (exact, view.run.step)
        for view in shown
        if view.run.settings.get("score") == "none"
        and (exact := metric(view, "exact match")) is not None
        and _learns_numbers(view)
    ]
    if not figures:
        return None
    best, step = max(figures)
    name = "mastered" if best >= 0.8 else "not-mastered"
    return Outcome(best >= 0.8, TEXT(name, best=f"{best:.0%}", step=f"{step:,}"))


def _learns_numbers(view: View) -> bool:
    return view.run.corpus == load("numbers", TASKS["numbers"].pairs).digest


def unexplained(shown: Sequence[View]) -> Outcome | None:
    """Say whether a run is right without looking at what it translates."""
    figures = [
        (exact, aligned)
        for view in shown
        if (exact := metric(view, "exact match")) is not None
        and (aligned := metric(view, "alignment accuracy")) is not None
    ]
    if not figures:
        return None
    for exact, aligned in figures:
        if exact >= 0.95 and aligned < 0.8:
            said = TEXT("looks-elsewhere", exact=f"{exact:.0%}", aligned=f"{aligned:.0%}")
            return Outcome(True, said)
    exact, aligned = max(figures)
    return Outcome(False, TEXT("looks-there", exact=f"{exact:.0%}", aligned=f"{aligned:.0%}"))
