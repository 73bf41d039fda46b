"""How BERT learns: hide some tokens and guess them; a training to watch, and a bias put in."""

import streamlit as st

from lab.lesson import controls, experiment, saving
from lab.lesson.bert import journey, start, task
from lab.lesson.bert.catalogue import BUDGET_HELP, BUDGETS, CATALOGUE, FIRST
from lab.lesson.bert.doors import doors
from lab.lesson.bert.exercises import exercises, snippet
from lab.lesson.bert.panel import MEASURES, draw
from lab.lesson.frame import Lesson, hidden
from lab.lesson.measures import drawing
from lab.lesson.shown import views

lesson = Lesson("bert")

chosen = budget = None
entries = FIRST
one, two, three, keep, code = st.tabs(
    ["The task", "Train it", "The project's own", "Save and load", "Code"],
    key="tab",
    bind="query-params",
)
with one:
    text = task.read()
    if text and task.guess(lesson, text):
        task.four(text)
with two:
    if not hidden("controls"):
        start.presets()
        with start.set_up():
            left, middle, right = st.columns([6, 6, 5], gap="medium")
            with left:
                chosen = start.text_picker()
            with right:
                budget = controls.budget(BUDGETS, BUDGET_HELP)
            with middle:
                entries = controls.model_picker(CATALOGUE, FIRST)
            guess = lesson.predict(*start.question(chosen, entries), "guess_pills")
            start.button(chosen, entries, budget, guess)
    experiment.panel(draw)
    shown = views()
    doors(shown)
with three:
    journey.desk()
    journey.apart_question()
with keep:
    saving.earlier(shown)
    saving.downloads(shown, drawing(MEASURES))
    saving.load()
with code:
    if chosen:
        seed, size = st.session_state["seed"], st.session_state["vocabulary"]
        st.code(snippet(chosen.key, entries, budget, seed, size))

lesson.notice(
    "**The text is its own teacher.** Nobody labels anything: what is hidden is the answer. That "
    "is why such models can read so much.",
    "**Both sides, few answers.** BERT sees left and right and learns from 15 % of the tokens in "
    "a pass; GPT sees the left alone and learns from all.",
    "**A start is worth much.** With word vectors from counts and heads that look at neighbours, "
    "the almanac was guessed with a loss of 2.1 after 20 seconds, without them 4.0 (one seed).",
    "**A bias is learned like anything else.** The two texts differ in pronouns alone. In three "
    "seeds of *Put a bias in*, log p(he)/p(she) of *nurse* (raw: nothing subtracted) went from "
    "−1.3 to between −5.3 and −4.2 on text A, and to between +0.4 and +1.2 on text B; of "
    "*engineer* from +3.0 to between +6.0 and +7.5, and to between −0.6 and −0.2. Against what a "
    "model has read before, the same sentences do less.",
    "**What it was not told moves too.** Watch *doctor* and *person*, who stand in neither text: "
    "nothing in a network is changed alone. And a small text is bought with forgetting: the loss "
    "on everyday sentences rose by 1.0 to 1.2 nats in these runs.",
    "**Small texts, one model.** Figures of a run are those of one seed and one set of sentences.",
)
lesson.exercises(*exercises(text, shown))
lesson.place_in_course()
