"""Translate and align: the bottleneck, the cure, and the picture of where a model looks."""

import streamlit as st

from lab.lesson import controls, experiment, saving
from lab.lesson.frame import Lesson, hidden
from lab.lesson.inside.doors import doors
from lab.lesson.measures import drawing
from lab.lesson.shown import views
from lab.lesson.translation import blocks, bottleneck, scoring, seeds, sentence, start, steps
from lab.lesson.translation.catalogue import BUDGET_HELP, BUDGETS, CATALOGUE, FIRST
from lab.lesson.translation.code import snippet
from lab.lesson.translation.exercises import exercises
from lab.lesson.translation.measures import MEASURES
from lab.lesson.translation.pairs import look_for, pair_picker
from lab.lesson.translation.panel import draw

lesson = Lesson("translate")

chosen = budget = None
entries = FIRST
if hidden("controls"):
    experiment.panel(draw)
else:
    start.presets()
    with start.set_up():
        left, middle, right = st.columns([5, 6, 5], gap="medium")
        with left:
            chosen = pair_picker()
        with right:
            budget = controls.budget(BUDGETS, BUDGET_HELP)
        with middle:
            entries = controls.model_picker(CATALOGUE, FIRST)
        guess = lesson.predict(
            "Which translates the most unseen sentences without a fault?",
            start.options(entries),
            "guess_pills",
        )
        start.button(chosen, entries, budget, guess)
    experiment.panel(draw)

shown = views()
doors(shown)
own, stepped, length, compared, aligned, opened, keep, code = st.tabs(
    [
        "Your sentence",
        "Step by step",
        "Against length",
        "Several seeds",
        "Alignment scored",
        "Transformer opened",
        "Save and load",
        "Code",
    ]
)
with own:
    sentence.desk(shown, chosen.sentence if chosen else "")
with stepped:
    steps.through(shown)
with length:
    bottleneck.by_length(shown)
with compared:
    seeds.compare(chosen, budget)
with aligned:
    scoring.table(shown)
with opened:
    blocks.opened(shown)
with keep:
    saving.earlier(shown)
    saving.downloads(shown, drawing(MEASURES))
    saving.load()
with code:
    if chosen:
        st.code(
            snippet(
                chosen.source,
                len(chosen.corpus.train),
                chosen.corpus.unit,
                entries,
                budget,
                st.session_state["seed"],
                chosen.sentence,
            )
        )

lesson.notice(
    *look_for(chosen),
    "**Off and on.** Without attention the whole source must fit into one vector: short inputs "
    "come out right first, long ones last or never within the budget (*Against length*). It is no "
    "law that they never do: give such a model ten times the steps.",
    "**Where it crosses.** Where the languages order words differently, the strong cells leave the "
    "diagonal. Nobody told the network which word belongs to which.",
    "**Looking is not explaining.** A translation can be right while attention rests elsewhere: a "
    "recurrent decoder may carry what it saw one step earlier. Compare exact match with alignment.",
    "**One seed is not a ranking.** Seeds move the alignment more than score functions do: compare "
    "several before you believe a difference.",
)
lesson.exercises(*exercises(shown))
lesson.place_in_course()
