"""Describe a picture: for every word, the place where the network looks."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lab.lesson.captioning import TEXT
from lab.lesson.captioning.scenes import (
    GUESSES,
    SCENES,
    data_of,
    facts,
    first_right,
    live_scene,
    own_scene,
    scene_picker,
    through_time,
)
from lab.lesson.course import ATTENTION
from lab.lesson.kit.form import Form, Preset, seconds_of, steps_of
from lab.lesson.kit.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.lesson.kit.link import Link
from lab.lesson.kit.measures import Measure, metric
from lab.lesson.kit.page import Exercise, Experiment, Outcome, Tab
from lab.lesson.kit.panel import Panel
from lab.lesson.kit.question import compare
from lab.lesson.kit.training import TrainingLesson
from lab.runs import View
from lab.seq2seq.caption_settings import CaptionSettings

CATALOGUE = Catalogue(
    "captioning",
    {"soft": "Soft attention", "hard": "Hard attention", "none": "No attention"},
    offered(CaptionSettings, RATE, Offer("width", 16), Offer("batch", high=256)),
    CaptionSettings.default,
)
FORM = Form(
    CATALOGUE,
    (Entry("soft"),),
    {"seconds": seconds_of(30, 5), "steps": steps_of(1_000)},
    "Equal seconds favour what computes fast; equal steps see the same scenes.",
)
PRESETS = (
    Preset(
        "Look and tell",
        "One captioner with soft attention, from noise to counting shapes.",
        (Entry("soft"),),
        {"budget": "seconds", "seconds": 30},
    ),
    Preset(
        "Soft against hard",
        "Looking everywhere a little, or at one place at a time.",
        (Entry("soft"), Entry("hard")),
        {"budget": "seconds", "seconds": 90},
    ),
    Preset(
        "With and without",
        "Is attention needed to describe such scenes, or does it only help?",
        (Entry("soft"), Entry("none")),
        {"budget": "seconds", "seconds": 20},
    ),
)
MEASURES = {
    "Exact match": Measure(
        "exact match", "Held-out scenes described exactly", True, TEXT("exact-match")
    ),
    "Pointing": Measure(
        "pointing accuracy",
        "Colour and shape words that look at their shapes",
        True,
        TEXT("pointing"),
    ),
    "Loss": Measure("", "Validation loss (nats per word)", False, TEXT("loss")),
}


def outcome(guess: str, shown: Sequence[View]) -> None:
    """Say what the first run learned first and last, and compare the guess."""
    found = first_right([json.loads(encoded) for _, encoded in shown[0].history.samples])
    if not found:
        return
    order = sorted(GUESSES, key=lambda kind: found.get(kind, 10**9))
    when = {kind: f"step {step:,}" for kind, step in found.items()}
    told = ", ".join(f"{GUESSES[kind].lower()} ({when.get(kind, 'not yet')})" for kind in order)
    compare(guess, guess == GUESSES[order[-1]], TEXT("learnt", order=told))


def exercises(page: Experiment) -> tuple[Exercise, ...]:
    """Return the exercises over the runs on the page."""
    shown = page.shown
    return (
        Exercise(TEXT("exercise-above"), lambda: above(shown, "exact match", 0.9)),
        Exercise(TEXT("exercise-both"), lambda: both(shown)),
        Exercise(TEXT("exercise-few"), lambda: few(shown)),
    )


def above(shown: Sequence[View], name: str, bound: float) -> Outcome | None:
    """Say whether any run is above a bound."""
    found = [value for view in shown if (value := metric(view, name)) is not None]
    return Outcome(max(found) >= bound, f"The best so far: {max(found):.0%}.") if found else None


def both(shown: Sequence[View]) -> Outcome | None:
    """Say how a soft and a hard run of equal budget compare."""
    ended = [view for view in shown if not view.run.status.alive]
    for soft in (v for v in ended if v.run.settings["attention"] == "soft"):
        for hard in (v for v in ended if v.run.settings["attention"] == "hard"):
            same = ("seconds", "steps", "seed", "width")
            if any(soft.run.settings[key] != hard.run.settings[key] for key in same):
                continue
            names = ("exact match", "pointing accuracy")
            figures = [metric(view, name) for view in (soft, hard) for name in names]
            if None not in figures:
                gaps = ("soft", "soft_points", "hard", "hard_points")
                said = {gap: f"{value:.0%}" for gap, value in zip(gaps, figures, strict=True)}
                return Outcome(True, TEXT("both-done", **said))
    return None


def few(shown: Sequence[View]) -> Outcome | None:
    """Say whether few scenes were enough."""
    measured = [(view, metric(view, "exact match")) for view in shown]
    some = [
        value for view, value in measured if value is not None and len(data_of(view).train) <= 1_000
    ]
    return Outcome(max(some) >= 0.8, f"The best with so few: {max(some):.0%}.") if some else None


def code(page: Experiment) -> str:
    """Return Python that trains the same captioners on the same scenes and budget."""
    ((kind, amount),) = page.budget.items()
    return f"""from lab.seq2seq.captioning import train
from lab.seq2seq.scenes import load_scenes

scenes = load_scenes({len(page.chosen.train)})
models = {{
{FORM.code_of(page.entries, "attention")},
}}
for name, changes in models.items():
    for event in train(scenes=scenes, {kind}={int(amount)}, seed={page.seed}, **changes):
        if event.validation_loss is not None:
            print(name, event.step, event.metrics)
    for written, right in event.sample.examples:
        print(written, "|", right)
"""


LESSON = TrainingLesson(
    name="caption",
    section=ATTENTION,
    place=3,
    icon=":material/image_search:",
    course=("A5", "R2"),
    text=TEXT,
    task="captioning",
    noun="Captioner",
    attends=lambda settings: settings.get("attention") != "none",
    form=FORM,
    presets=PRESETS,
    data=lambda page: scene_picker(),
    live=lambda page: live_scene(len(page.chosen.held_out)),
    link=Link(SCENES),
    predict=lambda page: (TEXT("predict"), list(GUESSES.values())),
    panel=Panel(facts, MEASURES, outcome=outcome, beside=through_time),
    tabs=(Tab("Your own scene", lambda page: own_scene(page.shown), lazy=False),),
    exercises=exercises,
    code=code,
)
