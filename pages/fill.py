"""Fill the blank: what masked models expect behind [MASK], in one sentence and in many."""

import streamlit as st

from lab.lesson.fill import contrast, keep, lists, models, sentence, words
from lab.lesson.fill.exercises import exercises
from lab.lesson.frame import Lesson, hidden
from lab.lesson.inside import hub

TABS = ["One sentence", "Two sentences", "A list of words", "Save and code"]

lesson = Lesson("fill")
st.caption(
    "A probability here is what a model learned from its texts: how they speak, not how the world "
    "is or should be. Some of it is unfair to people."
)
left, right = st.columns([5, 4], gap="medium")
with left:
    voices = models.pick()
    if not hidden("controls"):
        hub.desk()
with right:
    compared = words.choose()

said, apart, listed = [], [], []
tabs = st.tabs(TABS, key="tab", on_change="rerun", bind="query-params")
one, two, many, take = tabs
with one:
    asked = sentence.controls()
    guess = sentence.guess(lesson, asked)
    if one.open:
        said = sentence.desk(voices, asked, compared, guess)
with two:
    pair = contrast.controls()
    if two.open:
        apart = contrast.desk(voices, pair)
with many:
    rows = lists.controls(compared)
    if many.open and rows:
        listed = lists.desk(voices, rows, compared)
if take.open:
    with take:
        keep.desk(voices, asked, pair, rows, compared)

lesson.notice(
    "**Raw against conditional.** *he* against *she* alone always sums to 100 %, also where both "
    "are rare. Look at what lies elsewhere, and give *they* its column.",
    "**Position, not surface.** A model is asked at a place in a row of token numbers. Count it "
    "wrong, and every figure is about another word.",
    "**Nobody in particular is a he.** Text has about three *he* for one *she*: compare with a "
    "neutral subject before you say that a word leans to one side.",
    "**Multi-piece words** have no single probability. The lab refuses them, or scores them piece "
    "by piece and says so; some tools silently take the first piece.",
    "**A checkpoint without its masked head** guesses from random weights, without an error. The "
    "lab refuses it.",
    "**A small model is often wrong.** The lab's own has read a small part of what BERT read. "
    "Recorded figures say whose they are.",
)
lesson.exercises(*exercises(said, apart, pair, listed, rows))
lesson.place_in_course()
