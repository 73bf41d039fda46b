"""A guess that is kept in the link, under a name of its own for each part of the lesson."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.lesson.frame import Lesson, hidden


def forget(name: str) -> None:
    """Drop a guess: the question has become another one."""
    st.query_params.pop(name, None)
    st.session_state.pop(f"{name}_pills", None)


def guessed(lesson: Lesson, name: str, question: str, options: Sequence[str]) -> str | None:
    """Ask for a guess and return it, or the link's.

    Args:
        lesson: of the page.
        name: in the link.
        question, options: what is asked.
    """
    guess = None
    if not hidden("controls"):
        guess = lesson.predict(question, options, f"{name}_pills")
    if guess:
        st.query_params[name] = guess
    return guess or st.query_params.get(name) or None
