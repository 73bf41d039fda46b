"""What every lesson's start has in common: a row of presets, the set-up, the button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import streamlit as st

from lab.lesson.lineup import Catalogue, Entry
from lab.lesson.shown import run_ids
from lab.training import SettingsError


class Preset(Protocol):
    """A ready experiment: the name on its button, and what one sees."""

    name: str
    shows: str


def presets(ready: Sequence[Preset], load: Callable[[Any], None]) -> None:
    """Draw a button for each preset; the first one asks for a guess, later ones start at once."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Start with**", width="content")
        for number, preset in enumerate(ready):
            st.button(
                preset.name,
                key=f"preset-{number}",
                help=preset.shows,
                on_click=load,
                args=(preset,),
            )


def start_at_once(catalogue: Catalogue) -> None:
    """Let a preset start by itself, once the lesson has asked for a first guess."""
    if st.session_state.get(f"has-run-{catalogue.name}"):
        st.session_state["start_now"] = True


def set_up(label: str):
    """Return the container of the controls: folded away once there is an experiment to look at."""
    if run_ids():
        return st.expander(label, icon=":material/tune:")
    return st.container(border=True)


def settings_of(
    catalogue: Catalogue, entries: Sequence[Entry], budget: Mapping[str, float], **more: Any
) -> list[Any] | None:
    """Return the settings of each model of a line-up; None with the reason on the page.

    Args:
        catalogue, entries: the line-up.
        budget: one of the lesson's.
        more: fields that all models share, besides seed and device.
    """
    try:
        return [
            catalogue.default(
                entry.kind,
                **dict(entry.changes),
                **budget,
                **more,
                seed=int(st.session_state.get("seed") or 0),
                device=st.session_state.get("device") or "auto",
            )
            for entry in entries
        ]
    except SettingsError as error:
        st.error(str(error), icon=":material/tune:")
        return None


def pressed(catalogue: Catalogue, guess: str | None, missing: str = "") -> bool:
    """Draw the start button; return whether an experiment is to start.

    Args:
        catalogue: of the lesson.
        guess: of the student; only the first experiment waits for one.
        missing: what has to be chosen first, a sentence; empty if nothing.
    """
    guessed = bool(st.session_state.get(f"has-run-{catalogue.name}")) or guess is not None
    clicked = st.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        key="train",
        disabled=bool(missing) or not guessed,
    )
    if missing:
        st.caption(missing)
    elif not guessed:
        st.caption("Guess, or say that you would rather not: then press Train.")
    return not missing and (clicked or st.session_state.pop("start_now", False))
