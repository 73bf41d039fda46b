"""Starting an experiment: presets, the guess, and the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.lesson import controls, starting
from lab.lesson.language_catalogue import LANGUAGE
from lab.lesson.language_experiment import COUNTS_NAME
from lab.lesson.lineup import Entry
from lab.lesson.presets import PRESETS, Preset
from lab.lesson.submit import submit
from lab.lesson.texts import ChosenText
from lab.training import SettingsError


def presets() -> None:
    """Draw the presets of the lesson."""
    starting.presets(PRESETS, _load)


def _load(preset: Preset) -> None:
    controls.replace(LANGUAGE, list(preset.entries))
    st.session_state.update(
        text=preset.text,
        budget="seconds",
        seconds=preset.seconds,
        tokenizer="character",
        characters=preset.characters,
    )
    st.session_state["chosen_preset"] = preset.name
    # The guess of another line-up means nothing here.
    st.session_state.pop("guess_pills", None)
    starting.start_at_once(LANGUAGE)


def set_up():
    """Return the container of the controls."""
    return starting.set_up("Set up the next experiment: text, models, budget")


def options(entries: Sequence[Entry]) -> list[str]:
    """Return what can be guessed: the models, and plain counts."""
    return [*LANGUAGE.labels(entries), COUNTS_NAME]


def button(
    chosen: ChosenText | None,
    entries: Sequence[Entry],
    budget: Mapping[str, float],
    guess: str | None,
) -> None:
    """Draw the start button; press it, and the runs are in the queue and in the link."""
    missing = "Choose a text first." if chosen is None else ""
    if starting.pressed(LANGUAGE, guess, missing):
        _start(chosen, entries, budget, guess)


def _start(chosen, entries, budget, guess) -> None:
    corpus = chosen.corpus
    prompt = (st.session_state.get("prompt") or chosen.prompt or "\n")[:500]
    try:
        prepared = [
            LANGUAGE.default(
                entry.kind,
                **dict(entry.changes),
                **budget,
                seed=int(st.session_state.get("seed") or 0),
                device=st.session_state.get("device") or "auto",
                prompt=prompt,
            ).validate(corpus.vocabulary_size, len(corpus.train), len(corpus.validation))
            for entry in entries
        ]
    except SettingsError as error:
        st.error(str(error), icon=":material/tune:")
        return
    live = {
        "temperature": st.session_state.get("temperature") or 0.8,
        "top_k": st.session_state.get("top_k") or None,
        "prompt": prompt,
    }
    st.session_state.pop("written", None)
    submit(LANGUAGE, entries, prepared, corpus, live, guess)
