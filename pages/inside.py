"""Inside a trained model: every layer and head on one's own text."""

import streamlit as st

from lab.lesson.frame import Lesson, hidden
from lab.lesson.inside import heads, hub, keep, others, views
from lab.lesson.inside.exercises import exercises
from lab.lesson.sources.picker import pick_model
from lab.lesson.sources.run import Runs

lesson = Lesson("inside")
model = trace = block = None
left, right = st.columns([5, 6], gap="medium")
with left:
    model = pick_model(Runs(attending=True))
    if not hidden("controls"):
        hub.desk()
with right:
    text = views.text_of(model) if model else ""
guess = None
if model and not hidden("controls"):
    guess = lesson.predict(
        "Where does most of this model's attention go?", heads.GUESSES, "guess_pills"
    )
found = views.trace_of(model, text) if model else None
if found:
    trace, before, name = found
    number = views.part_of(trace)
    block = trace.blocks[number]
    picked = views.view(model, trace, before, number, name)
    views.said(trace, before)
    what, bertviz, take = st.tabs(
        ["What the heads look at", "bertviz", "Save and code"],
        key="tab",
        on_change="rerun",
        bind="query-params",
    )
    with what:
        heads.desk(block, guess, model.own)
    if bertviz.open:  # its page holds every weight once more, as text
        with bertviz:
            others.desk(model, text, trace)
    with take:
        keep.desk(model, text, block, picked)

lesson.notice(
    "**Many heads do simple things.** Some look at the token before, some at the first token or "
    "the end, which is a way to look at nothing: find them before you look for grammar.",
    "**Mean and rollout.** The mean over heads hides single heads. Rollout multiplies the layers, "
    "each mixed half and half with the identity for its residual connection: what a token is made "
    "of after all layers, if values did not matter (Abnar and Zuidema 2020).",
    "**Hide a token** with a double click: the links that change are those which needed it. A "
    "masked model reads its mask token there; elsewhere nobody may look at it.",
    "**Attention is no explanation by itself.** What flows along a link is the value vector, and "
    "different weights can give the same prediction (Jain and Wallace 2019; Wiegreffe and Pinter "
    "2019 answer).",
)
lesson.exercises(*exercises(trace, block))
lesson.place_in_course()
