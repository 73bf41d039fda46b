"""Starting an experiment: presets, the guess, the sentence to watch, and the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.lesson import controls, starting
from lab.lesson.lineup import Entry
from lab.lesson.submit import submit
from lab.lesson.translation.catalogue import CATALOGUE
from lab.lesson.translation.pairs import ChosenPairs
from lab.lesson.translation.presets import PRESETS, Preset
from lab.seq2seq.settings import TranslationSettings
from lab.training import SettingsError

NONE = "All below 50 %"


def presets() -> None:
    """Draw the presets of the lesson."""
    starting.presets(PRESETS, _load)


def _load(preset: Preset) -> None:
    controls.replace(CATALOGUE, list(preset.entries))
    st.session_state.update(pairs=preset.pairs, budget="steps", steps=preset.steps)
    # The guess of another line-up means nothing here, and neither does its sentence.
    for key in ("guess_pills", "sentence", "forced"):
        st.session_state.pop(key, None)
    starting.start_at_once(CATALOGUE)


def set_up():
    """Return the container of the controls."""
    return starting.set_up("Set up the next experiment: pairs, models, budget")


def options(entries: Sequence[Entry]) -> list[str]:
    """Return what can be guessed: the models, and that none gets far."""
    return [*CATALOGUE.labels(entries), NONE]


def prepared(
    entries: Sequence[Entry], budget: Mapping[str, float], chosen: ChosenPairs, seed: int
) -> list[TranslationSettings]:
    """Return checked settings for each model.

    Raises:
        SettingsError: one cannot be trained on these pairs.
    """
    pairs = chosen.corpus.train
    longest = 1 + max(max(len(pair.source), len(pair.target)) for pair in pairs)
    return [
        CATALOGUE.default(
            entry.kind,
            **dict(entry.changes),
            **budget,
            seed=seed,
            device=st.session_state.get("device") or "auto",
            prompt=chosen.sentence,
        ).validate(longest)
        for entry in entries
    ]


def button(
    chosen: ChosenPairs | None,
    entries: Sequence[Entry],
    budget: Mapping[str, float],
    guess: str | None,
) -> None:
    """Draw the start button; press it, and the runs are in the queue and in the link."""
    missing = "Choose pairs first." if chosen is None else ""
    if starting.pressed(CATALOGUE, guess, missing):
        try:
            settings = prepared(entries, budget, chosen, int(st.session_state.get("seed") or 0))
        except SettingsError as error:
            st.error(str(error), icon=":material/tune:")
            return
        st.session_state.pop("translated", None)
        live = {"prompt": chosen.sentence}
        submit(CATALOGUE, entries, settings, chosen.corpus, live, guess)
