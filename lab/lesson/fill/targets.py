"""The words that are compared in a blank, for the whole page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.lesson.fill import TEXT
from lab.lesson.kit.keys import Switch, Words
from lab.lesson.kit.text import plain

MOST = 12  # as in `lab.masked.targets`, which a page does not import: it reads with torch
WORDS = Words(
    "words", "Words to compare in the blank", "he, she, they", most=300, help=TEXT("words-help")
)
PIECES = Switch("pieces", "Score words of several pieces", help=TEXT("pieces-help"))


@dataclass(frozen=True)
class Targets:
    """What is compared.

    Args:
        words: each once.
        in_pieces: whether words of several pieces are scored.
    """

    words: tuple[str, ...]
    in_pieces: bool

    @property
    def given(self) -> dict[str, Any]:
        """As arguments of a question."""
        return {"targets": list(self.words), "in_pieces": self.in_pieces}


def choose() -> Targets:
    """Draw the list of words and return it, at most twelve."""
    text, in_pieces = WORDS.draw(), PIECES.draw()
    found = list(dict.fromkeys(" ".join(word.split())[:60] for word in text.split(",")))
    found = [word for word in found if word]
    if len(found) > MOST:
        st.warning(TEXT("too-many-words", most=MOST, count=len(found)))
    return Targets(tuple(found[:MOST]), in_pieces)


def refusals(targets: Sequence[dict[str, Any]]) -> None:
    """Write why words are not scored, or that their score is of another kind.

    Args:
        targets: {"word", "pieces", "refused"} of each.
    """
    for one in targets:
        if one["refused"]:
            st.caption(f":material/block: {plain(one['refused'])}")
        elif len(one["pieces"]) > 1:
            pieces = plain(" + ".join(one["pieces"]))
            said = TEXT("several-pieces", word=plain(one["word"]), pieces=pieces)
            st.caption(f":material/extension: {said}")
