"""Starting a run of the pronoun probe."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lab.lesson.lineup import Catalogue, Entry
from lab.lesson.shown import run_ids
from lab.lesson.submit import submit
from lab.seq2seq import PairError, TranslationSettings
from lab.seq2seq.generators import pronouns
from lab.training import SettingsError

CATALOGUE = Catalogue("pronouns", {"gru": "Translator"}, {}, TranslationSettings.default)
OPTIONS = ("0 %", "about the same as in the data", "100 %")


def set_up():
    """Return the container of the controls: folded away once there is something to look at."""
    if run_ids():
        return st.expander("Set other shares and train again", icon=":material/tune:")
    return st.container(border=True)


def numbers() -> tuple[int, int, int]:
    """Draw pairs, steps and seed, and return them."""
    pairs, steps, seed = st.columns(3)
    with pairs:
        count = st.number_input(
            "Training pairs",
            240,
            20_000,
            2_400,
            step=240,
            key="pairs_count",
            bind="query-params",
            help="A twelfth for each profession; four of five have a pronoun.",
        )
    with steps:
        many = st.number_input(
            "Training steps", 10, 10_000, 600, step=100, key="steps", bind="query-params"
        )
    with seed:
        first = st.number_input("Seed", 0, 2**31 - 1, 0, key="seed", bind="query-params")
    return count, many, first


def button(
    shares: Mapping[str, float], count: int, steps: int, seed: int, guess: str | None
) -> None:
    """Draw the start button; press it, and the run is in the queue and in the link."""
    ready = bool(st.session_state.get("has-run-pronouns")) or guess is not None
    pressed = st.button(
        "Train", type="primary", icon=":material/play_arrow:", key="train", disabled=not ready
    )
    if not ready:
        st.caption("Guess, or say that you would rather not: then press Train.")
    if not pressed:
        return
    prompt = pronouns.prompt_for("teacher")
    try:
        corpus = pronouns.make(shares, count, seed)
        settings = TranslationSettings.default("gru", steps=steps, seed=seed, prompt=prompt)
    except (PairError, SettingsError) as error:
        st.error(str(error), icon=":material/tune:")
        return
    submit(CATALOGUE, [Entry("gru")], [settings], corpus, {"prompt": prompt}, guess)
