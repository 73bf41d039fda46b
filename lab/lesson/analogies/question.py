"""The analogy that is asked: presets, three words, and the usual tricks as switches."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.bias.analogy import METHODS
from lab.bias.solving import ADD, Question, Solved, solve
from lab.bias.tables import Table
from lab.lesson.analogies.guess import forget
from lab.lesson.lineup import plain

PRESETS = (
    Question("man", "king", "woman"),
    Question("paris", "france", "london"),
    Question("man", "programmer", "woman"),
    Question("he", "doctor", "she"),
    Question("she", "nurse", "he"),
    Question("car", "cars", "tree"),
)
GIVEN, SAME, OTHER = "one of the given words", "the same word as now", "another word"
PREDICT = "If the given words may be answers too, what comes first?"
OPTIONS = (SAME, GIVEN, OTHER)
_LONGEST = 40
_FIELDS = ("word_a", "word_b", "word_c")


@dataclass(frozen=True)
class Asked:
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

    def solve(self, table: Table, exclude: bool | None = None, count: int = 10) -> Solved:
        """Answer it; `exclude` instead of its own if given."""
        chosen = self.exclude if exclude is None else exclude
        return solve(table, self.question, self.method, chosen, self.normalise, count)


def presets() -> None:
    """Draw a button for each ready question."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Start with**", width="content")
        for question in PRESETS:
            a, b, c = question
            st.button(
                f"{a} : {b} = {c} : ?",
                key=f"preset-{a}-{b}",
                on_click=_take,
                args=(question,),
            )


def _take(question: Question) -> None:
    for field, word in zip(_FIELDS, question, strict=True):
        st.session_state[field] = word
    forget("guess")


def words(table: Table) -> Question | None:
    """Draw the three fields; None with the reason on the page."""
    names = ("a", "is to b", "as c is to …?")
    columns = st.columns(3, gap="small")
    typed = []
    for column, name, field, word in zip(columns, names, _FIELDS, PRESETS[0], strict=True):
        with column:
            said = st.text_input(
                name,
                word,
                key=field,
                max_chars=_LONGEST,
                bind="query-params",
                persist_state="session",
                on_change=forget,
                args=("guess",),
            ).strip()
            typed.append(said.lower())
    if not all(typed):
        st.error("Write a word in each of the three fields.", icon=":material/edit_off:")
        return None
    unknown = [word for word in dict.fromkeys(typed) if word not in table.places]
    if unknown:
        said = ", ".join(f"“{plain(word)}”" for word in unknown)
        st.error(
            f"These vectors do not know {said}: choose other words, or other vectors.",
            icon=":material/edit_off:",
        )
        return None
    return Question(*typed)


def switches(question: Question) -> Asked:
    """Draw the tricks."""
    left, middle, right = st.columns(3, gap="small", vertical_alignment="bottom")
    with left:
        exclude = st.toggle(
            "Leave out the given words",
            True,
            key="leave_out",
            bind="query-params",
            persist_state="session",
            help="Almost every analogy in print was made so: the words of the question may not be "
            "its answer.",
        )
    with middle:
        method = st.segmented_control(
            "Score",
            METHODS,
            default=ADD,
            key="method",
            bind="query-params",
            persist_state="session",
            required=True,
            label_visibility="collapsed",
            help="3CosAdd adds and subtracts cosines; 3CosMul multiplies and divides them, so that "
            "no single one of them decides.",
        )
    with right:
        normalise = st.toggle(
            "Equal lengths first",
            True,
            key="equal_lengths",
            bind="query-params",
            persist_state="session",
            disabled=method != ADD,
            help="Otherwise b − a + c is made of the vectors as they are, and a long one weighs "
            "more. 3CosMul has cosines only, which know no length.",
        )
    return Asked(question, method or ADD, exclude, normalise or method != ADD)


def outcome(asked: Asked, table: Table, guess: str) -> tuple[bool, str]:
    """Say what comes first if the given words may be answers, and what the guess was worth.

    Args:
        asked: the question.
        table: of words.
        guess: one of `OPTIONS`, or whatever stands in the link.
    """
    without = asked.solve(table, exclude=True, count=1).best.word
    among = asked.solve(table, exclude=False, count=1).best
    true = GIVEN if among.given else SAME if among.word == without else OTHER
    said = f"With the given words among the answers, **{plain(among.word)}** comes first"
    said += f"; without them it is **{plain(without)}**." if among.word != without else " as well."
    if guess not in OPTIONS:
        return False, said
    right = guess == true
    return right, f"{'You guessed it' if right else f'You guessed {guess}'}. {said}"
