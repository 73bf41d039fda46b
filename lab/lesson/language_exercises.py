"""The self-checking exercises of the first lesson."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson import curves
from lab.lesson.frame import Exercise
from lab.runs import Status, View


def exercises(shown: Sequence[View]) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the chart."""
    return (
        Exercise(
            "Bring a network below the 5-gram counts. What does it need: seconds, width, or "
            "another kind of network?",
            lambda: beats_counts(shown),
        ),
        Exercise(
            "Train one kind of network twice, with only the learning rate changed, so that one "
            "ends at least 0.3 nats worse (or breaks down).",
            lambda: learning_rate_matters(shown),
        ),
        Exercise(
            "Make a network overfit: its validation loss ends at least 0.1 above its lowest. "
            "A small text and a wide network help.",
            lambda: overfits(shown),
        ),
    )


def beats_counts(shown: Sequence[View]) -> tuple[bool, str] | None:
    """Say whether any run is below the 5-gram counts of its text."""
    counted = curves.baselines(shown) or {}
    target = counted.get("5-gram counts")
    losses = [v.run.validation_loss for v in shown if v.run.validation_loss is not None]
    if target is None or not losses:
        return None
    best = min(losses)
    if best < target:
        return True, f"Done: {best:.3f} against {target:.3f} of the counts."
    return False, f"Not yet: {best:.3f} against {target:.3f} of the counts."


def learning_rate_matters(shown: Sequence[View]) -> tuple[bool, str] | None:
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
            return True, "Done: one of them broke down."
        losses = [v.run.validation_loss for v in group if v.run.validation_loss is not None]
        if len(losses) > 1 and max(losses) - min(losses) >= 0.3:
            return True, f"Done: {min(losses):.3f} against {max(losses):.3f}."
    return False, "Not yet: their losses are closer than 0.3 nats."


def overfits(shown: Sequence[View]) -> tuple[bool, str] | None:
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
    if worst >= 0.1:
        return True, f"Done: {worst:.2f} nats above the lowest point."
    return False, f"Not yet: {worst:.2f} nats above the lowest point so far."
