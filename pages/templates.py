"""Templates decide: the log-probability score, sentence by sentence."""

import streamlit as st

from lab.lesson.frame import Lesson, hidden
from lab.lesson.inside import hub
from lab.lesson.lineup import plain
from lab.lesson.templates import controls, effect, keep, models, published, reading, words
from lab.lesson.templates.exercises import exercises

TABS = ["Sentences", "Words", "What was read", "Kurita's table", "Save and code"]

lesson = Lesson("templates")
st.caption(
    "score = log P(target | sentence with the attribute) − log P(target | attribute hidden too). "
    "It says which words a model puts together. That is not what it intends, nor the harm that it "
    "does. Some lists repeat prejudice about people: begin with flowers."
)
left, right = st.columns([3, 2], gap="medium", vertical_alignment="bottom")
with left:
    voices = models.pick()
with right:
    if not hidden("controls"):
        hub.desk()
asked = controls.choose()
found, guess = [], None
if asked is not None:
    if asked.note:
        st.caption(plain(asked.note))
    guess = controls.guess(lesson, asked)
if asked is not None and guess is None:
    st.caption("Guess above, or say that you would rather not: then the answer stands here.")
elif asked is not None:
    found = models.ask_all(voices, asked)

tabs = st.tabs(TABS, key="tab", on_change="rerun", bind="query-params")
one, two, three, table, take = tabs
if guess is not None and asked is not None:
    if one.open:
        with one:
            effect.desk(found, asked, guess)
    if two.open:
        with two:
            words.desk(found, asked)
    if three.open:
        with three:
            reading.desk(found, asked)
    if take.open:
        with take:
            keep.desk(found, asked)
if table.open:
    with table:
        published.desk(voices, asked.prior if asked else "masked")

lesson.notice(
    "**A sentence is a choice.** Each gives an effect size of its own. Report the spread, not the "
    "one that fits best.",
    "**The prior is a position.** It must be read at the target's own mask. Beside it stands a "
    "word that the model sees, and the figure means something else.",
    "**One sentence hides the fault.** For words of one piece the prior is a constant there, and "
    "cancels from d.",
    "**Words are the unit.** Ten sentences about one word are not ten words. More rows make p "
    "smaller, not the finding surer.",
    "**Is a negation heard?** In *Flowers and guns*, compare “are not” with “are”.",
    "**d is no probability.** It can be large where all scores are tiny: look at the nats.",
    "**What it leaves out.** Two genders, US English, words for whole groups of people. A small d "
    "shows nothing about other words, or about what is done with a model.",
)
lesson.exercises(*exercises(found, asked))
lesson.place_in_course()
