"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.frame import Exercise
from lab.lesson.measures import metric
from lab.runs import View

Outcome = tuple[bool, str] | None


def exercises(shown: Sequence[View]) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the page."""
    return (
        Exercise(
            "Show the bottleneck: on the same pairs and budget, a model with attention ends at "
            "least 50 points of exact match above the same kind of model without it.",
            lambda: bottleneck(shown),
        ),
        Exercise(
            "Give the bottleneck time: bring a model **without** attention above 80 % exact match "
            "on the numbers. What did it cost, in steps, against the one with attention?",
            lambda: patience(shown),
        ),
        Exercise(
            "Right for another reason: find a run that translates at least 95 % exactly while less "
            "than 80 % of its words look at their gold source word. (Hint: a decoder's state can "
            "carry what it saw a step before.)",
            lambda: unexplained(shown),
        ),
    )


def _comparable(a: View, b: View) -> bool:
    mine, other = a.run.settings, b.run.settings
    same = ("model", "width", "steps", "seconds", "batch", "learning_rate")
    return a.run.corpus == b.run.corpus and all(mine[key] == other[key] for key in same)


def bottleneck(shown: Sequence[View]) -> Outcome:
    """Say whether attention is 50 points ahead of none, all else equal."""
    ended = [view for view in shown if not view.run.status.alive]
    without = [v for v in ended if v.run.settings.get("score") == "none"]
    gaps = []
    for one in without:
        for other in ended:
            attends = other.run.settings.get("score") != "none"
            figures = metric(one, "exact match"), metric(other, "exact match")
            if attends and _comparable(one, other) and None not in figures:
                gaps.append((figures[1] - figures[0], *figures))
    if not gaps:
        return None
    gap, low, high = max(gaps)
    if gap >= 0.5:
        return True, f"Done: {high:.0%} against {low:.0%}."
    return False, f"Not yet: {high:.0%} against {low:.0%}. Longer sources make it harder."


def patience(shown: Sequence[View]) -> Outcome:
    """Say whether a model without attention has mastered the numbers."""
    figures = [
        (metric(view, "exact match"), view.run.step)
        for view in shown
        if view.run.settings.get("score") == "none" and _is_numbers(view)
    ]
    figures = [pair for pair in figures if pair[0] is not None]
    if not figures:
        return None
    best, step = max(figures)
    if best >= 0.8:
        return True, f"Done: {best:.0%} after {step:,} steps."
    return False, f"Not yet: {best:.0%} after {step:,} steps."


def _is_numbers(view: View) -> bool:
    from lab.seq2seq import TASKS, load

    return view.run.corpus == load("numbers", TASKS["numbers"].pairs).digest


def unexplained(shown: Sequence[View]) -> Outcome:
    """Say whether a run is right without looking at what it translates."""
    figures = [(metric(view, "exact match"), metric(view, "alignment accuracy")) for view in shown]
    figures = [pair for pair in figures if None not in pair]
    if not figures:
        return None
    for exact, aligned in figures:
        if exact >= 0.95 and aligned < 0.8:
            return True, f"Done: {exact:.0%} exact, {aligned:.0%} aligned."
    exact, aligned = max(figures)
    return False, f"Not yet: {exact:.0%} exact with {aligned:.0%} aligned."
