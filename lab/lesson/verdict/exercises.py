"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.lesson.kit.measures import metric
from lab.lesson.kit.page import Exercise, Experiment, Outcome
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.verdict import TEXT
from lab.lesson.verdict.measures import WAYS, WORDS
from lab.runs import View

FEW, AHEAD = 100, 0.08


def exercises(page: Experiment) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the page and the sentence that was tried."""
    shown, verdicts = page.shown, page.more.get("verdicts", {})
    return (
        Exercise(TEXT("exercise-few", most=FEW), lambda: few(shown)),
        Exercise(TEXT("exercise-ahead", points=f"{100 * AHEAD:.0f}"), lambda: ahead(shown)),
        Exercise(TEXT("exercise-differ"), lambda: differ(verdicts)),
    )


def few(shown: Sequence[View]) -> Outcome | None:
    """Say how the three ways compare on few examples."""
    alike: dict[tuple, dict[str, float]] = {}
    for view in shown:
        run, accuracy = view.run, metric(view, "accuracy")
        if run.status.alive or accuracy is None or not 0 < run.settings["examples"] <= FEW:
            continue
        same = tuple(run.settings[name] for name in ("examples", "seed", "steps", "seconds"))
        alike.setdefault((run.corpus, *same), {})[run.settings["model"]] = accuracy
    for found in alike.values():
        if len(found) == len(WAYS):
            reached = ", ".join(f"{WAYS[way].lower()} {found[way]:.1%}" for way in found)
            return Outcome(True, TEXT("few-done", accuracies=reached))
    return None


def ahead(shown: Sequence[View]) -> Outcome | None:
    """Say how far the best classifier is ahead of the bag of words."""
    found = [
        (accuracy - words, name)
        for view, name in zip(shown, names(shown), strict=True)
        if not view.run.status.alive
        and (accuracy := metric(view, "accuracy")) is not None
        and (words := metric(view, "words")) is not None
    ]
    if not found:
        return None
    margin, name = max(found)
    points = f"{100 * margin:+.1f}"
    return Outcome(
        margin >= AHEAD, TEXT("ahead", run=plain(name), points=points, words=WORDS.lower())
    )


def differ(verdicts: Mapping[str, int]) -> Outcome | None:
    """Say whether two classifiers differ on the sentence that was tried.

    Args:
        verdicts: run -> number of the class that it gives the sentence.
    """
    if len(verdicts) < 2:
        return None
    first, *others = verdicts
    other = next((name for name in others if verdicts[name] != verdicts[first]), None)
    if other is None:
        return Outcome(False, TEXT("same-verdict"))
    return Outcome(True, TEXT("verdicts-differ", one=plain(first), other=plain(other)))
