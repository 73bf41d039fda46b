"""The word and its sentences: the lab's, and the student's own."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lab.attention.senses import (
    LONGEST_NAME,
    WORDS,
    SensesError,
    Sentence,
    check,
    load,
    read,
    span_of,
)
from lab.lesson.kit.keys import Switch, Words
from lab.lesson.kit.text import plain
from lab.lesson.senses import TEXT

OWN_CHARACTERS = 8_000  # all of them stand in the link
WORD = Words("word", "Word", "bank", LONGEST_NAME)
OWN = Words("word_own", TEXT("own"), "", OWN_CHARACTERS, TEXT("own-help"), area=True)
ONLY_OWN = Switch("word_only", "Only my own", help=TEXT("only-help"))


@dataclass(frozen=True)
class Sentences:
    """What is to be compared.

    Args:
        word: that all sentences have.
        sentences: checked.
        own: what the student wrote, as it was typed.
        only_own: whether the lab's sentences are left out.
    """

    word: str
    sentences: list[Sentence]
    own: str = ""
    only_own: bool = False

    @property
    def senses(self) -> list[str]:
        """The different senses, in the order in which they come."""
        return list(dict.fromkeys(sentence.sense for sentence in self.sentences))


def choose() -> Sentences | None:
    """Draw the word and the student's own sentences; None with the reason on the page."""
    word = WORD.draw().strip()
    with st.expander("Your own sentences", icon=":material/edit_note:"):
        own = OWN.draw(height=120, placeholder=TEXT("own-example"))
        only = ONLY_OWN.draw(disabled=word.lower() not in WORDS)
    return _checked(word, own, only)


def _checked(word: str, own: str, only: bool) -> Sentences | None:
    with_ours = word.lower() in WORDS and not only
    try:
        ours, theirs = load(word.lower()) if with_ours else [], read(own)
        if with_ours:  # a student who looks at another word keeps what was written for the first
            theirs = _with_word(theirs, word)
        sentences = [*ours, *theirs]
        check(sentences, word)
    except SensesError as error:
        st.error(plain(str(error)), icon=":material/edit_off:")
        return None
    return Sentences(word, sentences, own, not with_ours)


def _with_word(sentences: list[Sentence], word: str) -> list[Sentence]:
    kept = [sentence for sentence in sentences if span_of(sentence.text, word)]
    if len(kept) < len(sentences):
        st.caption(TEXT("other-words", count=len(sentences) - len(kept), word=plain(word)))
    return kept


def show(chosen: Sentences) -> None:
    """Draw all sentences with their senses."""
    rows = pd.DataFrame([{"Sense": s.sense, "Sentence": s.text} for s in chosen.sentences])
    st.dataframe(
        rows,
        hide_index=True,
        key="words-all",
        height=250,
        column_config={
            "Sense": st.column_config.TextColumn(width=90),
            "Sentence": st.column_config.TextColumn(width=620),
        },
    )
