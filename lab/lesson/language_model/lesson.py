"""Train a language model: counts, recurrence and attention on one budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.lesson.course import COUNTING
from lab.lesson.kit.form import Form, Preset, seconds_of, tokens_of
from lab.lesson.kit.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Experiment, Tab
from lab.lesson.kit.panel import Panel, compare_best
from lab.lesson.kit.runs import names
from lab.lesson.kit.training import Start, TrainingLesson
from lab.lesson.language_model import (
    TEXT,
    learning_curves,
    ngram_counts,
    run_figures,
    samples,
    text_picker,
)
from lab.lesson.language_model.exercises import exercises
from lab.lesson.language_model.text_picker import ChosenText, look_for
from lab.runs import View
from lab.training import Settings, cost

COUNTS_NAME = "n-gram counts"
OWN_TEXT = 'open("my-text.txt", encoding="utf-8").read()'
CATALOGUE = Catalogue(
    "language",
    {
        "lstm": "LSTM",
        "gru": "GRU",
        "rnn": "RNN",
        "transformer": "Transformer",
        "mlp": "Window MLP",
    },
    offered(
        Settings,
        RATE,
        Offer("layers", high=8),
        Offer("width", 8, 1024),
        Offer("block", 4, 512),
        Offer("batch", high=256),
        Offer("dropout", high=0.9),
        Offer("heads", high=16),
        "positions",
    ),
    Settings.default,
)


def parameters(settings: Settings, chosen: ChosenText | None) -> int:
    """Return the number of trained parameters on a text; on a usual one where none is chosen."""
    return cost.parameters(settings, chosen.corpus.vocabulary_size if chosen else 65)


FORM = Form(
    CATALOGUE,
    (Entry("lstm"),),
    {
        "seconds": seconds_of(10, 1, TEXT("seconds-help")),
        "tokens": tokens_of(1_000_000, 100_000, 10_000, 500_000_000, TEXT("tokens-help")),
    },
    TEXT("budget-help"),
    parameters_on=parameters,
)


def preset(
    name: str, shows: str, entries: Sequence[Entry], seconds: int, characters: int = 0
) -> Preset:
    """Return a ready experiment on the play; `characters` below its length make it small."""
    values = {
        "text": "play",
        "budget": "seconds",
        "seconds": seconds,
        "tokenizer": "character",
        "characters": characters,
    }
    return Preset(name, shows, tuple(entries), values)


PRESETS = (
    preset("LSTM in ten seconds", TEXT("one-lstm"), [Entry("lstm")], 10),
    preset(
        "Counts against nets",
        TEXT("counts-against-nets"),
        [Entry("rnn"), Entry("lstm"), Entry("gru"), Entry("transformer")],
        20,
    ),
    preset(
        "One Transformer, three learning rates",
        TEXT("three-rates"),
        [Entry("transformer", {"learning_rate": rate}) for rate in (1e-4, 3e-3, 5e-2)],
        15,
    ),
    preset(
        "Too big for its text",
        TEXT("too-big"),
        [Entry("lstm", {"width": 256}), Entry("lstm", {"width": 32})],
        20,
        12_000,
    ),
)


def predict(page: Experiment) -> tuple[str, list[str]]:
    """Return what is asked, and what can be guessed: the models, and plain counts."""
    return TEXT("predict"), [*CATALOGUE.labels(page.entries), COUNTS_NAME]


def start(page: Experiment) -> Start:
    """Return the experiment: the models of the form on the chosen text."""
    corpus = page.chosen.corpus
    prompt = samples.prompt_on(page.chosen.prompt)
    settings = [
        one.validate(corpus.vocabulary_size, len(corpus.train), len(corpus.validation))
        for one in FORM.settings(page.entries, page.budget, prompt=prompt)
    ]
    samples.forget_written()
    return Start(settings, corpus, samples.live_settings(prompt))


def outcome(guess: str, shown: Sequence[View]) -> None:
    """Compare the guess with the losses, those of plain counts among them."""
    if ngram_counts.being_counted(shown):
        return
    losses = {
        name: view.run.validation_loss
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.validation_loss is not None
    }
    counted = ngram_counts.losses(shown)
    if counted:
        losses[COUNTS_NAME] = min(counted.values())
    compare_best(guess, losses, "Lowest validation loss", close=0.03)


def attends(settings: Mapping[str, Any]) -> bool:
    """Return whether a run has attention that can be looked at."""
    return settings.get("model") == "transformer"


def code(page: Experiment) -> str:
    """Return Python that trains the same models on the same text and budget."""
    chosen: ChosenText = page.chosen
    cut = f"[:{chosen.characters}]" if chosen.characters else ""
    text = f'load("{chosen.source}"){cut}' if chosen.source else OWN_TEXT
    ((kind, amount),) = page.budget.items()
    return f"""from lab.text import Corpus, load
from lab.training import train

corpus = Corpus.from_text({text}, tokenizer={chosen.corpus.tokenizer.kind!r})
models = {{
{FORM.code_of(page.entries, "model")},
}}
for name, changes in models.items():
    for event in train(text=corpus, {kind}={int(amount)}, seed={page.seed}, **changes):
        if event.validation_loss is not None:
            print(f"{{name}}, step {{event.step}}: {{event.validation_loss:.3f}} nats per token")
        if event.finished:
            print(event.sample.text)
"""


LESSON = TrainingLesson(
    name="language_model",
    section=COUNTING,
    place=0,
    icon=":material/edit_note:",
    course=("R1", "R3", "R4", "T5", "T6", "P5"),
    text=TEXT,
    task="language",
    noun="Language model",
    attends=attends,
    form=FORM,
    presets=PRESETS,
    data=lambda page: text_picker.text_picker(),
    start=start,
    link=Link(
        text_picker.SOURCE,
        text_picker.TOKENIZER,
        text_picker.CHARACTERS,
        *learning_curves.KEYS,
        *samples.KEYS,
    ),
    predict=predict,
    panel=Panel(
        run_figures.facts,
        chart=learning_curves.chart,
        outcome=outcome,
        beside=samples.through_time,
        under=run_figures.table,
        columns=(3, 2),
        draws=learning_curves.drawing,
    ),
    tabs=(
        Tab("Write with them", samples.writing_desk, lazy=False),
        Tab("Counts and sparsity", lambda page: ngram_counts.sparsity(page.shown), lazy=False),
    ),
    exercises=exercises,
    notices=lambda page: look_for(page.chosen),
    code=code,
)
