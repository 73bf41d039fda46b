"""The self-checking exercises of the lesson, and the code behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.lesson.frame import Exercise
from lab.lesson.lineup import Entry
from lab.lesson.measures import metric
from lab.lesson.vision.catalogue import CATALOGUE
from lab.runs import View

Outcome = tuple[bool, str] | None


def exercises(shown: Sequence[View]) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the page."""
    return (
        Exercise(
            "Bring a Vision Transformer above 95 % on colour and shape.",
            lambda: best(shown),
        ),
        Exercise(
            "Train a Transformer and a CNN on the same scenes, seconds and seed. Which is more "
            "often right, and which looks more at what is asked about?",
            lambda: both(shown),
        ),
        Exercise(
            "Does attention explain the answer? Find a network that is right in more than 90 % of "
            "the scenes while less of its attention than chance would give lies on what is asked "
            "about.",
            lambda: elsewhere(shown),
        ),
    )


def best(shown: Sequence[View]) -> Outcome:
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
    return max(found) >= 0.95, f"The best so far: {max(found):.1%}."


def both(shown: Sequence[View]) -> Outcome:
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
                a, b, c, d = figures
                return True, (
                    f"Done: the Transformer is right in {a:.1%}, with {b:.0%} of its attention on "
                    f"what is asked about; the CNN in {c:.1%}, with {d:.0%}. One seed is no "
                    "ranking: try another."
                )
    return None


def elsewhere(shown: Sequence[View]) -> Outcome:
    """Say whether a network is right while it looks elsewhere."""
    found = [tuple(metric(view, name) for name in ("accuracy", "object", "area")) for view in shown]
    found = [figures for figures in found if None not in figures]
    good = [figures for figures in found if figures[0] > 0.9]
    if not found:
        return None
    if not good:
        return False, f"None is above 90 % yet; the best: {max(found)[0]:.1%}."
    accuracy, on, area = min(good, key=lambda figures: figures[1] - figures[2])
    return on < area, (
        f"Right in {accuracy:.1%}, with {on:.0%} of its attention there; by chance {area:.0%}."
    )


def snippet(
    what: str, count: int, entries: Sequence[Entry], budget: Mapping[str, float], seed: int
) -> str:
    """Return Python that trains the same classifiers on the same scenes and budget."""
    ((kind, amount),) = budget.items()
    models = ",\n".join(
        f"    {label!r}: { ({'model': entry.kind} | dict(entry.changes))!r}"
        for label, entry in zip(CATALOGUE.labels(entries), entries, strict=True)
    )
    return f"""from lab.seq2seq.scenes import load_scenes
from lab.vision import questions
from lab.vision.looking import rolled_out
from lab.vision.task import train

scenes = load_scenes({count})
models = {{
{models},
}}
for name, changes in models.items():
    for event in train(scenes=scenes, what={what!r}, {kind}={int(amount)}, seed={seed}, **changes):
        if event.validation_loss is not None:
            print(name, event.step, event.metrics)
    seen = questions.look(event.checkpoint(), scenes, scene=0)
    grid = seen["grid"]
    print(seen["right"], dict(zip(seen["classes"], seen["probabilities"])))
    print(rolled_out(seen["layers"], grid).reshape(grid, grid).round(2))
"""
