"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.kit.page import Exercise, Experiment, Outcome
from lab.lesson.language_model import TEXT, ngram_counts
from lab.runs import Status, View


def exercises(page: Experiment) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the chart."""
    shown = page.shown
    return (
        Exercise(TEXT("exercise-counts"), lambda: beats_counts(shown)),
        Exercise(TEXT("exercise-rate"), lambda: learning_rate_matters(shown)),
        Exercise(TEXT("exercise-overfit"), lambda: overfits(shown)),
    )


def beats_counts(shown: Sequence[View]) -> Outcome | None:
    """Say whether any run is below the 5-gram counts of its text."""
    target = ngram_counts.losses(shown).get(ngram_counts.label(5))
    losses = [v.run.validation_loss for v in shown if v.run.validation_loss is not None]
    if target is None or not losses:
        return None
    figures = {"best": f"{min(losses):.3f}", "target": f"{target:.3f}"}
    if min(losses) < target:
        return Outcome(True, TEXT("below-counts", **figures))
    return Outcome(False, TEXT("above-counts", **figures))


def learning_rate_matters(shown: Sequence[View]) -> Outcome | None:
    """Say whether two runs that differ in the learning rate alone end far apart."""
    groups: dict[str, list[View]] = {}
    for view in shown:
        same = {k: v for k, v in view.run.settings.items() if k != "learning_rate"}
        groups.setdefault(f"{view.run.corpus} {sorted(same.items())}", []).append(view)
    pairs = [group for group in groups.values() if len(group) > 1]
    if not pairs:
        return None
    for group in pairs:
        if any(v.run.status is Status.FAILED for v in group):
            return Outcome(True, TEXT("rate-broke"))
        losses = [v.run.validation_loss for v in group if v.run.validation_loss is not None]
        if len(losses) > 1 and max(losses) - min(losses) >= 0.3:
            figures = {"best": f"{min(losses):.3f}", "worst": f"{max(losses):.3f}"}
            return Outcome(True, TEXT("rate-matters", **figures))
    return Outcome(False, TEXT("rate-close"))


def overfits(shown: Sequence[View]) -> Outcome | None:
    """Say whether a run's last validation loss is well above its lowest."""
    worst = None
    for view in shown:
        losses = [
            p["validation_loss"]
            for p in view.history.points
            if p.get("validation_loss") is not None
        ]
        if len(losses) > 2:
            rise = losses[-1] - min(losses)
            worst = rise if worst is None else max(worst, rise)
    if worst is None:
        return None
    name = "overfits" if worst >= 0.1 else "overfits-not"
    return Outcome(worst >= 0.1, TEXT(name, rise=f"{worst:.2f}"))
