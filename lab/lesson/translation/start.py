"""Starting an experiment: presets, the guess, the sentence to watch, and the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.lesson import controls
from lab.lesson.lineup import Entry
from lab.lesson.shown import run_ids
from lab.lesson.submit import submit
from lab.lesson.translation.catalogue import CATALOGUE
from lab.lesson.translation.pairs import ChosenPairs
from lab.lesson.translation.presets import PRESETS, Preset
from lab.seq2seq.settings import TranslationSettings
from lab.training import SettingsError

NONE = "All below 50 %"


def presets() -> None:
    """Draw a button for each preset; the first one asks for a guess, later ones start at once."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Start with**", width="content")
        for number, preset in enumerate(PRESETS):
            st.button(
                preset.name,
                key=f"preset-{number}",
                help=preset.shows,
                on_click=_load,
                args=(preset,),
            )


def _load(preset: Preset) -> None:
    controls.replace(CATALOGUE, list(preset.entries))
    st.session_state.update(pairs=preset.pairs, budget="steps", steps=preset.steps)
    # The guess of another line-up means nothing here, and neither does its sentence.
    for key in ("guess_pills", "sentence", "forced"):
        st.session_state.pop(key, None)
    if st.session_state.get("has-run-translation"):
        st.session_state["start_now"] = True


def set_up():
    """Return the container of the controls: folded away once there is an experiment to look at."""
    if run_ids():
        return st.expander(
            "Set up the next experiment: pairs, models, budget", icon=":material/tune:"
        )
    return st.container(border=True)


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
    has_run = bool(st.session_state.get("has-run-translation"))
    ready = chosen is not None and (has_run or guess is not None)
    pressed = st.button(
        "Train", type="primary", icon=":material/play_arrow:", key="train", disabled=not ready
    )
    if chosen is None:
        st.caption("Choose pairs first.")
    elif not ready:
        st.caption("Guess, or say that you would rather not: then press Train.")
    if chosen is not None and (pressed or st.session_state.pop("start_now", False)):
        try:
            settings = prepared(entries, budget, chosen, int(st.session_state.get("seed") or 0))
        except SettingsError as error:
            st.error(str(error), icon=":material/tune:")
            return
        st.session_state.pop("translated", None)
        live = {"prompt": chosen.sentence}
        submit(CATALOGUE, entries, settings, chosen.corpus, live, guess)
