"""How BERT learns: hide some tokens and guess them; a training to watch, and a bias put in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import streamlit as st

from lab.lesson.bert import TEXT, blank_through_run, pretraining_tasks, training_text
from lab.lesson.bert.blank_through_run import blank, followed_words
from lab.lesson.bert.exercises import exercises
from lab.lesson.bert.he_or_she import CENTRED, pronouns
from lab.lesson.bert.measures import LOSSES, MEASURES, NO_WORSE, WORSE, facts, outcome
from lab.lesson.bert.pretraining_tasks import tasks_tab
from lab.lesson.bert.recorded_training import OCCUPATIONS, recorded_tab
from lab.lesson.bert.training_text import (
    OWN,
    PROBES,
    SOURCE,
    STORIES,
    STORY_B,
    STORY_NAMES,
    UPLOAD,
    WATCH,
    TrainingText,
    text_picker,
)
from lab.lesson.course import PRETRAINING
from lab.lesson.kit import ask, collect
from lab.lesson.kit.form import Form, Preset, seconds_of, steps_of
from lab.lesson.kit.lineup import MOST, RATE, Catalogue, Entry, Offer, offered
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Experiment, Tab
from lab.lesson.kit.panel import Panel
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.kit.training import Start, TrainingLesson
from lab.masked.settings import MaskedSettings

CATALOGUE = Catalogue(
    "bert",
    {"random": "From random", "project": "Continued"},
    offered(
        MaskedSettings,
        "head_start",
        Offer("layers", high=6),
        Offer("width", 16, 256),
        Offer("heads", high=16),
        Offer("share", 0.02, 0.9),
        Offer("pronoun_share", 0.02, 0.95),
        RATE,
        Offer("batch", 64, 8192),
    ),
    MaskedSettings.default,
)
FORM = Form(
    CATALOGUE,
    (Entry("random"),),
    {"seconds": seconds_of(20, 5), "steps": steps_of(150)},
    TEXT("budget-help"),
)


def preset(name: str, shows: str, text: str, budget: Mapping[str, int], *entries: Entry) -> Preset:
    """Return a ready experiment; what was asked of another one is taken out of the page."""
    ((kind, amount),) = budget.items()
    values = {"text": text, "budget": kind, kind: amount, "probe": "", "follow": "", "watch": ""}
    return Preset(name, TEXT(shows), entries, values)


PRESETS = (
    preset("From nothing", "from-nothing", "almanac", {"seconds": 20}, Entry("random")),
    preset(
        "A head start",
        "head-start",
        "almanac",
        {"seconds": 20},
        Entry("random"),
        Entry("random", {"head_start": False}),
    ),
    preset(
        "Put a bias in",
        "bias-in",
        STORIES,
        {"steps": 150},
        Entry("project", {"pronoun_share": 0.8}),
    ),
    preset("Read on", "read-on", "play", {"steps": 150}, Entry("project")),
)


def data(page: Experiment) -> TrainingText | None:
    """Draw the choice of a text and return it; None with the reason on the page."""
    return text_picker(any(entry.kind != "project" for entry in FORM.lineup()))


def run_names(page: Experiment) -> list[str]:
    """Return the names of the runs of an experiment: of each model on each text."""
    labels = CATALOGUE.labels(page.entries)
    parts = page.chosen.parts if page.chosen else ("",)
    if parts == STORY_NAMES and len(labels) == 1:  # short: they stand in every legend
        return list(parts)
    return [f"{part}: {label}" if part else label for label in labels for part in parts]


def predict(page: Experiment) -> tuple[str, list[str], str]:
    """Return what is to be guessed, the options, and the text that it is about."""
    labels, text = run_names(page), page.chosen
    about = text.name if text and text.key == UPLOAD else SOURCE.value
    if text and text.key == STORIES and len(page.entries) == 1:
        return TEXT("predict-nurse"), labels, about
    if len(labels) > 1:
        return TEXT("predict-best"), labels, about
    if page.entries[0].kind == "project":
        return TEXT("predict-everyday"), [WORSE, NO_WORSE], about
    return TEXT("predict-loss"), list(LOSSES), about


def missing(page: Experiment) -> str:
    """Say what keeps an experiment from being started."""
    return TEXT("too-many-runs") if len(run_names(page)) > MOST else ""


def start(page: Experiment) -> list[Start] | None:
    """Return a start for each model on each text; None until a worker has cut the texts up."""
    text: TrainingText = page.chosen
    probe = PROBES[text.key]
    asked = {
        "prompt": blank_through_run.SENTENCE.value or probe.sentence,
        "words": blank_through_run.FOLLOWED.value or probe.words,
    }
    watch = WATCH.value or probe.watch
    settings = FORM.settings(page.entries, page.budget, watch=watch, **asked)
    rows = rows_of(page, text)
    if rows is None:
        return None
    learners = [(one, part) for one in settings for part in rows[one.start]]
    return [
        Start([one], part, asked, [name])
        for (one, part), name in zip(learners, run_names(page), strict=True)
    ]


def rows_of(page: Experiment, text: TrainingText) -> dict[str, list[Any]] | None:
    """Return what models of each kind learn from, part by part; None while it is not there."""
    kinds = list(dict.fromkeys(entry.kind for entry in page.entries))
    parts = range(len(text.parts))
    questions = [(*text.asking(kind, part), "") for kind in kinds for part in parts]
    rows = ask.several(questions)
    if any(one is None for one in rows):
        page.awaits = any(ask.under_way(key) for key, _, _ in questions)
        return None
    return {kind: [rows.pop(0) for _ in parts] for kind in kinds}


def fill_links(page: Experiment) -> None:
    """Write a link for each run that can be asked in *Fill the blank*."""
    fill = collect.named("fill")
    links = [
        f"[{plain(name)}]({fill.path}?models={quote(f'run:{view.run.id}', safe='')})"
        for view, name in zip(page.shown, names(page.shown), strict=True)
        if view.run.checkpoint
    ]
    if links:
        where = TEXT("fill", lesson=fill.title, links=" · ".join(links))
        st.caption(f":material/select_check_box: {where}")


def code(page: Experiment) -> str:
    """Return Python that trains the same models on the same text and budget."""
    ((kind, amount),) = page.budget.items()
    key, size = page.chosen.key, page.chosen.size
    probe = PROBES[key]
    if key.startswith(STORIES):
        which = int(key == STORY_B)
        imports, of = "story_rows", f"story_rows({which}, start, {size})  # 0: text A, 1: text B"
    else:
        imports = "rows_of_text"
        own = 'open("my-text.txt", encoding="utf-8").read()'
        text = own if key in (OWN, UPLOAD) else f"load({key!r})"
        of = f"rows_of_text({text}, start=start, size={size})"
    load = "from lab.text import load\n" if "load(" in of else ""
    asked = f"prompt={probe.sentence!r}, words={probe.words!r}, watch={probe.watch!r}"
    return f"""from lab.masked.live import {imports}
