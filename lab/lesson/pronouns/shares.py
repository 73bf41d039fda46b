"""The shares of "she" that the student sets, profession by profession, and what a link may hold."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lab.lesson.lineup import plain
from lab.lesson.pictures import on_phone
from lab.lesson.shown import run_ids
from lab.seq2seq.generators.pronouns import (
    DEFAULT_SHARES,
    FEWEST,
    MOST,
    PROFESSIONS,
    WINOGENDER,
    WINOGENDER_YEARS,
)

NAMES = tuple(name for name, _ in PROFESSIONS)
HAS_RUN = "has-run-pronouns"  # set by lab.lesson.submit
# What stands in the link -> lowest, highest, and preset value.
NUMBERS = {
    "pairs_count": (FEWEST, MOST, 4_800),
    "steps": (10, 10_000, 800),
    "seed": (0, 2**31 - 1, 0),
}
_YEARS = sorted(set(WINOGENDER_YEARS.values()))
_STATISTICS = {name: round(100 * DEFAULT_SHARES[name]) for name in NAMES}
SOURCE = (
    "At first: per cent of women in an occupation, US Bureau of Labor Statistics, "
    f"{_YEARS[0]} and {_YEARS[-1]}, as collected by Rudinger et al. 2018 (Winogender). No figure "
    "there: " + ", ".join(name for name in NAMES if WINOGENDER[name] is None) + "; 50 % here."
)
PRESETS: dict[str, dict[str, int]] = {
    "As in US labour statistics": _STATISTICS,
    "Half and half": dict.fromkeys(NAMES, 50),
    "Turned round": {name: 100 - share for name, share in _STATISTICS.items()},
    "All he": dict.fromkeys(NAMES, 0),
    "60 against 40": {n: 60 if place % 2 else 40 for place, n in enumerate(NAMES)},
}


def unreadable(link: Mapping[str, str]) -> list[str]:
    """Return the parts of a link that cannot be set as they stand.

    Args:
        link: its query parameters.
    """
    allowed = {f"share_{name}": (0, 100) for name in NAMES}
    allowed |= {name: (low, high) for name, (low, high, _) in NUMBERS.items()}
    return [
        f"{name}={text}"[:60]
        for name, text in link.items()
        if (name in allowed or name.startswith("share_"))
        and not _within(text, *allowed.get(name, (1, 0)))
    ]


def _within(text: str, low: int, high: int) -> bool:
    try:
        return low <= int(text) <= high
    except ValueError:
        return False


def check_link() -> None:
    """Name what could not be read in the link; call it before any control is drawn.

    Streamlit takes such a value out of the link without a word as soon as its control is drawn.
    """
    if "pronouns-left-out" not in st.session_state:
        st.session_state["pronouns-left-out"] = unreadable(st.query_params)
    place = st.container()  # kept when it is empty: nothing below is drawn anew as the words go
    if left_out := st.session_state["pronouns-left-out"]:
        place.warning(
            "A part of this link could not be read and was left out: "
            + ", ".join(map(plain, left_out)),
            icon=":material/link_off:",
        )


def presets() -> None:
    """Draw a button for each set of shares; after a first run it starts at once."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Data that say**", width="content")
        for number, (name, shares) in enumerate(PRESETS.items()):
            st.button(name, key=f"preset-{number}", on_click=_load, args=(shares,))


def _load(shares: Mapping[str, int]) -> None:
    state = st.session_state
    state.update({f"share_{name}": share for name, share in shares.items()})
    state["pronouns-left-out"] = []
    state.pop("guess_pills", None)
    # Somebody who came by a link to a run must see that the folded controls have changed.
    state["pronouns-start" if state.get(HAS_RUN) else "pronouns-open"] = True


def set_up():
    """Return the container of the controls: folded away once there is something to look at."""
    if run_ids():
        return st.expander(
            "Set other shares and train again",
            icon=":material/tune:",
            expanded=bool(st.session_state.get("pronouns-open")),
        )
    return st.container(border=True)


def editor() -> dict[str, float]:
    """Draw a field for each profession; return its share of "she", 0 to 1."""
    st.markdown("**Per cent of “she” beside each profession in the training data**")
    shares = {}
    with st.container(horizontal=True, gap="small"):
        for name in NAMES:
            percent = st.number_input(
                name.capitalize(),
                0,
                100,
                _STATISTICS[name],
                step=5,
                key=f"share_{name}",
                bind="query-params",
                width=150 if on_phone() else 214,  # two and four abreast
            )
            shares[name] = percent / 100
    st.caption(SOURCE)
    return shares
