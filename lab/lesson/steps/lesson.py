"""Attention step by step: every number of it, why √d, what order does, what it costs."""

from __future__ import annotations

import streamlit as st

from lab.attention.vectors import VectorsError
from lab.lesson.course import ATTENTION
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Page, Tab
from lab.lesson.steps import TEXT, controls, leak, lengths, order, prediction, root
from lab.lesson.steps.chain import CELL, draw_chain
from lab.lesson.steps.code import snippet
from lab.lesson.steps.exercises import answer_field, exercises


def places(page: Page) -> None:
    """Keep places for the question and the settings: both need numbers that a tab edits."""
    page.more["question"] = st.container()
    folded = page.lesson.hides("controls")
    page.more["settings"] = st.expander("Settings") if folded else st.container()


def step_by_step(page: Page) -> None:
    """Draw the chain of tables, and the numbers to edit below it."""
    chain = st.container()
    editing = st.expander("Edit the numbers: word vectors and matrices", icon=":material/edit:")
    guessed = prediction.QUESTION.made()
    try:
        with page.more["settings"]:
            chosen = controls.settings() | controls.switches(guessed)
        with editing:
            setup = controls.edited(chosen)
        steps = setup.attend()
    except VectorsError as error:
        page.more["settings"].error(str(error), icon=":material/edit_off:")
        return
    page.chosen = setup
    with page.more["question"]:
        prediction.predict(page, setup)
    with chain:
        prediction.resolve(page, setup)
        page.more["cell"] = draw_chain(setup, steps)
        leak.change_a_word(setup)


def order_and_positions(page: Page) -> None:
    """Draw the words in another order, and the vectors of positions."""
    if page.chosen is not None:
        order.permute(page.chosen)
        page.found = order.reordered(page.chosen)
    order.shift_positions()


def code(page: Page) -> None:
    """Draw the code behind the first tab."""
    if page.chosen is not None:
        st.code(snippet(page.chosen, page.more["cell"]))


LESSON = Desk(
    name="attention",
    section=ATTENTION,
    place=1,
    icon=":material/account_tree:",
    course=("A6", "A7", "A8", "A9", "A12"),
    text=TEXT,
    question=prediction.QUESTION,
    presets=controls.PRESETS,
    choose=places,
    tabs=(
        Tab("Step by step", step_by_step, lazy=False),
        Tab("Why divide by √d", lambda page: root.why_divide(), lazy=False),
        Tab("Order and positions", order_and_positions, lazy=False),
        Tab("Work and memory", lambda page: lengths.work_and_memory(), lazy=False),
        Tab("Code", code, lazy=False),
    ),
    exercises=exercises,
    after=lambda page: answer_field(),
    link=Link(
        *controls.CONTROLS,
        *CELL,
        leak.PLACE,
        leak.WORD,
        root.D,
        root.KEYS,
        root.SEED,
        *order.KEYS,
        lengths.WIDTH,
        lengths.QUESTION.key,
    ),
)
