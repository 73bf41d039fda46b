"""Starting an experiment: presets, the guess, and the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.lesson import controls
from lab.lesson.language_catalogue import LANGUAGE
from lab.lesson.language_experiment import COUNTS_NAME
from lab.lesson.lineup import Entry
from lab.lesson.presets import PRESETS, Preset
from lab.lesson.shown import run_ids
from lab.lesson.submit import submit
from lab.lesson.texts import ChosenText
from lab.training import SettingsError


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
    if st.session_state.get("has-run-language"):
        st.session_state["start_now"] = True


def set_up():
    """Return the container of the controls: folded away once there is an experiment to look at."""
    if run_ids():
        return st.expander(
            "Set up the next experiment: text, models, budget", icon=":material/tune:"
        )
    return st.container(border=True)


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
    has_run = bool(st.session_state.get("has-run-language"))
    ready = chosen is not None and (has_run or guess is not None)
    pressed = st.button(
        "Train", type="primary", icon=":material/play_arrow:", key="train", disabled=not ready
    )
    if chosen is None:
        st.caption("Choose a text first.")
    elif not ready:
        st.caption("Guess, or say that you would rather not: then press Train.")
    if chosen is not None and (pressed or st.session_state.pop("start_now", False)):
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
