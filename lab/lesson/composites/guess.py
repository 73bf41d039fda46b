"""The first guess: asked once, kept in the link."""

from __future__ import annotations

import streamlit as st

from lab.lesson.composites.looks import OPTIONS, QUESTION
from lab.lesson.frame import SKIP, Lesson, hidden

_MADE = "composites-guess"


def guess(lesson: Lesson) -> str | None:
    """Ask where the curve moves; None while there is no guess."""
    linked = st.query_params.get("guess")
    if linked in (*OPTIONS, SKIP):
        st.session_state.setdefault(_MADE, linked)
    if hidden("controls"):
        return st.session_state.get(_MADE, SKIP)
    if st.session_state.get(_MADE) != SKIP:
        picked = lesson.predict(QUESTION, OPTIONS, "curve-guess", linked)
        if picked:
            st.session_state[_MADE] = picked
    made = st.session_state.get(_MADE)
    if made:
        st.query_params["guess"] = made
    return made
