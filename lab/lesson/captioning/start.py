"""Starting an experiment: the scenes, presets, the guess, and the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.charts.overlay import enlarged
from lab.lesson import controls, starting
from lab.lesson.captioning.catalogue import CATALOGUE, PRESETS, Preset
from lab.lesson.lineup import Entry
from lab.lesson.submit import submit
from lab.seq2seq.scenes import FEWEST, MOST, SceneCorpus, load_scenes

GUESSES = {
    "count": "How many there are",
    "colour": "The colour",
    "shape": "The shape",
    "relation": "Above, below, left, right",
}


def presets() -> None:
    """Draw the presets of the lesson."""
    starting.presets(PRESETS, _load)


def _load(preset: Preset) -> None:
    controls.replace(CATALOGUE, list(preset.entries))
    st.session_state.update(budget="seconds", seconds=preset.seconds)
    starting.start_at_once(CATALOGUE)


def set_up():
    """Return the container of the controls."""
    return starting.set_up("Set up the next experiment: scenes, models, budget")


@st.cache_resource(max_entries=3, show_spinner=False)
def scenes(count: int) -> SceneCorpus:
    """Return the lab's scenes, drawn once for each number of them."""
    return load_scenes(count)


def scene_picker() -> SceneCorpus:
    """Draw how many scenes to learn from, and four of them."""
    count = st.number_input(
        "Training scenes",
        FEWEST,
        MOST,
        6_000,
        step=500,
        key="scenes",
        bind="query-params",
        help="Drawn by the lab. A tenth as many more are held out: two groups in combinations that "
        "no training scene shows.",
    )
    with st.spinner("Drawing …"):
        corpus = scenes(count)
    st.image(
        [enlarged(corpus.train.images[place], 3) for place in range(3)],
        caption=[" ".join(corpus.train.captions[place]) for place in range(3)],
        width=96,
    )
    st.caption(
        f"**{len(corpus.train):,}** synthetic scenes of 48 x 48 pixels to learn from, "
        f"**{len(corpus.held_out):,}** held out to judge by."
    )
    return corpus


def button(
    corpus: SceneCorpus,
    entries: Sequence[Entry],
    budget: Mapping[str, float],
    guess: str | None,
) -> None:
    """Draw the start button; press it, and the runs are in the queue and in the link."""
    if not starting.pressed(CATALOGUE, guess):
        return
    settings = starting.settings_of(CATALOGUE, entries, budget)
    if settings is None:
        return
    number = min(int(st.session_state.get("scene") or 0), len(corpus.held_out) - 1)
    submit(CATALOGUE, entries, settings, corpus, {"prompt": str(number)}, guess)
