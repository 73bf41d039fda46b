"""Analogies and debiasing: who decides what woman is to queen, and what stays of a direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.bias.solving import Solved
from lab.lesson.analogies import (
    TEXT,
    analogy,
    answers,
    exercises,
    pairs,
    removal,
    save_and_code,
    vectors,
)
from lab.lesson.analogies.analogy import Analogy
from lab.lesson.analogies.pairs import Removal
from lab.lesson.analogies.vectors import Vocabulary
from lab.lesson.course import BIAS
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Exercise, Page
from lab.lesson.kit.question import Question, compare
from lab.lesson.sources.picker import VECTORS

ANALOGIES, DEBIASING = "Analogies", "A debiasing step"
PART = Choice("part", "Part", (ANALOGIES, DEBIASING))
# Links hold both guesses bare: what they are about stands in the link as well.
STAY = Question("guess_stay", "guess_stay_pills", lesson="analogies", prefixed=False)


@dataclass(frozen=True)
class Part:
    """One of the two parts of the page.

    Args:
        notice: name of the text with its points to notice.
        choose: (page, vocabulary) -> what is asked, once the guess is asked for; or None.
        find: page -> the answer, or None.
        draw: draws it, from the page.
        exercises: from the page.
    """

    notice: str
    choose: Callable[[Page, Vocabulary], Any]
    find: Callable[[Page], Any]
    draw: Callable[[Page], None]
    exercises: Callable[[Page], Sequence[Exercise]]


def choose_analogy(page: Page, vocabulary: Vocabulary) -> Analogy | None:
    """Draw the words, ask for the guess, and draw the switches."""
    page.lesson.offer(analogy.PRESETS)
    question = analogy.words(vocabulary.table)
    if question is None:
        return None
    about = repr((vocabulary.identity, *question))
    page.lesson.ask(page, TEXT("predict"), analogy.OPTIONS, about)
    return analogy.switches(question)


def solve(page: Page) -> Solved | None:
    """Answer the analogy; not before a guess where that is what was asked."""
    if not (page.answered or page.chosen.exclude):
        st.info(TEXT("locked-answer"), icon=":material/lock:")
        return None
    return page.chosen.solve(page.more["vocabulary"].table)


def draw_answers(page: Page) -> None:
    """Draw the answers; the outcome and the other questions after a guess."""
    vocabulary: Vocabulary = page.more["vocabulary"]
    answers.draw(page.chosen, page.found, page.answered)
    if page.answered:
        true, came = analogy.outcome(page.chosen, vocabulary.table)
        compare(page.guess, page.guess == true, came)
        answers.draw_tally(vocabulary, page.chosen)
    save_and_code.draw_answers(vocabulary, page.chosen, page.found)


def choose_removal(page: Page, vocabulary: Vocabulary) -> Removal | None:
    """Draw the pairs and their direction, and ask for the guess."""
    page.lesson.offer(pairs.PRESETS, "**Pairs**")
    chosen = pairs.choose(vocabulary)
    if chosen is not None:
        removal.draw_direction(chosen)
        wording = removal.wording(chosen)
        page.lesson.ask(page, wording, removal.OPTIONS, chosen.about, STAY)
    return chosen


def draw_removal(page: Page) -> None:
    """Draw what is left of the direction."""
    removal.draw(page.found, page.guess)
    save_and_code.draw_removal(page.chosen, page.found)


PARTS = {
    ANALOGIES: Part(
        notice="notice-answers",
        choose=choose_analogy,
        find=solve,
        draw=draw_answers,
        exercises=lambda page: exercises.of_answers(page.chosen, page.found),
    ),
    DEBIASING: Part(
        notice="notice-removal",
        choose=choose_removal,
        find=lambda page: removal.measure(page.chosen) if page.answered else None,
        draw=draw_removal,
        exercises=lambda page: exercises.of_removal(page.found),
    ),
}


def part_of(page: Page) -> Part:
    """Return the part of the page that is open."""
    return PARTS[page.more["part"]]


def choose(page: Page) -> Analogy | Removal | None:
    """Draw the choice of vectors and of a part, and the controls of that part."""
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="bottom")
    with left:
        vocabulary = vectors.choose()
    with right:
        page.more["part"] = PART.draw()
    if vocabulary is None:
        return None
    page.more["vocabulary"] = vocabulary
    vectors.describe(vocabulary)
    return part_of(page).choose(page, vocabulary)


LESSON = Desk(
    name="analogies",
    section=BIAS,
    place=3,
    icon=":material/conversion_path:",
    course=("T3", "B4"),
    text=TEXT,
    intro=("content-note",),
    link=Link(VECTORS, PART, *analogy.KEYS, *pairs.KEYS, STAY.key),
    question=Question(prefixed=False),
    choose=choose,
    find=lambda page: part_of(page).find(page),
    picture=lambda page: part_of(page).draw(page),
    notice=lambda page: part_of(page).notice,
    exercises=lambda page: part_of(page).exercises(page),
)
