"""The pairs of the second part, and what is to be looked at: presets and fields."""

from __future__ import annotations

import streamlit as st

from lab.bias.before_after import GENDERED, gendered, split
from lab.bias.stays import OCCUPATIONS, PAIRS, Removed, read_pairs, remove
from lab.bias.stimuli import weat_tests
from lab.bias.tables import Table
from lab.lesson.analogies.guess import forget
from lab.lesson.analogies.vectors import Chosen
from lab.lesson.lineup import plain

PRESETS = {
    "Ten pairs": PAIRS,
    "he and she alone": "he she, his her, himself herself",
    "Seasons (no gender)": "winter summer, cold warm, ice water, january july, december june",
}
_WORDS = " ".join(OCCUPATIONS[:24])


@st.cache_resource(max_entries=6, show_spinner=False)
def _removed(key: str, pairs: tuple, keep: frozenset, _table: Table) -> Removed:
    return remove(_table, pairs, keep)


def presets() -> None:
    """Draw a button for each ready list of pairs."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Pairs**", width="content")
        for name, pairs in PRESETS.items():
            st.button(name, key=f"pairs-{name}", on_click=_take, args=(pairs,))


def _take(pairs: str) -> None:
    st.session_state["pairs"] = pairs
    forget("guess_stay")


def set_up(chosen: Chosen) -> tuple[Removed, list[str], str, int] | None:
    """Draw the pairs, the words to project, the test and the groups; None with the reason."""
    typed = st.text_area(
        "Pairs that differ in one respect",
        PAIRS,
        key="pairs",
        height=68,
        max_chars=800,
        bind="query-params",
        persist_state="session",
        on_change=forget,
        args=("guess_stay",),
        help="Two words each, a comma between pairs. The direction points to the first words. The "
        "words of the pairs stay as they are; all others lose their part along the direction.",
    )
    words = st.text_input(
        "Words to look at",
        _WORDS,
        key="lean_words",
        max_chars=600,
        bind="query-params",
        persist_state="session",
    )
    left, right = st.columns(2, gap="medium")
    titles = weat_tests()
    with left:
        test = st.selectbox(
            "Association test, before and after",
            list(GENDERED),
            index=1,  # the one that falls silent: that the others do not is an exercise
            format_func=lambda key: titles[key],
            key="test",
            bind="query-params",
            persist_state="session",
            on_change=forget,
            args=("guess_stay",),
            help="Lists of people of one gender in it stay as they are.",
        )
    with right:
        count = st.slider(
            "Words that lean most, on each side",
            50,
            500,
            250,
            50,
            key="side",
            bind="query-params",
            persist_state="session",
            on_change=forget,
            args=("guess_stay",),
        )
    keep = gendered(test)
    try:
        pairs = tuple(read_pairs(typed))
        removed = _removed(chosen.key, pairs, keep, chosen.table)
    except ValueError as error:
        st.error(plain(str(error)), icon=":material/edit_off:")
        return None
    known, missing = split(removed.table, words)
    missing = [*removed.missing, *missing]
    if missing:
        st.caption(f"No vectors for: {plain(', '.join(dict.fromkeys(missing)))[:300]}.")
    if not known:
        st.error("None of the words to look at has a vector here: write others.")
        return None
    return removed, known, test, count
