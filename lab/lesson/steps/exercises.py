"""The self-checking exercises of the lesson."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lab.attention.positions import Permuted
from lab.attention.steps import softmax
from lab.lesson.kit.page import Exercise, Outcome, Page
from lab.lesson.kit.text import plain
from lab.lesson.steps import TEXT
from lab.lesson.steps.setup import Setup

_CLOSE = 0.01


def exercises(page: Page) -> tuple[Exercise, ...]:
    """Return the exercises over the state of the page."""
    setup, cell, permuted = page.chosen, page.more.get("cell"), page.found
    asked = "one word gives to another"
    if setup and cell:
        row, column = cell[2], place_of(setup, cell)
        asked = f"**{plain(setup.words[row])}** gives to **{plain(setup.words[column])}**"
    return (
        Exercise(
            TEXT("exercise-doubled", asked=asked),
            lambda: doubled(setup, cell, st.session_state.get("answer")),
        ),
        Exercise(TEXT("exercise-ordered"), lambda: ordered(setup, permuted)),
        Exercise(TEXT("exercise-selfish"), lambda: selfish(setup)),
    )


def answer_field() -> None:
    """Draw the field for the computed number."""
    st.number_input(
        TEXT("exercise-number"),
        0.0,
        1.0,
        None,
        step=0.01,
        key="answer",
        width=220,
        placeholder="such as 0.25",
    )


def place_of(setup: Setup, cell: tuple[str, int, int, int]) -> int:
    """Return the word that the chosen column stands for, else the row's own."""
    stage, _, row, column = cell
    return column if stage in ("scores", "scaled", "masked", "weights") else row


def doubled(
    setup: Setup | None, cell: tuple[str, int, int, int] | None, typed: float | None
) -> Outcome | None:
    """Say whether a weight was computed rightly for a query twice as long."""
    if setup is None or cell is None or typed is None:
        return None
    _, head, row, _ = cell
    scores = setup.attend().masked[head, row]
    right = float(softmax(2 * scores)[place_of(setup, cell)])
    if abs(typed - right) <= _CLOSE + 1e-9:
        return Outcome(
            True, f"Right: {right:.3f}. Every score of the row doubles, and nothing else."
        )
    return Outcome(
        False, f"{typed:g} is not within 0.01. What does a query twice as long do to each score?"
    )


def ordered(setup: Setup | None, found: Permuted | None) -> Outcome | None:
    """Say whether order matters although there are no positions."""
    if setup is None or found is None or found.order == tuple(range(len(setup.words))):
        return None
    if setup.positions != "none":
        return Outcome(False, "Now the positions do it: choose none.")
    most = float(np.abs(found.difference).max())
    if most > 1e-9:
        return Outcome(
            True, f"Done: outputs differ by up to {most:.2f}. A mask knows what comes before."
        )
    return Outcome(
        False, "Not yet: the outputs move with their words. What else treats places differently?"
    )


def selfish(setup: Setup | None) -> Outcome | None:
    """Say whether a word looks at itself alone."""
    if setup is None or len(setup.words) < 3 or setup.causal or not setup.scaled:
        return None
    own = setup.attend().weights.diagonal(axis1=1, axis2=2)  # (nh, T)
    word = int(own.argmax()) % own.shape[1]
    most, name = float(own.max()), plain(setup.words[word])
    if most > 0.9:
        return Outcome(True, f"Done: {name} gives itself {most:.2f}.")
    return Outcome(False, f"Now the most is {name} with {most:.2f}.")
