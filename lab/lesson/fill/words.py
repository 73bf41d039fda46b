"""The words that are compared in a blank, for the whole page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.lesson.lineup import plain

MOST = 12  # as in `lab.masked.targets`, which a page does not import: it reads with torch
DEFAULT = "he, she, they"


@dataclass(frozen=True)
class Words:
    """What is compared.

    Args:
        words: each once.
        in_pieces: whether words of several pieces are scored.
    """

    words: tuple[str, ...]
    in_pieces: bool

    @property
    def given(self) -> dict:
        """As arguments of a question."""
        return {"targets": list(self.words), "in_pieces": self.in_pieces}


def choose() -> Words:
    """Draw the list of words and return it, at most twelve."""
    text = st.text_input(
        "Words to compare in the blank",
        DEFAULT,
        key="words",
        max_chars=300,
        bind="query-params",
        help="Separated by commas, up to 12. A model that tells capitals gets one where a sentence "
        "begins.",
    )
    in_pieces = st.toggle(
        "Score words of several pieces",
        key="pieces",
        bind="query-params",
        help="The blank becomes one for each piece. The first piece is read with all hidden, the "
        "next with the first filled in, and so on; the logarithms are added. The number of blanks "
        "tells the length, so such a score cannot stand beside that of a word of one piece: it is "
        "marked, and left out of conditional probabilities.",
    )
    found = list(dict.fromkeys(" ".join(word.split())[:60] for word in text.split(",")))
    found = [word for word in found if word]
    if len(found) > MOST:
        st.warning(f"The first {MOST} of these {len(found)} words are compared.")
    return Words(tuple(found[:MOST]), in_pieces)


def refusals(told: list[dict]) -> None:
    """Write why words are not scored, or that their score is of another kind.

    Args:
        told: {"word", "pieces", "refused"} of each.
    """
    for one in told:
        if one["refused"]:
            st.caption(f":material/block: {plain(one['refused'])}")
        elif len(one["pieces"]) > 1:
            st.caption(
                f":material/extension: “{plain(one['word'])}” is "
                f"{plain(' + '.join(one['pieces']))}: a sum over its pieces, one after another; "
                "not to be compared with words of one piece."
            )
