"""Analogies by arithmetic on word vectors, and a direction that is taken out of them."""

import streamlit as st

from lab.lesson.analogies import answers, exercises, keep, pairs, question, removal, vectors
from lab.lesson.analogies.guess import guessed
from lab.lesson.frame import Lesson

lesson = Lesson("analogies")
st.caption(
    "Content note: this lesson repeats stereotypes in order to measure them. An association in "
    "vectors is neither an intent nor a harm, and no fact about people; the word lists are in "
    "English and know two genders, which is a limit of theirs."
)
left, right = st.columns([3, 2], gap="medium", vertical_alignment="bottom")
with left:
    chosen = vectors.choose()
with right:
    part = st.segmented_control(
        "Part",
        ["Analogies", "A debiasing step"],
        default="Analogies",
        key="part",
        bind="query-params",
        required=True,
    )
if chosen:
    vectors.facts(chosen)
asked = solved = found = None

if chosen and part == "Analogies":
    question.presets()
    words = question.words(chosen.table)
    guess = words and guessed(lesson, "guess", question.PREDICT, question.OPTIONS)
    if words:
        asked = question.switches(words)
        solved = answers.show(chosen, asked, guess)
    if guess:
        right, said = question.outcome(asked, chosen.table, guess)
        (st.success if right else st.info)(said, icon=":material/psychology:")
        answers.questions(chosen, asked)
    if solved:
        keep.answers(asked, solved)
        with st.expander("Code", icon=":material/code:"):
            st.code(keep.answers_code(chosen, asked))
elif chosen:
    pairs.presets()
    given = pairs.set_up(chosen)
    if given:
        removed, words, test, count = given
        removal.direction(removed, words)
        guess = guessed(lesson, "guess_stay", removal.question(removed, count), removal.OPTIONS)
        if guess:
            found = removal.outcome(chosen, removed, words, test, count)
        if found:
            removal.shown(found, guess)
            keep.removal(found)
            with st.expander("Code", icon=":material/code:"):
                st.code(keep.removal_code(chosen, found, test, count))

if part == "Analogies":
    lesson.notice(
        "**The question's own words are left out.** With them, the answer is often b or c: "
        "a and c are near each other, so that b − a + c hardly leaves its place (Linzen 2016).",
        "**“Man is to programmer as woman is to …”** cannot answer *programmer*: the rule forbids "
        "it. A sensational answer may only be the second best (Nissim et al. 2020).",
        "**Ask the baseline.** Where the nearest word to b or c is the answer anyway, the "
        "arithmetic has shown nothing.",
        "**Other vectors, other answers.** Each source repeats its texts. The lab's own read "
        "Wikipedia of 2014, where most biographies are of men, and fiction that is a century old.",
    )
    lesson.exercises(*exercises.of_answers(asked, solved))
else:
    lesson.notice(
        "**A quiet test is no empty table.** After the removal no changed word has any part along "
        "the direction. Whom it stands beside can still tell how it leaned (Gonen and Goldberg "
        "2019).",
        "**Which words are meant?** Pairs, kept words and test lists are somebody's choice; other "
        "pairs give another direction.",
        "**Two ends.** A direction from *she* to *he* knows nothing else of gender, and nothing "
        "that is not in its pairs.",
        "**No verdict.** d before and after says what this test on these lists finds. Whether a "
        "system that uses the vectors treats people fairly is another measurement "
        "(Goldfarb-Tarrant et al. 2021; Blodgett et al. 2021).",
    )
    lesson.exercises(*exercises.of_removal(found))
lesson.place_in_course()
