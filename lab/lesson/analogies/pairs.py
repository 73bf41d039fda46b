"""The pairs of the second part, and what is to be looked at: presets and fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.bias.before_after import GENDERED, gendered, split
from lab.bias.stays import OCCUPATIONS, PAIRS, Removed, read_pairs, remove
from lab.bias.stimuli import weat_tests
from lab.bias.tables import Table
from lab.lesson.analogies import TEXT
from lab.lesson.analogies.vectors import Vocabulary
from lab.lesson.kit.form import Preset
from lab.lesson.kit.keys import Choice, Control, Key, Number, Words
from lab.lesson.kit.text import plain

PAIRS_TYPED = Words(
    "pairs", "Pairs that differ in one respect", PAIRS, 800, TEXT("pairs-help"), area=True
)
LEAN_WORDS = Words("lean_words", "Words to look at", " ".join(OCCUPATIONS[:24]), 600)
TEST = Choice(
    "test",
    "Association test, before and after",
    {key: weat_tests()[key] for key in GENDERED},
    list(GENDERED)[1],  # the one that falls silent: that the others do not is an exercise
    look="select",
    help=TEXT("test-help"),
)
SIDE = Number("side", "Words that lean most, on each side", 50, 500, 250, 50, slider=True)
KEYS: tuple[Key[Any] | Control[Any], ...] = (PAIRS_TYPED, LEAN_WORDS, TEST, SIDE)
PRESETS = tuple(
    Preset(name, "", values={"pairs": pairs})
    for name, pairs in {
        "Ten pairs": PAIRS,
        "he and she alone": "he she, his her, himself herself",
        "Seasons (no gender)": "winter summer, cold warm, ice water, january july, december june",
    }.items()
)
_STAYS = {"persist_state": "session"}  # the other part of the page forgets nothing


@dataclass(frozen=True)
class Removal:
    """A direction that is taken out, and what is to be looked at.

    Args:
        vocabulary: that it is taken out of.
        removed: the direction, and the vectors before and after.
        words: to project.
        test: key of an association test, done before and after.
        count: how many words that lean most are looked at, on each side.
    """

    vocabulary: Vocabulary
    removed: Removed
    words: list[str]
    test: str
    count: int

    @property
    def about(self) -> str:
        """What a guess about it is about."""
        return repr((self.vocabulary.identity, self.removed.pairs, self.test, self.count))


@st.cache_resource(max_entries=6, show_spinner=False)
def _removed(identity: str, pairs: tuple, keep: frozenset, _table: Table) -> Removed:
    return remove(_table, pairs, keep)


def choose(vocabulary: Vocabulary) -> Removal | None:
    """Draw the pairs, the words to project, the test and the groups; None with the reason."""
    typed = PAIRS_TYPED.draw(height=68, **_STAYS)
    words = LEAN_WORDS.draw(**_STAYS)
    left, right = st.columns(2, gap="medium")
    with left:
        test = TEST.draw(**_STAYS)
    with right:
        count = SIDE.draw(**_STAYS)
    try:
        pairs = tuple(read_pairs(typed))
        removed = _removed(vocabulary.identity, pairs, gendered(test), vocabulary.table)
    except ValueError as error:
        st.error(plain(str(error)), icon=":material/edit_off:")
        return None
    known, missing = split(removed.table, words)
    missing = [*removed.missing, *missing]
    if missing:
        named = plain(", ".join(dict.fromkeys(missing)))[:300]
        st.caption(TEXT("no-vectors", words=named))
    if not known:
        st.error(TEXT("no-words"), icon=":material/edit_off:")
        return None
    return Removal(vocabulary, removed, known, test, count)
