"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.kit.measures import metric
from lab.lesson.kit.page import Exercise, Experiment, Outcome
from lab.lesson.vision import TEXT
from lab.runs import View


def exercises(page: Experiment) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the page."""
    shown = page.shown
    return (
        Exercise(TEXT("exercise-best"), lambda: best(shown)),
        Exercise(TEXT("exercise-both"), lambda: both(shown)),
        Exercise(TEXT("exercise-elsewhere"), lambda: elsewhere(shown)),
    )


def best(shown: Sequence[View]) -> Outcome | None:
    """Say how far the best Transformer came."""
    found = [
        value
        for view in shown
        if view.run.settings["model"] == "vit"
        and view.run.settings["what"] == "colour and shape"
        and (value := metric(view, "accuracy")) is not None
    ]
    if not found:
        return None
    return Outcome(max(found) >= 0.95, f"The best so far: {max(found):.1%}.")


def both(shown: Sequence[View]) -> Outcome | None:
    """Say how a Transformer and a CNN of equal budget compare."""
    ended = [view for view in shown if not view.run.status.alive]
    for one in (v for v in ended if v.run.settings["model"] == "vit"):
        for other in (v for v in ended if v.run.settings["model"] == "cnn"):
            same = ("seconds", "steps", "seed", "what")
            pair = one.run, other.run
            if pair[0].corpus != pair[1].corpus or any(
                pair[0].settings[key] != pair[1].settings[key] for key in same
            ):
                continue
            figures = [metric(v, name) for v in (one, other) for name in ("accuracy", "object")]
            if None not in figures:
                gaps = ("vit", "vit_object", "cnn", "cnn_object")
                forms = (".1%", ".0%", ".1%", ".0%")
                said = {
                    gap: format(value, form)
                    for gap, value, form in zip(gaps, figures, forms, strict=True)
                }
                return Outcome(True, TEXT("both-done", **said))
    return None


def elsewhere(shown: Sequence[View]) -> Outcome | None:
    """Say whether a network is right while it looks elsewhere."""
    found = [tuple(metric(view, name) for name in ("accuracy", "object", "area")) for view in shown]
    found = [figures for figures in found if None not in figures]
    good = [figures for figures in found if figures[0] > 0.9]
    if not found:
        return None
    if not good:
        return Outcome(False, f"None is above 90 % yet; the best: {max(found)[0]:.1%}.")
    accuracy, on, area = min(good, key=lambda figures: figures[1] - figures[2])
    said = TEXT("elsewhere", accuracy=f"{accuracy:.1%}", on=f"{on:.0%}", area=f"{area:.0%}")
    return Outcome(on < area, said)
