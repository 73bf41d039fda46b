"""The frame of every lesson: question, prediction, what to notice, exercises, code, course rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from lab.lesson.components import viewport
from lab.lesson.course import COURSE
from lab.lesson.kit import collect

SKIP = "I would rather not guess"


def hidden(part: str) -> bool:
    """Return whether the link hides a part of the lesson, as in `?hide=controls`."""
    return part in st.query_params.get("hide", "").split(",")


@dataclass(frozen=True)
class Exercise:
    """A task that checks itself.

    Args:
        task: what to do.
        check: returns None while nothing can be said, else (done, sentence).
    """

    task: str
    check: Callable[[], tuple[bool, str] | None]


class Lesson:
    """One lesson page, from its question to its place in the course.

    Args:
        page: the page's file name without its ending, a key of `lab.lesson.kit.collect.named`.
    """

    def __init__(self, page: str) -> None:
        self.entry = collect.named(page)
        st.title(self.entry.title)
        st.markdown(f"##### {self.entry.question}")
        viewport.watch()

    def predict(
        self, question: str, options: Sequence[str], key: str, given: str | None = None
    ) -> str | None:
        """Ask for a guess before the first run; return it, or None while there is none.

        Args:
            question, options: what is asked, and what may be guessed.
            key: of the widget.
            given: the guess of a link, chosen at first.
        """
        return st.pills(
            f"**Predict first.** {question}",
            [*options, SKIP],
            default=given if given in (*options, SKIP) else None,
            key=key,
            help="A guess you commit to is what makes the outcome stick. It is compared below.",
        )

    def notice(self, *points: str) -> None:
        """Say what to look for in the experiment."""
        st.subheader("What to notice")
        st.markdown("\n".join(f"- {point}" for point in points))

    def exercises(self, *exercises: Exercise) -> None:
        """Show exercises with the state of each."""
        st.subheader("Exercises")
        for number, exercise in enumerate(exercises, 1):
            outcome = exercise.check()
            mark = ":material/radio_button_unchecked:"
            if outcome is not None:
                mark = ":green[:material/check_circle:]" if outcome[0] else ":material/pending:"
            st.markdown(f"{mark} **{number}.** {exercise.task}")
            if outcome is not None:
                st.caption(outcome[1])

    def place_in_course(self) -> None:
        """Say which rows of the course this lesson covers."""
        topics = {row: topic for rows in COURSE.values() for row, topic in rows}
        covered = ", ".join(f"{topics[row]} ({row})" for row in self.entry.covers)
        st.caption(f"In the course: {covered}.")
