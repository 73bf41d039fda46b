"""Transfer: fine-tune a network of Korean rice for another region, and see what must learn anew."""

import streamlit as st

from lab.crops.network.settings import CropSettings
from lab.lesson import controls, experiment, saving
from lab.lesson.frame import Lesson, hidden
from lab.lesson.shown import views
from lab.lesson.transfer import barley, network, notes, reading, split, start, table
from lab.lesson.transfer.catalogue import BUDGET_HELP, BUDGETS, CATALOGUE, FIRST
from lab.lesson.transfer.exercises import exercises, snippet
from lab.lesson.transfer.panel import draw, drawing, further
from lab.lesson.transfer.results import measured

lesson = Lesson("transfer")
st.caption(
    "All scenes of this lesson are **synthetic**. The network, 0.26 million weights, was "
    "pre-trained on Korean rice by the lab. [Two regions](regions) shows its maps in full."
)

chosen = budget = None
entries, seeds = FIRST, 1
if hidden("controls"):
    experiment.panel(draw)
else:
    start.presets()
    with start.set_up():
        left, middle, right = st.columns([5, 6, 5], gap="medium")
        with left:
            chosen = start.regions()
        with right:
            budget = controls.budget(BUDGETS, BUDGET_HELP)
            seeds = start.seeds()
        with middle:
            entries = controls.model_picker(CATALOGUE, FIRST, CropSettings.trained)
        guess = lesson.predict(start.question(chosen), start.options(entries), "guess_pills")
        start.button(chosen, entries, budget, seeds, guess)
    experiment.panel(draw)
further()

shown = views()
numbers, drawn, read, parts, grain, keep, code = st.tabs(
    [
        "Table",
        "Network",
        "Read the table",
        "Train, validation, test",
        "Barley and rice",
        "Save and load",
        "Code",
    ],
    key="tab",
    on_change="rerun",
    bind="query-params",
)
with numbers:
    if numbers.open:
        table.tab()
with drawn:
    if drawn.open:
        network.drawing()
        network.first_layer(shown)
with read:
    reading.tab()
with parts:
    if parts.open:
        split.tab()
with grain:
    if grain.open:
        barley.tab()
with keep:
    saving.earlier(shown)
    saving.downloads(shown, drawing)
    saving.load()
with code:
    if chosen is not None:
        st.code(snippet(chosen, entries, budget, st.session_state["seed"], seeds))

lesson.notice(*notes.points())
lesson.exercises(*exercises(measured(table.runs())))
lesson.place_in_course()
