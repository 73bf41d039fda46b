"""The shares of "she" that the student sets, profession by profession."""

from __future__ import annotations

import streamlit as st

from lab.seq2seq.generators.pronouns import (
    DEFAULT_SHARES,
    PROFESSIONS,
    WINOGENDER,
    WINOGENDER_YEARS,
)

NAMES = tuple(name for name, _ in PROFESSIONS)
_COLUMNS = 4
YEARS = sorted(set(WINOGENDER_YEARS.values()))
SOURCE = (
    "Shares of women in an occupation, US Bureau of Labor Statistics, "
    f"{YEARS[0]} and {YEARS[-1]}, as collected by Rudinger et al. 2018 (Winogender). No figure "
    "there: " + ", ".join(name for name in NAMES if WINOGENDER[name] is None) + " (50 % here)."
)
PRESETS: dict[str, dict[str, int]] = {
    "As in US labour statistics": {n: round(100 * DEFAULT_SHARES[n]) for n in NAMES},
    "Half and half": dict.fromkeys(NAMES, 50),
    "Turned round": {n: 100 - round(100 * DEFAULT_SHARES[n]) for n in NAMES},
    "All he": dict.fromkeys(NAMES, 0),
    "60 against 40": {n: 60 if place % 2 else 40 for place, n in enumerate(NAMES)},
}


def presets() -> None:
    """Draw a button for each set of shares."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Data that say**", width="content")
        for number, (name, shares) in enumerate(PRESETS.items()):
            st.button(name, key=f"preset-{number}", on_click=_load, args=(shares,))


def _load(shares: dict[str, int]) -> None:
    st.session_state.update({f"share_{name}": share for name, share in shares.items()})
    st.session_state.pop("guess_pills", None)


def editor() -> dict[str, float]:
    """Draw a field for each profession; return its share of "she", 0 to 1."""
    st.markdown("**Per cent of “she” beside each profession in the training data**")
    standard = PRESETS["As in US labour statistics"]
    shares = {}
    for row in range(0, len(NAMES), _COLUMNS):
        for column, name in zip(st.columns(_COLUMNS), NAMES[row : row + _COLUMNS], strict=True):
            with column:
                percent = st.number_input(
                    name.capitalize(),
                    0,
                    100,
                    standard[name],
                    step=5,
                    key=f"share_{name}",
                    bind="query-params",
                )
            shares[name] = percent / 100
    st.caption(SOURCE)
    return shares


def nearest_to(shares: dict[str, float], wanted: float = 0.65) -> str:
    """Return the profession whose share is nearest to a wanted one."""
    return min(shares, key=lambda name: abs(shares[name] - wanted))
