"""Fill the blank: what masked models expect behind [MASK], in one sentence and in many."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from lab.lesson.course import BIAS
from lab.lesson.fill import (
    TEXT,
    models,
    one_sentence,
    save_and_code,
    targets,
    two_sentences,
    word_list,
)
from lab.lesson.fill.exercises import exercises
from lab.lesson.fill.models import Answers
from lab.lesson.fill.one_sentence import SENTENCE, SHOWN, WHICH, Sentence
from lab.lesson.fill.targets import PIECES, WORDS, Targets
from lab.lesson.fill.two_sentences import A, B
from lab.lesson.fill.word_list import FIRST, MEASURE, NEUTRAL, SECOND, TEMPLATE, Result, WordList
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Page, Tab
from lab.lesson.kit.question import Question
from lab.lesson.sources import hub
from lab.lesson.sources.picker import MODELS
from lab.lesson.sources.source import Source


@dataclass
class Chosen:
    """What is asked: the models and words of the page, and what its tabs hold."""

    sources: list[Source]
    targets: Targets
    sentence: Sentence = field(init=False)
    pair: list[str] = field(init=False)
    word_list: WordList | None = None


@dataclass
class Found:
    """What the models said under the tab that is open."""

    sentence: Answers = field(default_factory=list)
    pair: Answers = field(default_factory=list)
    word_list: list[tuple[Source, Result]] = field(default_factory=list)


def choose(page: Page) -> Chosen:
    """Draw the choice of models and of words to compare."""
    left, right = st.columns([5, 4], gap="medium")
    with left:
        sources = models.pick()
        if not page.lesson.hides("controls"):
            hub.draw()
    page.found = Found()
    with right:
        return Chosen(sources, targets.choose())


def set_sentence(page: Page) -> None:
    """Draw what is asked in one sentence, and the question of the lesson."""
    page.chosen.sentence = one_sentence.controls(page)


def set_pair(page: Page) -> None:
    """Draw two sentences to write."""
    page.chosen.pair = two_sentences.controls(page)


def set_word_list(page: Page) -> None:
    """Draw what is asked in a list."""
    page.chosen.word_list = word_list.controls(page, page.chosen.targets)


def draw_sentence(page: Page) -> None:
    """Draw what the models say of one sentence."""
    asked = page.chosen
    page.found.sentence = one_sentence.draw(page, asked.sources, asked.sentence, asked.targets)


def draw_pair(page: Page) -> None:
    """Draw what two sentences change."""
    page.found.pair = two_sentences.draw(page.chosen.sources, page.chosen.pair)


def draw_word_list(page: Page) -> None:
    """Draw what the models say of a list."""
    asked = page.chosen
    if asked.word_list:
        page.found.word_list = word_list.draw(asked.sources, asked.word_list, asked.targets)


def draw_save_and_code(page: Page) -> None:
    """Draw the downloads of everything on the page, and the code."""
    asked = page.chosen
    if not asked.sources:
        return
    save_and_code.sentence(asked.sources, asked.sentence, asked.targets, page.answered)
    save_and_code.pair(asked.sources, asked.pair)
    if asked.word_list:
        save_and_code.grid(asked.sources, asked.word_list, asked.targets)
        st.markdown("**The code behind**")
        template = asked.word_list.template
        st.code(save_and_code.snippet(asked.sources[0], template, asked.targets, asked.pair))


LESSON = Desk(
    name="fill",
    section=BIAS,
    place=0,
    icon=":material/select_check_box:",
    course=("B1",),
    text=TEXT,
    intro=("intro",),
    link=Link(
        MODELS,
        WORDS,
        PIECES,
        SENTENCE,
        SHOWN,
        WHICH,
        A,
        B,
        TEMPLATE,
        MEASURE,
        FIRST,
        SECOND,
        NEUTRAL,
    ),
    question=Question(),
    choose=choose,
    tabs=(
        Tab("One sentence", draw_sentence, controls=set_sentence),
        Tab("Two sentences", draw_pair, controls=set_pair),
        Tab("A list of words", draw_word_list, controls=set_word_list),
        Tab("Save and code", draw_save_and_code),
    ),
    exercises=exercises,
)
