"""The self-checking exercises of the lesson, and the code behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.lesson.captioning.catalogue import CATALOGUE
from lab.lesson.frame import Exercise
from lab.lesson.lineup import Entry
from lab.lesson.measures import metric
from lab.runs import View

Outcome = tuple[bool, str] | None


def exercises(shown: Sequence[View]) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the page."""
    return (
        Exercise(
            "Bring a captioner above 90 % exact match on scenes whose combination it has never "
            "seen.",
            lambda: above(shown, "exact match", 0.9),
        ),
        Exercise(
            "Train one soft and one hard captioner on the same budget. Which describes better, "
            "which points better?",
            lambda: both(shown),
        ),
        Exercise(
            "How few scenes are enough? Bring a captioner above 80 % with at most 1,000 of them.",
            lambda: few(shown),
        ),
    )


def above(shown: Sequence[View], name: str, bound: float) -> Outcome:
    """Say whether any run is above a bound."""
    found = [value for view in shown if (value := metric(view, name)) is not None]
    if not found:
        return None
    return max(found) >= bound, f"The best so far: {max(found):.0%}."


def both(shown: Sequence[View]) -> Outcome:
    """Say how a soft and a hard run of equal budget compare."""
    ended = [view for view in shown if not view.run.status.alive]
    for soft in (v for v in ended if v.run.settings["attention"] == "soft"):
        for hard in (v for v in ended if v.run.settings["attention"] == "hard"):
            same = ("seconds", "steps", "seed", "width")
            if any(soft.run.settings[key] != hard.run.settings[key] for key in same):
                continue
            figures = [
                metric(view, name)
                for view in (soft, hard)
                for name in ("exact match", "pointing accuracy")
            ]
            if None not in figures:
                a, b, c, d = figures
                return True, (
                    f"Done: soft {a:.0%} exact and {b:.0%} pointing, hard {c:.0%} and {d:.0%}. One "
                    "seed is no ranking: try another."
                )
    return None


def few(shown: Sequence[View]) -> Outcome:
    """Say whether few scenes were enough."""
    from lab.lesson.captioning.panel import data_of

    some = []
    for view in shown:
        value = metric(view, "exact match")
        if value is not None and len(data_of(view).train) <= 1_000:
            some.append(value)
    if not some:
        return None
    return max(some) >= 0.8, f"The best with so few: {max(some):.0%}."


def snippet(count: int, entries: Sequence[Entry], budget: Mapping[str, float], seed: int) -> str:
    """Return Python that trains the same captioners on the same scenes and budget."""
    ((kind, amount),) = budget.items()
    models = ",\n".join(
        f"    {label!r}: { ({'attention': entry.kind} | dict(entry.changes))!r}"
        for label, entry in zip(CATALOGUE.labels(entries), entries, strict=True)
    )
    return f"""from lab.seq2seq.captioning import train
from lab.seq2seq.scenes import load_scenes

scenes = load_scenes({count})
models = {{
{models},
}}
for name, changes in models.items():
    for event in train(scenes=scenes, {kind}={int(amount)}, seed={seed}, **changes):
        if event.validation_loss is not None:
            print(name, event.step, event.metrics)
    for written, right in event.sample.examples:
        print(written, "|", right)
"""
