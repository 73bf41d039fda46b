"""The guess of the lesson: what leaving out the division by sqrt(d) does to one weight."""

from __future__ import annotations

import streamlit as st

from lab.lesson.frame import SKIP, Lesson
from lab.lesson.lineup import plain
from lab.lesson.steps.setup import Setup

SMALLER, SAME, LARGER, ALL = (
    "It gets smaller",
    "It stays as it is",
    "It grows, but stays below 0.9",
    "It grows to 0.9 or more",
)
OPTIONS = (SMALLER, SAME, LARGER, ALL)
KEY = "guess_pills"


def guessed() -> bool:
    """Return whether a guess was made, here or in the link."""
    return bool(st.session_state.get(KEY) or st.query_params.get("guess"))


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


def ask(lesson: Lesson, setup: Setup) -> None:
    """Ask; a guess on numbers that have changed since is taken back."""
    row, before, _ = largest(setup)
    where = " in head 1" if setup.heads > 1 else ""
    question = (
        f"The largest weight in the row of **{plain(setup.words[row])}**{where} is {before:.2f} "
        "with the scores divided by √d. What becomes of it if they are not?"
    )
    state = st.session_state
    if state.setdefault("asked", question) != question:
        state["asked"] = question
        state.pop(KEY, None)
        _into_link(None)
    made = lesson.predict(question, OPTIONS, KEY)
    if made:
        _into_link(made)


def compare(setup: Setup) -> None:
    """Compare the guess with what came out, once the scores are not divided."""
    if setup.scaled or not guessed():
        return
    row, before, after = largest(setup)
    right, guess = outcome(before, after), st.query_params.get("guess")
    came = (
        f"Without √d the largest weight of **{plain(setup.words[row])}** goes from {before:.2f} to "
        f"**{after:.2f}**."
    )
    if guess not in OPTIONS:
        st.info(came, icon=":material/flag:")
    elif guess == right:
        st.success(f"You guessed it. {came}", icon=":material/psychology:")
    else:
        st.info(f"You guessed: {guess.lower()}. {came}", icon=":material/psychology:")


def _into_link(guess: str | None) -> None:
    if guess and guess != SKIP:
        st.query_params["guess"] = guess
    elif "guess" in st.query_params:
        del st.query_params["guess"]
