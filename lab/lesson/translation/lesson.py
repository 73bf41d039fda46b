"""Translate and align: the bottleneck, the cure, and the picture of where a model looks."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.lesson.course import ATTENTION as SECTION
from lab.lesson.kit.form import Preset
from lab.lesson.kit.lineup import Entry
from lab.lesson.kit.link import Link
from lab.lesson.kit.measures import metric
from lab.lesson.kit.page import Experiment, Tab
from lab.lesson.kit.panel import Panel, compare_best
from lab.lesson.kit.runs import names
from lab.lesson.kit.training import Start, TrainingLesson
from lab.lesson.translation import (
    TEXT,
    alignment,
    blocks,
    by_length,
    decoding_steps,
    gold_links,
    own_sentence,
    pair_picker,
    seeds,
)
from lab.lesson.translation.exercises import exercises
from lab.lesson.translation.measures import MEASURES, facts
from lab.lesson.translation.models import (
    ATTENTION,
    CATALOGUE,
    FORM,
    NO_ATTENTION,
    attends,
    settings_on,
)
from lab.runs import View

OWN_PAIRS = 'read_pairs(open("my-pairs.tsv", "rb").read(), "my pairs", unit={unit!r})'


def forget_sentence() -> None:
    """Take the sentence of other pairs off the page: a preset brings its own."""
    own_sentence.SENTENCE.take("")
    st.session_state.pop("forced", None)


def preset(name: str, text: str, pairs: str, entries: Sequence[Entry], steps: int) -> Preset:
    """Return a ready experiment on one of the lab's tasks."""
    values = {"pairs": pairs, "budget": "steps", "steps": steps}
    return Preset(name, text, tuple(entries), values, forget_sentence)


PRESETS = (
    preset("Attention off and on", TEXT("off-and-on"), "dates", [NO_ATTENTION, ATTENTION], 400),
    preset("The European Economic Area", TEXT("economic-area"), "french", [ATTENTION], 700),
    preset(
        "The bottleneck, by length", TEXT("by-length"), "reversal", [NO_ATTENTION, ATTENTION], 600
    ),
    preset(
        "Before or after",
        TEXT("before-or-after"),
        "numbers",
        [Entry("gru", {"look": "before"}), ATTENTION],
        500,
    ),
    preset(
        "A small Transformer",
        TEXT("small-transformer"),
        "numbers",
        [Entry("transformer", {"layers": 2}), ATTENTION],
        600,
    ),
)


def predict(page: Experiment) -> tuple[str, list[str], str]:
    """Return what is asked of which pairs, and what can be guessed: also that none gets far."""
    options = [*CATALOGUE.labels(page.entries), TEXT("none")]
    return TEXT("predict"), options, pair_picker.PAIRS.value


def start(page: Experiment) -> Start:
    """Return the experiment: the models of the form on the chosen pairs."""
    settings = settings_on(page.chosen, page.entries, page.budget)
    return Start(settings, page.chosen.corpus, {"prompt": page.chosen.sentence})


def outcome(guess: str, shown: Sequence[View]) -> None:
    """Compare the guess with the exact match on the held-out pairs."""
    figures = {
        name: exact
        for view, name in zip(shown, names(shown), strict=True)
        if (exact := metric(view, "exact match")) is not None
    }
    if len(figures) < len(shown):
        return
    instead = TEXT("none") if max(figures.values()) < 0.5 else None
    compare_best(guess, figures, "Best exact match", 0.02, True, ".1%", instead)


def code(page: Experiment) -> str:
    """Return Python that trains the same models on the same pairs and budget."""
    chosen: pair_picker.ChosenPairs = page.chosen
    count, unit = len(chosen.corpus.train), chosen.corpus.unit
    pairs = f"load({chosen.source!r}, {count})" if chosen.source else OWN_PAIRS.format(unit=unit)
    name = "load" if chosen.source else "read_pairs"
    ((kind, amount),) = page.budget.items()
    return f"""from lab.seq2seq import {name}, train

pairs = {pairs}
models = {{
{FORM.code_of(page.entries, "model")},
}}
for name, changes in models.items():
    for event in train(
        pairs=pairs, {kind}={int(amount)}, seed={page.seed}, prompt={chosen.sentence!r}, **changes
    ):
        if event.validation_loss is not None:
            print(name, event.step, event.metrics)
    shown = event.sample.shown
    print(shown.source, "->", shown.target)
    for token, row in zip(shown.target, shown.weights or []):
        print(f"{{token:>12}}", " ".join(f"{{w:.2f}}" for w in row))
"""


LESSON = TrainingLesson(
    name="translate",
    section=SECTION,
    place=0,
    icon=":material/translate:",
    course=("A1", "A2", "A3", "A4", "A10", "R2"),
    text=TEXT,
    task="translation",
    noun="Translator",
    attends=attends,
    form=FORM,
    presets=PRESETS,
    data=lambda page: pair_picker.pair_picker(FORM.budgets["steps"].number.take),
    start=start,
    link=Link(*pair_picker.KEYS, *own_sentence.KEYS, alignment.INK, seeds.SPREAD),
    predict=predict,
    panel=Panel(facts, MEASURES, outcome=outcome, beside=alignment.through_time),
    tabs=(
        Tab("Your sentence", own_sentence.own_sentence, lazy=False),
        Tab("Step by step", lambda page: decoding_steps.decoding_steps(page.shown), lazy=False),
        Tab("Against length", lambda page: by_length.by_length(page.shown)),
        Tab("Several seeds", seeds.several_seeds, lazy=False),
        Tab("Alignment scored", lambda page: gold_links.gold_links(page.shown), lazy=False),
        Tab("Transformer opened", lambda page: blocks.opened_blocks(page.shown), lazy=False),
    ),
    exercises=exercises,
    notices=lambda page: pair_picker.look_for(page.chosen),
    code=code,
)
