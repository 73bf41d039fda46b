"""Whose pronoun? A translator repeats the shares of its data, and greedy decoding enlarges them."""

import streamlit as st

from lab.lesson import experiment, saving
from lab.lesson.frame import Lesson, hidden
from lab.lesson.pronouns import results, shares, start
from lab.lesson.pronouns.exercises import exercises, snippet
from lab.lesson.pronouns.findings import OPTIONS, nearest_to
from lab.lesson.shown import views

lesson = Lesson("pronouns")
st.markdown(
    "Finnish has one pronoun, *hän*, for *he* and *she*. A translator into English must write one "
    "of them, and has only its training data to go by. Here you make those data: **synthetic** "
    "sentences from a small grammar, in which **you** set how often *she* stands beside each "
    "profession. A known effect of large systems, reproduced in the small."
)
st.caption(
    "Content note: this lesson repeats stereotypes about occupations in order to measure them; an "
    "association in data is no fact about people. *He* and *she* alone are a limit of this small "
    "grammar: English has singular *they* as well."
)

chosen = settings = None
if hidden("controls"):
    experiment.panel(results.draw)
else:
    shares.check_link()
    shares.presets()
    with shares.set_up():
        chosen = shares.editor()
        settings = start.numbers()
        asked = nearest_to(chosen)
        guess = lesson.predict(start.question(asked, chosen[asked]), OPTIONS, "guess_pills")
        start.button(chosen, *settings, asked, guess)
    experiment.panel(results.draw)

shown = views()
view = results.choose(shown)
rows = results.found(view) if view else None
if rows:
    results.results(view, rows)

keep, code = st.tabs(["Save and load", "Code"])
with keep:
    saving.earlier(shown)
    saving.downloads(shown, results.drawing(rows))
    saving.load()
with code:
    if chosen and settings:
        st.code(snippet(chosen, *settings))

st.subheader("What the model cannot know")
st.markdown(
    "“Hän on lääkäri” does not say who is meant, so no share is the right one for a sentence. A "
    "system can keep what is open (*they*), show both translations, or ask; each is a choice that "
    "somebody makes. Google Translate has shown both for some sentences from Turkish, whose "
    "pronoun has no gender either, since December 2018."
)
lesson.notice(
    "**The model repeats its data.** Its probability of *she* is the share that it was trained "
    "with, near enough; how near depends on the pairs, the steps, and the seed.",
    "**Greedy decoding enlarges it.** 60 against 40 in the data becomes 100 against 0 in the "
    "translations. A beam, which looks for the most probable sentence, is no better here.",
    "**Both have a price.** Sampling keeps the shares, but two translations of one sentence may "
    "differ, and each agrees with the data less often than the greedy one does.",
    "**Whose shares?** Labour statistics of one country and year are no norm, and the sentences of "
    "a real corpus need not even follow those.",
)
lesson.exercises(*exercises(rows))
lesson.place_in_course()
