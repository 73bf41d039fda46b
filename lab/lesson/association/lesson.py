"""Measuring association: a test of people, and the same idea for vectors of words."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.association import TEXT, comparisons, exercises, iat, word_test
from lab.lesson.association.earlier_results import earlier_results
from lab.lesson.course import BIAS
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Exercise, Page, Tab


def set_words(page: Page) -> None:
    """Draw the choice of lists and vectors, and ask for the guess; nothing is computed yet."""
    page.chosen = word_test.choose(page)


def draw_words(page: Page) -> None:
    """Draw what the vectors give for the lists, once there is a guess."""
    if page.chosen is None or not page.answered:
        return
    page.found = word_test.measure(page.chosen)
    if page.found is not None:
        word_test.draw(page.found, page.guess)
        comparisons.draw(page.found)


def exercises_of(page: Page) -> Sequence[Exercise]:
    """Return the exercises over this result and the earlier ones."""
    return exercises.exercises(page.found, earlier_results())


LESSON = Desk(
    name="association",
    section=BIAS,
    place=1,
    icon=":material/balance:",
    course=("B2",),
    text=TEXT,
    intro=("content-note",),
    link=Link(*iat.KEYS, *word_test.KEYS, comparisons.LOOK),
    question=word_test.QUESTION,
    tabs=(
        Tab("1. A test of people", iat.draw, lazy=False),
        Tab("2. The same for word vectors", draw_words, controls=set_words),
    ),
    exercises=exercises_of,
)
