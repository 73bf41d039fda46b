"""The prediction: what leaving out the division by sqrt(d) does to one weight."""

from __future__ import annotations

from lab.lesson.kit.page import Page
from lab.lesson.kit.question import Question, compare
from lab.lesson.kit.text import plain
from lab.lesson.steps import TEXT
from lab.lesson.steps.setup import Setup

QUESTION = Question(lesson="attention")
SMALLER, SAME, LARGER, ALL = (
    "It gets smaller",
    "It stays as it is",
    "It grows, but stays below 0.9",
    "It grows to 0.9 or more",
)
OPTIONS = (SMALLER, SAME, LARGER, ALL)


def largest(setup: Setup) -> tuple[int, float, float]:
    """Return a row, and its largest weight in the first head with the division and without."""
    row = setup.words.index("it") if "it" in setup.words else len(setup.words) - 1
    with_it, without = (setup.attend(scaled=on).weights[0, row].max() for on in (True, False))
    return row, float(with_it), float(without)


def outcome(before: float, after: float) -> str:
    """Return the option that comes true when the largest weight goes from `before` to `after`."""
    if abs(after - before) <= 0.005:
        return SAME
    if after < before:
        return SMALLER
    return ALL if after >= 0.9 else LARGER


def predict(page: Page, setup: Setup) -> None:
    """Ask what becomes of the largest weight; other numbers are another question."""
    row, before, _ = largest(setup)
    where = " in head 1" if setup.heads > 1 else ""
    word = plain(setup.words[row])
    page.lesson.ask(page, TEXT("predict", word=word, where=where, before=f"{before:.2f}"), OPTIONS)


def resolve(page: Page, setup: Setup) -> None:
    """Compare the guess with what came out, once the scores are not divided."""
    if setup.scaled or not page.answered:
        return
    row, before, after = largest(setup)
    came = TEXT("came", word=plain(setup.words[row]), before=f"{before:.2f}", after=f"{after:.2f}")
    compare(page.guess, page.guess == outcome(before, after), came)
