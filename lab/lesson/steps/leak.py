"""The leak: change one word, and see whose output changes, without a mask and with it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lab.attention.steps import changes
from lab.attention.vectors import VectorsError, words_of
from lab.charts.steps import numbers
from lab.lesson import pictures
from lab.lesson.kit.keys import Choice, Words
from lab.lesson.kit.text import plain
from lab.lesson.steps import TEXT
from lab.lesson.steps.setup import Setup

PLACE = Choice("leak_place", "Word", look="select")
WORD = Words("leak_word", "becomes", "slept", 20)
_NOTHING = 1e-9  # below this it is rounding


def change_a_word(setup: Setup) -> None:
    """Let the student change a word, and draw what becomes of each output."""
    st.markdown("### The leak: change a word, and see who notices")
    words = setup.words
    if st.session_state.get("leak_place", 0) not in range(len(words)):
        del st.session_state["leak_place"]
    left, right = st.columns([2, 3], gap="medium")
    with left, st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        place = PLACE.draw(
            {i: f"{i + 1} {word}" for i, word in enumerate(words)},
            default=len(words) - 1,
            width=150,
        )
        new = WORD.draw(width=130)
    try:
        (word,) = words_of(new or "")
    except (VectorsError, ValueError):
        st.warning(TEXT("leak-one-word"), icon=":material/edit_off:")
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
        st.markdown(leaked(setup, place, word, moved))


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


def leaked(setup: Setup, place: int, word: str, moved: np.ndarray) -> str:
    """Say how many words before the changed one notice it, without a mask and with it."""
    if np.array_equal(setup.embeddings([word]), setup.embeddings([setup.words[place]])):
        return TEXT("leak-same")
    if place == 0:
        return TEXT("leak-first")
    unmasked, masked = ((row[:place] > _NOTHING).sum() for row in moved)
    counted = TEXT("leak", place=place, word=plain(word), unmasked=unmasked, masked=masked)
    return f"{counted} {TEXT('leak-closed')}" if unmasked and not masked else counted
