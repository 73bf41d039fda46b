"""Train a language model: counts, recurrence and attention on one budget."""

import streamlit as st

from lab.lesson import controls, experiment, samples, saving, start
from lab.lesson.code import snippet
from lab.lesson.counts import sparsity
from lab.lesson.curves import drawing
from lab.lesson.frame import Lesson, hidden
from lab.lesson.inside.doors import doors
from lab.lesson.language_catalogue import BUDGET_HELP, BUDGETS, FIRST, LANGUAGE
from lab.lesson.language_exercises import exercises
from lab.lesson.language_experiment import draw
from lab.lesson.shown import names, views
from lab.lesson.texts import look_for, text_picker
from lab.training import cost

lesson = Lesson("language_model")

text = None
if hidden("controls"):
    experiment.panel(draw)
else:
    start.presets()
    with start.set_up():
        left, middle, right = st.columns([5, 6, 5], gap="medium")
        with left:
            text = text_picker()
        with right:
            budget = controls.budget(BUDGETS, BUDGET_HELP)
        with middle:
            entries = controls.model_picker(
                LANGUAGE,
                FIRST,
                lambda settings: cost.parameters(
                    settings, text.corpus.vocabulary_size if text else 65
                ),
            )
        guess = lesson.predict(
            "Which ends with the lowest validation loss?", start.options(entries), "guess_pills"
        )
        start.button(text, entries, budget, guess)
    experiment.panel(draw)

shown = views()
doors(shown)
given = names(shown)
write, counts, keep, code = st.tabs(
    ["Write with them", "Counts and sparsity", "Save, load, compare", "The code behind"]
)
with write:
    samples.writing_desk(shown, given, text.prompt if text else "")
with counts:
    sparsity(shown)
with keep:
    saving.earlier(shown)
    saving.downloads(shown, drawing)
    saving.load()
with code:
    if text:
        st.code(
            snippet(
                text.source,
                text.corpus.tokenizer.kind,
                entries,
                budget,
                st.session_state["seed"],
                st.session_state.get("characters") or 0,
            )
        )

lesson.notice(
    *look_for(text),
    "**Noise, letters, words, lines.** Move the slider *Through the run*: which comes first, the "
    "length of words or their spelling? Where do line breaks and names appear?",
    "**Counting is a strong opponent.** A table of 5-gram counts takes a second to fill, and the "
    "networks need many to pass it; with the smoothing *back-off* it may stay ahead for the whole "
    "budget. It cannot use a longer context, though: longer n-grams are almost never seen again "
    "(the tab *Counts and sparsity*).",
    "**The budget can choose the winner.** Equal seconds favour what computes fast, equal tokens "
    "give the slow ones more time. Train the same line-up on both: does the order change?",
    "**Training below validation.** When the dashed line leaves the solid one behind, the network "
    "is learning its text by heart.",
)
lesson.exercises(*exercises(shown))
lesson.place_in_course()
