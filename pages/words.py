"""Words in context: its vector after every layer of a model."""

import streamlit as st

from lab.lesson.frame import Lesson, hidden
from lab.lesson.senses import found as vectors
from lab.lesson.senses import keep, picture, sentences
from lab.lesson.senses.exercises import exercises
from lab.lesson.sources import picker
from lab.lesson.sources.run import Runs

lesson = Lesson("words")

sentences.presets()
left, right = st.columns([5, 6], gap="medium")
with left:
    model = picker.pick_model(Runs(("language",), attending=True))
with right:
    chosen = sentences.choose()
guess = vectors.given_guess()
if not hidden("controls"):
    guess = vectors.keep_guess(
        lesson.predict(
            "At which layer do the senses come apart best?", vectors.OPTIONS, "guess_pills"
        )
    )
found, layer = None, 0
if chosen and model and guess:
    found = vectors.ask(model, chosen)
elif chosen:
    st.caption("These are the sentences. Choose a model and guess: then their vectors come.")
    sentences.listed(chosen)
if found:
    layer = picture.desk(found, guess)
    listed, take, code = st.tabs(["All sentences", "Save", "Code"])
    with listed:
        sentences.listed(chosen)
    with take:
        keep.downloads(found, layer)
    with code:
        st.code(keep.snippet(model, chosen))

lesson.notice(
    "**One word, many vectors.** A word vector of the word2vec kind is one point for all senses. "
    "Here each sentence gives its own, and the model was never told what a sense is.",
    "**The embeddings know no sentence.** They have the word, and its place in the sentence where "
    "a model adds positions: neighbours there are alike in place, not in sense.",
    "**Who may look where.** A masked model reads both sides. A model that writes from left to "
    "right has only what stands before the word: a sentence that begins with it tells it nothing.",
    "**A projection hides.** Points that look close may lie far apart in the directions that were "
    "left out. The shares of the layers are measured in all of them.",
    "**Few sentences, one model.** A difference of one or two sentences between layers is chance. "
    "A small model, or one that saw the word rarely, may not tell the senses at all.",
)
lesson.exercises(*exercises(found, layer))
lesson.place_in_course()
