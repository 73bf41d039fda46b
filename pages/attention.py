"""Attention step by step: every number of it, why √d, what order does, what it costs."""

import streamlit as st

from lab.attention.vectors import VectorsError
from lab.lesson.frame import Lesson, hidden
from lab.lesson.steps import chain, code, controls, guess, leak, lengths, order, root
from lab.lesson.steps.exercises import answer, exercises

lesson = Lesson("attention")
setup = cell = found = None

controls.presets(guess.guessed())
asking = st.container()
given = st.expander("Settings") if hidden("controls") else st.container()
step_by_step, why_root, ordering, costs, behind = st.tabs(
    ["Step by step", "Why divide by √d", "Order and positions", "Work and memory", "Code"],
    key="tab",
    bind="query-params",
)
with step_by_step:
    here = st.container()
    editing = st.expander("Edit the numbers: word vectors and matrices", icon=":material/edit:")
try:
    with given:
        chosen = controls.settings() | controls.switches(guess.guessed())
    with editing:
        setup = controls.edited(chosen)
    steps = setup.attend()
except VectorsError as error:
    given.error(str(error), icon=":material/edit_off:")
    setup = None
if setup:
    with asking:
        guess.ask(lesson, setup)
    with here:
        guess.compare(setup)
        cell = chain.desk(setup, steps)
        leak.desk(setup)
with why_root:
    root.desk()
with ordering:
    if setup:
        order.desk(setup)
        found = order.reordered(setup)
    order.positions()
with costs:
    lengths.desk()
with behind:
    if setup:
        st.code(code.snippet(setup, cell))

lesson.notice(
    "**Three roles.** A word asks with its query, is found by its key, and hands over its value: "
    "training would find W_Q, W_K, W_V and the words' vectors; here they are made by hand or "
    "random.",
    "**Rows sum to one.** An output is a weighted mean of the values, whatever the scores.",
    "**√d keeps the softmax awake.** It has no say in which word is first, only in how much of the "
    "rest is left, and that decides how much gradient comes through.",
    "**A set, not a sentence.** Without positions and mask, permuted words give permuted outputs. "
    "Positions break that, and so does the mask by itself.",
    "**Heads share the numbers.** Each has a part of every query, key and value, so several need "
    "no more parameters than one; but each has weights of its own.",
)
lesson.exercises(*exercises(setup, cell, found))
answer()
lesson.place_in_course()
