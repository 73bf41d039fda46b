"""Starting a run of the pronoun probe."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lab.lesson.lineup import Catalogue, Entry
from lab.lesson.pronouns.findings import percent
from lab.lesson.pronouns.shares import HAS_RUN, NUMBERS
from lab.lesson.submit import submit
from lab.seq2seq import PairError, TranslationSettings
from lab.seq2seq.generators import pronouns
from lab.training import SettingsError

CATALOGUE = Catalogue("pronouns", {"gru": "Translator"}, {}, TranslationSettings.default)


def numbers() -> tuple[int, int, int]:
    """Draw pairs, steps and seed, and return them."""

    def field(name: str, key: str, step: int, help: str) -> int:
        low, high, value = NUMBERS[key]
        return st.number_input(
            name, low, high, value, step=step, key=key, bind="query-params", help=help
        )

    pairs, steps, seed = st.columns(3)
    with pairs:
        count = field(
            "Training pairs",
            "pairs_count",
            240,
            "A twelfth for each profession; four of five have a pronoun.",
        )
    with steps:
        many = field("Training steps", "steps", 100, "Of 32 pairs each: 800 take about 5 seconds.")
    with seed:
        first = field("Seed", "seed", 1, "Decides the pairs that are held out, and the training.")
    return count, many, first


def question(asked: str, share: float) -> str:
    """Return what to predict; a guess on another question is taken back.

    Args:
        asked: the profession.
        share: of "she" in its sentences.
    """
    now = f"{asked} {percent(share)}"
    if st.session_state.get("pronouns-asked", now) != now:
        st.session_state.pop("guess_pills", None)
    st.session_state["pronouns-asked"] = now
    return (
        f"Your data say *she* in {percent(share)} of the sentences with *{asked}*. What share of "
        f"*she* will the greedy translations of “{pronouns.prompt_for(asked)}” show?"
    )


def button(
    shares: Mapping[str, float], count: int, steps: int, seed: int, asked: str, guess: str | None
) -> None:
    """Draw the start button; press it, and the run is in the queue and in the link.

    Args:
        shares, count, steps, seed: what was set.
        asked: the profession that the guess is about: its sentence goes into the run's settings.
        guess: one of the options, None while there is none.
    """
    state = st.session_state
    ready = bool(state.get(HAS_RUN)) or guess is not None
    pressed = st.button(
        "Train", type="primary", icon=":material/play_arrow:", key="train", disabled=not ready
    )
    if not ready:
        st.caption("Guess, or say that you would rather not: then press Train.")
    if not (state.pop("pronouns-start", False) or pressed):
        return
    prompt = pronouns.prompt_for(asked)
    try:
        corpus = pronouns.make(shares, count, seed)
        settings = TranslationSettings.default("gru", steps=steps, seed=seed, prompt=prompt)
    except (PairError, SettingsError) as error:
        st.error(str(error), icon=":material/tune:")
        return
    state["pronouns-left-out"], state["pronouns-open"] = [], False
    submit(CATALOGUE, [Entry("gru")], [settings], corpus, {"prompt": prompt}, guess)