from lab.masked.task import train
{load}
models = {{
{FORM.code_of(page.entries, "start")},
}}
for name, changes in models.items():
    start = changes.pop("start")
    rows = {of}
    for event in train(
        rows, start, {kind}={int(amount)}, seed={page.seed}, {asked}, **changes
    ):
        if event.validation_loss is not None:
            print(name, event.step, round(event.validation_loss, 2), event.sample.words)
            print(event.metrics)
"""


LESSON = TrainingLesson(
    name="bert",
    section=PRETRAINING,
    place=1,
    icon=":material/school:",
    course=("P1", "P2"),
    text=TEXT,
    task="masked",
    noun="Masked model",
    form=FORM,
    presets=PRESETS,
    data=data,
    missing=missing,
    start=start,
    columns=(6, 6, 5),
    link=Link(
        *pretraining_tasks.KEYS, *training_text.KEYS, *blank_through_run.KEYS, CENTRED, OCCUPATIONS
    ),
    predict=predict,
    panel=Panel(
        facts,
        MEASURES,
        outcome=outcome,
        beside=blank,
        below_chart=followed_words,
        under=pronouns,
        after=fill_links,
    ),
    in_tab=True,
    tabs=(
        Tab("The task", tasks_tab, lazy=False),
        Tab("Train it", lambda page: page.lesson.experiment(page), lazy=False),
        Tab("The project's own", recorded_tab, lazy=False),
    ),
    exercises=exercises,
    code=code,
)
