"""Words in context: the vector of a word after every layer of a model."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.attention.senses import WORDS, load
from lab.lesson.course import PRETRAINING
from lab.lesson.kit.form import Preset
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Page, Tab
from lab.lesson.kit.question import Question
from lab.lesson.senses import TEXT, layers, save_and_code, sentences
from lab.lesson.senses.exercises import exercises
from lab.lesson.senses.layers import LAYER
from lab.lesson.senses.sentences import ONLY_OWN, OWN, WORD, Sentences
from lab.lesson.senses.vectors import OPTIONS, Vectors, ask
from lab.lesson.sources import picker
from lab.lesson.sources.picker import MODEL
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source

RUNS = Runs(("language",), attending=True)


@dataclass(frozen=True)
class Chosen:
    """What is asked.

    Args:
        sentences: around one word.
        model: None while there is none.
    """

    sentences: Sentences
    model: Source | None


def presets() -> tuple[Preset, ...]:
    """Return a preset for each word that the lab has sentences for."""
    return tuple(
        Preset(
            word,
            TEXT("senses", senses=", ".join(dict.fromkeys(s.sense for s in load(word)))),
            values={"word": word, "word_only": False},
        )
        for word in WORDS
    )


def choose(page: Page) -> Chosen | None:
    """Draw the choice of a model and of sentences; None with the reason on the page."""
    left, right = st.columns([5, 6], gap="medium")
    with left:
        model = picker.pick_model(RUNS)
    with right:
        chosen = sentences.choose()
    return None if chosen is None else Chosen(chosen, model)


def predict(page: Page) -> None:
    """Ask for the guess; without a model there is nothing to guess about."""
    chosen: Chosen = page.chosen
    if chosen.model is not None:
        about = f"{chosen.model.key}:{chosen.sentences.word}"
        page.lesson.ask(page, TEXT("predict"), OPTIONS, about)
    if chosen.model is None or not page.answered:
        st.caption(TEXT("sentences-first"))
        sentences.show(chosen.sentences)


def draw(page: Page) -> None:
    """Draw everything about the vectors."""
    page.more["layer"] = layers.draw(page.found, page.guess)


def code(page: Page) -> None:
    """Draw the code behind the page."""
    st.code(save_and_code.snippet(page.chosen.model, page.chosen.sentences))


def exercises_of(page: Page) -> tuple:
    """Return the exercises over the vectors on the page."""
    found: Vectors | None = page.found
    return exercises(found, page.more.get("layer", 0))


LESSON = Desk(
    name="words",
    section=PRETRAINING,
    place=0,
    icon=":material/scatter_plot:",
    course=("P3",),
    text=TEXT,
    link=Link(MODEL, WORD, OWN, ONLY_OWN, LAYER),
    presets=presets(),
    question=Question(),
    choose=choose,
    predict=predict,
    find=lambda page: ask(page.chosen.model, page.chosen.sentences),
    picture=draw,
    tabs=(
        Tab("All sentences", lambda page: sentences.show(page.chosen.sentences), lazy=False),
        Tab("Save", lambda page: save_and_code.save(page.found, page.more["layer"]), lazy=False),
        Tab(
            "Code",
            code,
            lazy=False,
        ),
    ),
    tabs_wait=True,
    exercises=exercises_of,
)
