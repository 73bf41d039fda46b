"""The pair picker: the lab's own tasks, or pairs of one's own."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.lesson.lineup import plain
from lab.seq2seq import TASKS, PairCorpus, PairError, load, read_pairs

OWN = "own"
_CHOICES = {**{key: card.title for key, card in TASKS.items()}, OWN: "Your own pairs"}
_UNITS = {"word": "Words", "character": "Characters"}


@dataclass(frozen=True)
class ChosenPairs:
    """What the student chose.

    Args:
        corpus: the pairs.
        source: key of one of the lab's tasks, "" for own pairs.
        sentence: a source sentence to watch.
    """

    corpus: PairCorpus
    source: str
    sentence: str


@st.cache_resource(max_entries=8, show_spinner=False)
def _task(key: str, pairs: int) -> PairCorpus:
    return load(key, pairs or None)


@st.cache_resource(max_entries=8, show_spinner=False)
def _own(data: bytes, name: str, unit: str, gold: bytes | None) -> PairCorpus:
    return read_pairs(data, name, unit, gold)


def pair_picker() -> ChosenPairs | None:
    """Draw the picker and return the chosen pairs, or None with the reason on the page."""
    key = st.selectbox(
        "Translate",
        list(_CHOICES),
        format_func=_CHOICES.get,
        key="pairs",
        bind="query-params",
        on_change=_recommend,
    )
    if key not in TASKS:
        return _own_pairs()
    card = TASKS[key]
    source, target = card.example
    st.caption(f"{card.description} Such as: {plain(source)} → {plain(target)}")
    count = st.number_input(
        "Training pairs",
        100,
        card.most,
        card.pairs,
        step=500,
        key=f"count_{key}",
        bind="query-params",
        help="A tenth as many more are held out: the models are judged on those alone.",
    )
    corpus = _task(key, count)
    _say(corpus)
    return ChosenPairs(corpus, key, card.sentence)


def _recommend() -> None:
    # Other pairs need other budgets: those that the default model masters them with.
    card = TASKS.get(st.session_state["pairs"])
    if card is not None:
        st.session_state["steps"] = card.steps


def _own_pairs() -> ChosenPairs | None:
    unit = st.segmented_control(
        "Made of",
        list(_UNITS),
        format_func=_UNITS.get,
        default="word",
        key="unit",
        bind="query-params",
        required=True,
    )
    pasted = st.text_area(
        "Pairs, one a line: source, a tab (or |||), target",
        key="own_pairs",
        height=140,
        max_chars=1_000_000,
        placeholder="good morning ||| bonjour\nthank you ||| merci\n… at least 20 of them. "
        "They stay on this machine.",
    )
    file = st.file_uploader(
        "or a file of pairs (TSV or |||), up to 10 MB", key="own_file", type=None
    )
    gold = st.file_uploader(
        "Gold alignments, if there are any: a line for each pair, such as 1-1 2p3",
        key="own_gold",
        type=None,
        help="i-j is a sure link from source word i to target word j, ipj a possible one, both "
        "counted from 1. With them the alignment error rate is measured.",
    )
    st.caption(
        "What to expect: a network of this size masters rules, not a language. On real sentence "
        "pairs (Tatoeba, Multi30k) it gets 5 to 11 of 100 unseen sentences exactly right in class "
        "time; the diagonal of the alignment shows when it **may not look at </s>** (see the "
        "model's menu)."
    )
    data = file.getvalue() if file else pasted.encode("utf-8", "replace")
    if not data.strip():
        return None
    try:
        name = file.name[:60] if file else "Own pairs"
        with st.spinner("Reading the pairs …"):
            corpus = _own(data, name, unit, gold.getvalue() if gold else None)
    except PairError as error:
        st.error(plain(str(error)), icon=":material/description:")
        return None
    for remark in corpus.remarks:
        st.caption(plain(remark))
    _say(corpus)
    return ChosenPairs(corpus, "", corpus.source_text(corpus.held_out[0].source))


def _say(corpus: PairCorpus) -> None:
    st.caption(
        f"**{len(corpus.train):,}** pairs to learn from, **{len(corpus.held_out):,}** held out "
        "to judge by: none of their sources is among the first."
    )


def look_for(chosen: ChosenPairs | None) -> list[str]:
    """Return what to watch for in the alignment of one of the lab's tasks."""
    if chosen is None or not chosen.source:
        return []
    return ["**In this alignment.** " + TASKS[chosen.source].look_for]
