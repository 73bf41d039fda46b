"""The leak: change one word, and see whose output changes, without a mask and with it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lab.attention.steps import changes
from lab.attention.vectors import VectorsError, words_of
from lab.charts.steps import numbers
from lab.lesson import pictures
from lab.lesson.lineup import plain
from lab.lesson.steps.setup import Setup

_NOTHING = 1e-9  # below this it is rounding


def desk(setup: Setup) -> None:
    """Let the student change a word, and draw what becomes of each output."""
    st.markdown("### The leak: change a word, and see who notices")
    words = setup.words
    if st.session_state.get("leak_place", 0) not in range(len(words)):
        del st.session_state["leak_place"]
    left, right = st.columns([2, 3], gap="medium")
    with left, st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        place = st.selectbox(
            "Word",
            range(len(words)),
            index=len(words) - 1,
            format_func=lambda i: f"{i + 1} {words[i]}",
            key="leak_place",
            bind="query-params",
            width=150,
        )
        new = st.text_input(
            "becomes", "slept", max_chars=20, key="leak_word", bind="query-params", width=130
        )
    try:
        (word,) = words_of(new or "")
    except (VectorsError, ValueError):
        st.warning("Write one word to put there.", icon=":material/edit_off:")
        return
    moved = differences(setup, place, word)
    with right:
        pictures.show(
            numbers(
                moved,
                ["no mask", "causal mask"],
                [f"{i + 1} {w}" for i, w in enumerate((*words[:place], word, *words[place + 1 :]))],
                "Largest change in each word's output",
                ("attention", "word"),
                pictures.half(),
            ),
            "leak",
        )
    with left:
        st.markdown(_said(setup, place, word, moved))


def differences(setup: Setup, place: int, word: str) -> np.ndarray:
    """Return by how much each output changes with one other word.

    Returns:
        (2, T): without the mask, and with it.
    """
    other = (*setup.words[:place], word, *setup.words[place + 1 :])
    return np.stack(
        [
            changes(setup.attend(causal=causal), setup.attend(other, causal=causal))
            for causal in (False, True)
        ]
    )


def _said(setup: Setup, place: int, word: str, moved: np.ndarray) -> str:
    if np.array_equal(setup.embeddings([word]), setup.embeddings([setup.words[place]])):
        return "The new word has the vector of the old one: nothing can change. Choose another."
    if place == 0:
        return "No word stands before the first one: change a later word to see what leaks."
    open_, masked = ((row[:place] > _NOTHING).sum() for row in moved)
    said = f"Of the {place} words before **{plain(word)}**, {open_} change their output without a "
    said += f"mask and {masked} with it. "
    if open_ and not masked:
        said += (
            "A model that has to predict the next word could read it off the future: that is the "
            "leak, and the mask closes it."
        )
    return said
