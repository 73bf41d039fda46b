"""Whose pronoun? A translator repeats the shares of its data, and greedy decoding enlarges them."""

import streamlit as st

from lab.lesson import experiment, saving
from lab.lesson.frame import Lesson, hidden
from lab.lesson.measures import drawing
from lab.lesson.pronouns import results, shares, start
from lab.lesson.pronouns.exercises import exercises, snippet
from lab.lesson.shown import views
from lab.lesson.translation.measures import MEASURES
from lab.seq2seq.generators.pronouns import prompt_for

lesson = Lesson("pronouns")
st.markdown(
    "Finnish has one pronoun, *hän*, for *he* and *she*. A translator into English must write one "
    "of them, and has only its training data to go by. Here you make those data: synthetic "
    "sentences from a small grammar, in which **you** set how often *she* stands beside each "
    "profession. This reproduces, in the small, what large translation systems did with the web's."
)

chosen = settings = None
if hidden("controls"):
    experiment.panel(results.draw)
else:
    shares.presets()
    with start.set_up():
        chosen = shares.editor()
        settings = start.numbers()
        asked = shares.nearest_to(chosen)
        guess = lesson.predict(
            f"Your data say *she* in {chosen[asked]:.0%} of the sentences with *{asked}*. In how "
            f"many greedy translations of “{prompt_for(asked)}” will it be *she*?",
            start.OPTIONS,
            "guess_pills",
        )
        start.button(chosen, *settings, guess)
    experiment.panel(results.draw)

shown = views()
ended = [view for view in shown if not view.run.status.alive and view.run.checkpoint]
rows = results.found(ended[0]) if ended else None
if rows:
    results.results(rows, shares.nearest_to({row.profession: row.share for row in rows}))

keep, code = st.tabs(["Save and load", "Code"])
with keep:
    saving.earlier(shown)
    saving.downloads(shown, drawing(MEASURES))
    saving.load()
with code:
    if chosen and settings:
        st.code(snippet(chosen, *settings))

lesson.notice(
    "**The model repeats its data.** Nothing in “hän on lääkäri” says he or she; the probability "
    "of *she* is the share that it was trained with, near enough.",
    "**Greedy decoding enlarges it.** 60 against 40 in the data becomes 100 against 0 in the "
    "translations. Most systems decode greedily or with a beam, which is no better here.",
    "**No share is right for a sentence.** The source does not say who is meant. A system can keep "
    "the ambiguity (*they*), show both translations, or ask; each is a choice that somebody makes.",
    "**What this is not.** Shares in data are no facts about people, and labour statistics of one "
    "country and year are no norm. Two pronouns are a limit of this small grammar.",
)
lesson.exercises(*exercises(rows))
lesson.place_in_course()
