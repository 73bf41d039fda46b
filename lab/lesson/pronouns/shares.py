"""The shares of "she" that the student sets, profession by profession, and how to train on them."""

from __future__ import annotations

import streamlit as st

from lab.lesson.kit.form import Preset
from lab.lesson.kit.keys import Number
from lab.lesson.kit.page import Experiment
from lab.lesson.pictures import on_phone
from lab.lesson.pronouns import TEXT
from lab.seq2seq.generators.pronouns import (
    DEFAULT_SHARES,
    FEWEST,
    MOST,
    PROFESSIONS,
    WINOGENDER,
    WINOGENDER_YEARS,
)

NAMES = tuple(name for name, _ in PROFESSIONS)
_STATISTICS = {name: round(100 * DEFAULT_SHARES[name]) for name in NAMES}
# Profession -> per cent of "she" in its sentences.
SHARES = {
    name: Number(f"share_{name}", name.capitalize(), 0, 100, _STATISTICS[name], step=5)
    for name in NAMES
}
PAIRS = Number(
    "pairs_count", "Training pairs", FEWEST, MOST, 4_800, step=240, help=TEXT("pairs-help")
)
STEPS = Number("steps", "Training steps", 10, 10_000, 800, step=100, help=TEXT("steps-help"))
SEED = Number("seed", "Seed", 0, 2**31 - 1, 0, help=TEXT("seed-help"))
KEYS = (*SHARES.values(), PAIRS, STEPS, SEED)
# What the data can be set to say -> per cent of "she" for each profession.
READY = {
    "As in US labour statistics": _STATISTICS,
    "Half and half": dict.fromkeys(NAMES, 50),
    "Turned round": {name: 100 - share for name, share in _STATISTICS.items()},
    "All he": dict.fromkeys(NAMES, 0),
    "60 against 40": {name: 60 if place % 2 else 40 for place, name in enumerate(NAMES)},
}
PRESETS = tuple(
    Preset(label, "", values={SHARES[name].name: share for name, share in shares.items()})
    for label, shares in READY.items()
)


def controls(page: Experiment) -> None:
    """Draw the form, and fill in the page: its shares of "she", 0 to 1, and its steps."""
    page.chosen = _share_fields()
    pairs, steps, seed = st.columns(3)
    with pairs:
        PAIRS.draw()
    with steps:
        page.budget = {"steps": STEPS.draw()}
    with seed:
        SEED.draw()


def _share_fields() -> dict[str, float]:
    st.markdown(TEXT("shares"))
    width = 150 if on_phone() else 214  # two and four abreast
    with st.container(horizontal=True, gap="small"):
        shares = {name: key.draw(width=width) / 100 for name, key in SHARES.items()}
    years = sorted(set(WINOGENDER_YEARS.values()))
    unknown = ", ".join(name for name in NAMES if WINOGENDER[name] is None)
    st.caption(TEXT("shares-source", first=years[0], last=years[-1], names=unknown))
    return shares
