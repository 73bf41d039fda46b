"""Templates decide: the log-probability score, sentence by sentence."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import streamlit as st

from lab.lesson.course import BIAS
from lab.lesson.kit.form import Preset
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Page, Tab
from lab.lesson.kit.question import SKIP, Question
from lab.lesson.kit.text import plain
from lab.lesson.sources import hub
from lab.lesson.sources.picker import MODELS
from lab.lesson.sources.source import Source
from lab.lesson.templates import (
    TEXT,
    effect_sizes,
    fields,
    models,
    published,
    save_and_code,
    tokens_read,
    word_scores,
)
from lab.lesson.templates.bias_tests import BiasTest, ready_tests
from lab.lesson.templates.effect_sizes import SAME, TURNS, UNIT
from lab.lesson.templates.exercises import exercises
from lab.lesson.templates.fields import FIRST, LIST_A, LIST_B, PRIOR, SECOND, SENTENCES
from lab.lesson.templates.models import Answers
from lab.lesson.templates.tokens_read import ATTRIBUTE, SENTENCE


@dataclass(frozen=True)
class Chosen:
    """Models, and the test that they are asked."""

    sources: list[Source]
    test: BiasTest


def choose(page: Page) -> Chosen | None:
    """Draw the choice of models and the test; None with the reason on the page."""
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="bottom")
    with left:
        sources = models.pick()
    with right:
        if not page.lesson.hides("controls"):
            hub.draw()
    test = fields.choose(page)
    page.more["sources"] = sources
    return None if test is None else Chosen(sources, test)


def predict(page: Page) -> None:
    """Ask for a guess about a test; own changes to it are answered at once.

    After the first answer a guess about a changed sentence would come after most of its answer.
    """
    test: BiasTest = page.chosen.test
    if test.note:
        st.caption(plain(test.note))
    about = f"{zlib.crc32(f'{test.shown} {test.a} {test.b} {test.directions}'.encode()):08x}"
    options, state = (SAME, TURNS), st.session_state
    guessed = page.lesson.question.given(options, about) is not None
    if state.get("templates-answered") and not test.ready and not guessed:
        page.guess = SKIP
        return
    page.lesson.ask(page, TEXT("predict", count=len(test.templates)), options, about)
    state["templates-answered"] = state.get("templates-answered") or page.answered


def find(page: Page) -> Answers:
    """Ask the models."""
    return models.answers_of(page.chosen.sources, page.chosen.test)


def draw_sentences(page: Page) -> None:
    """Draw the effect size of every sentence, once there is an answer."""
    if page.found is not None:
        effect_sizes.draw(page, page.found, page.chosen.test)


def draw_words(page: Page) -> None:
    """Draw the score of every word, once there is an answer."""
    if page.found is not None:
        word_scores.draw(page.found, page.chosen.test)


def draw_tokens(page: Page) -> None:
    """Draw what was read and where, once there is an answer."""
    if page.found is not None:
        tokens_read.draw(page.found, page.chosen.test)


def draw_published(page: Page) -> None:
    """Draw the table of the published tests, whatever stands in the fields."""
    prior = page.chosen.test.prior if page.chosen else PRIOR.default
    published.draw(page.more["sources"], prior)


def draw_save_and_code(page: Page) -> None:
    """Draw the downloads and the code, once there is an answer."""
    if page.found is not None:
        save_and_code.draw(page.found, page.chosen.test)


LESSON = Desk(
    name="templates",
    section=BIAS,
    place=2,
    icon=":material/format_quote:",
    course=("B3",),
    text=TEXT,
    intro=("intro",),
    link=Link(MODELS, SENTENCES, FIRST, SECOND, LIST_A, LIST_B, PRIOR, UNIT, SENTENCE, ATTRIBUTE),
    presets=tuple(Preset(test.button, "", values=test.fields) for test in ready_tests()),
    question=Question(),
    choose=choose,
    predict=predict,
    find=find,
    tabs=(
        Tab("Sentences", draw_sentences),
        Tab("Words", draw_words),
        Tab("What was read", draw_tokens),
        Tab("Kurita's table", draw_published),
        Tab("Save and code", draw_save_and_code),
    ),
    exercises=exercises,
)
