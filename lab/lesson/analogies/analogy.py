"""The analogy that is asked: presets, three words, and the usual tricks as switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.bias.analogy import METHODS
from lab.bias.solving import ADD, Question, Solved, solve
from lab.bias.tables import Table
from lab.lesson.analogies import TEXT
from lab.lesson.kit.form import Preset
from lab.lesson.kit.keys import Choice, Control, Key, Switch, Words
from lab.lesson.kit.text import plain

QUESTIONS = (
    Question("man", "king", "woman"),
    Question("paris", "france", "london"),
    Question("man", "programmer", "woman"),
    Question("he", "doctor", "she"),
    Question("she", "nurse", "he"),
    Question("car", "cars", "tree"),
)
GIVEN, SAME, OTHER = "one of the given words", "the same word as now", "another word"
OPTIONS = (SAME, GIVEN, OTHER)
_LONGEST = 40
WORDS = (
    Words("word_a", "a", QUESTIONS[0].a, _LONGEST),
    Words("word_b", "is to b", QUESTIONS[0].b, _LONGEST),
    Words("word_c", "as c is to …?", QUESTIONS[0].c, _LONGEST),
)
LEAVE_OUT = Switch("leave_out", "Leave out the given words", True, TEXT("leave-out-help"))
METHOD = Choice("method", "Score", METHODS, ADD, help=TEXT("method-help"))
EQUAL_LENGTHS = Switch("equal_lengths", "Equal lengths first", True, TEXT("lengths-help"))
KEYS: tuple[Key[Any] | Control[Any], ...] = (*WORDS, LEAVE_OUT, METHOD, EQUAL_LENGTHS)
_STAYS = {"persist_state": "session"}  # the other part of the page forgets nothing


@dataclass(frozen=True)
class Analogy:
    """What is asked, and how.

    Args:
        question: the three words.
        method: of `lab.bias.analogy.METHODS`.
        exclude: whether the given words are left out of the answers.
        normalise: whether vectors are made equally long first.
    """

    question: Question
    method: str = ADD
    exclude: bool = True
    normalise: bool = True

    @property
    def score(self) -> str:
        """What the score is called."""
        return self.method if self.normalise else "cosine to b − a + c"

    def solve(self, table: Table, exclude: bool | None = None, count: int = 10) -> Solved:
        """Answer it; `exclude` instead of its own if given."""
        chosen = self.exclude if exclude is None else exclude
        return solve(table, self.question, self.method, chosen, self.normalise, count)


def _preset(question: Question) -> Preset:
    values = {key.name: word for key, word in zip(WORDS, question, strict=True)}
    return Preset(f"{question.a} : {question.b} = {question.c} : ?", "", values=values)


PRESETS = tuple(map(_preset, QUESTIONS))


def words(table: Table) -> Question | None:
    """Draw the three fields; None with the reason on the page."""
    typed = []
    for column, key in zip(st.columns(3, gap="small"), WORDS, strict=True):
        with column:
            typed.append(key.draw(**_STAYS).strip().lower())
    if not all(typed):
        st.error(TEXT("missing-word"), icon=":material/edit_off:")
        return None
    unknown = [word for word in dict.fromkeys(typed) if word not in table.places]
    if unknown:
        named = ", ".join(f"“{plain(word)}”" for word in unknown)
        st.error(TEXT("unknown", words=named), icon=":material/edit_off:")
        return None
    return Question(*typed)


def switches(question: Question) -> Analogy:
    """Draw the tricks."""
    left, middle, right = st.columns(3, gap="small", vertical_alignment="bottom")
    with left:
        exclude = LEAVE_OUT.draw(**_STAYS)
    with middle:
        method = METHOD.draw(label_visibility="collapsed", **_STAYS)
    with right:
        normalise = EQUAL_LENGTHS.draw(disabled=method != ADD, **_STAYS)
    return Analogy(question, method, exclude, normalise or method != ADD)


def outcome(analogy: Analogy, table: Table) -> tuple[str, str]:
    """Return which option comes true if the given words may be answers, and a sentence on it."""
    without = analogy.solve(table, exclude=True, count=1).best.word
    among = analogy.solve(table, exclude=False, count=1).best
    true = GIVEN if among.given else SAME if among.word == without else OTHER
    name = "came-same" if among.word == without else "came-other"
    return true, TEXT(name, among=plain(among.word), without=plain(without))
