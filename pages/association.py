"""Measuring association: a test of people, and the same idea for vectors of words."""

import streamlit as st

from lab.lesson.association import desk, iat, looks
from lab.lesson.association.exercises import exercises
from lab.lesson.association.seen import all_seen
from lab.lesson.frame import Lesson

TABS = ["1. A test of people", "2. The same for word vectors"]

lesson = Lesson("association")
st.caption(
    "Some of these lists hold stereotypes, illness and violence, and names that stand for groups "
    "of people: they were made to measure such associations, not to repeat them."
)
people, words = st.tabs(TABS, key="tab", on_change="rerun", bind="query-params")
with people:
    iat.desk()
with words:
    found = desk.desk(lesson, words.open)
    if found:
        looks.desk(found)

lesson.notice(
    "**d saturates.** It divides by the spread of the words themselves: tiny but even differences "
    "reach its top as large ones do. Look at every s(w), and at S.",
    "**S and p are not d.** S grows with the words that are added up; p counts splits, and gets "
    "smaller with more words. None of them says how large a difference is *in life*.",
    "**The words are the unit.** p says how these words would fall if the names of the lists meant "
    "nothing. It says nothing about other words, other vectors or other people.",
    "**How a model is read decides.** Sentence, layer and pooling move d, up to its sign: with "
    "math and arts an encoder (MiniLM) gives −0.35 at [CLS] and +0.94 as a mean of all tokens.",
    "**Association is not intent, and not harm.** Vectors repeat how texts speak. Goldfarb-Tarrant "
    "et al. 2021 found WEAT in vectors no guide to unfair outcomes of systems built on them; "
    "Ethayarajh et al. 2019 that it can be moved by the choice of words alone; Blodgett et al. "
    "2021 that test data often do not measure what they say.",
    "**The lists have limits.** US English of the 1990s, two genders, names for groups: how often "
    "a name stands in the texts explains much of what name lists find (van Loon et al. 2022). "
    "A d near 0 clears no model, and models are not ranked by it.",
)
lesson.exercises(*exercises(found, all_seen()))
lesson.place_in_course()
