"""Describe a picture: for every word, the place where the network looks."""

import streamlit as st

from lab.lesson import controls, experiment, saving
from lab.lesson.captioning import own_scene, start
from lab.lesson.captioning.catalogue import BUDGET_HELP, BUDGETS, CATALOGUE, FIRST
from lab.lesson.captioning.exercises import exercises, snippet
from lab.lesson.captioning.panel import MEASURES, draw
from lab.lesson.frame import Lesson, hidden
from lab.lesson.inside.doors import doors
from lab.lesson.measures import drawing
from lab.lesson.shown import views

lesson = Lesson("caption")

corpus = budget = None
entries = FIRST
if hidden("controls"):
    experiment.panel(draw)
else:
    start.presets()
    with start.set_up():
        left, middle, right = st.columns([5, 6, 5], gap="medium")
        with left:
            corpus = start.scene_picker()
        with right:
            budget = controls.budget(BUDGETS, BUDGET_HELP)
        with middle:
            entries = controls.model_picker(CATALOGUE, FIRST)
        guess = lesson.predict(
            "Which does it learn last?", list(start.GUESSES.values()), "guess_pills"
        )
        start.button(corpus, entries, budget, guess)
    experiment.panel(draw)

shown = views()
doors(shown)
own, keep, code = st.tabs(["Your own scene", "Save and load", "Code"])
with own:
    own_scene.desk(shown)
with keep:
    saving.earlier(shown)
    saving.downloads(shown, drawing(MEASURES))
    saving.load()
with code:
    if corpus is not None:
        st.code(snippet(len(corpus.train), entries, budget, st.session_state["seed"]))

lesson.notice(
    "**Where each word looks.** A colour word looks at the shapes that have it, a relation at one "
    "group or between the two. The network got pictures and captions, and no word about where.",
    "**What comes first.** The order of words comes at once and colours soon; shapes, counts and "
    "relations take longer: watch the slider *Through the run*.",
    "**Soft and hard.** Soft attention takes a mean over all places and is trained by plain "
    "backpropagation. Hard attention takes one place, drawn by chance; no gradient flows through "
    "a draw, so it is trained by trial and reward (REINFORCE), slower and more unevenly.",
    "**Needed, or helpful?** On scenes this small a captioner without attention gets almost as "
    "far, only later (the preset *With and without*). What it cannot do is show where it looks.",
    "**Small and synthetic.** Drawn scenes with a grammar of captions: the mechanism of Show, "
    "Attend and Tell (Xu et al. 2015), nothing of its photographs.",
)
lesson.exercises(*exercises(shown))
lesson.place_in_course()
