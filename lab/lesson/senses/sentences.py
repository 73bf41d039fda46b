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
from lab.lesson.lineup import plain

_OWN_CHARACTERS = 8_000  # all of them stand in the link


@dataclass(frozen=True)
class Chosen:
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


def presets() -> None:
    """Draw a button for each word that the lab has sentences for."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Start with**", width="content")
        for word in WORDS:
            senses = list(dict.fromkeys(sentence.sense for sentence in load(word)))
            st.button(
                word,
                key=f"word-{word}",
                help=f"Senses: {', '.join(senses)}.",
                on_click=_take,
                args=(word,),
            )


def _take(word: str) -> None:
    st.session_state["word"] = word
    st.session_state["word_only"] = False


def choose() -> Chosen | None:
    """Draw the word and the student's own sentences; None with the reason on the page."""
    word = st.text_input(
        "Word", "bank", key="word", max_chars=LONGEST_NAME, bind="query-params"
    ).strip()
    with st.expander("Your own sentences", icon=":material/edit_note:"):
        own = st.text_area(
            "One sentence in each line, `sense | sentence`",
            key="word_own",
            height=120,
            max_chars=_OWN_CHARACTERS,
            bind="query-params",
            placeholder="river | The boat lay on the bank.\nmoney | Her bank is closed on Mondays.",
            help="Each has the word, in this form. Without a sense a sentence is shown, and not "
            "counted. For a word of your own, write at least three sentences.",
        )
        only = st.toggle(
            "Only my own",
            key="word_only",
            bind="query-params",
            disabled=word.lower() not in WORDS,
            help="Leave out the lab's sentences.",
        )
    return _checked(word, own, only)


def _checked(word: str, own: str, only: bool) -> Chosen | None:
    with_ours = word.lower() in WORDS and not only
    try:
        ours, mine = load(word.lower()) if with_ours else [], read(own)
        if with_ours:  # a student who looks at another word keeps what was written for the first
            mine = _with_word(mine, word)
        sentences = [*ours, *mine]
        check(sentences, word)
    except SensesError as error:
        st.error(plain(str(error)), icon=":material/edit_off:")
        return None
    return Chosen(word, sentences, own, not with_ours)


def _with_word(sentences: list[Sentence], word: str) -> list[Sentence]:
    kept = [sentence for sentence in sentences if span_of(sentence.text, word)]
    if len(kept) < len(sentences):
        st.caption(
            f"{len(sentences) - len(kept)} of your own sentences are left out: they do not have "
            f"“{plain(word)}” in this form."
        )
    return kept


def listed(chosen: Chosen) -> None:
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
