"""The pair picker: the lab's own tasks, or pairs that the student brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from lab.lesson.kit.keys import Choice, Number
from lab.lesson.kit.text import plain
from lab.lesson.translation import TEXT
from lab.seq2seq import TASKS, PairCorpus, PairError, load, read_pairs

OWN = "own"
UPLOAD_MB = 10
PAIRS = Choice(
    "pairs",
    "Translate",
    {**{key: card.title for key, card in TASKS.items()}, OWN: "Your own pairs"},
    look="select",
)
COUNTS = {
    key: Number(
        f"count_{key}",
        "Training pairs",
        100,
        card.most,
        card.pairs,
        step=500,
        help=TEXT("count-help"),
    )
    for key, card in TASKS.items()
}
UNIT = Choice("unit", "Made of", {"word": "Words", "character": "Characters"})
KEYS = (PAIRS, *COUNTS.values(), UNIT)


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


def pair_picker(recommend: Callable[[int], None]) -> ChosenPairs | None:
    """Draw the picker and return the chosen pairs, or None with the reason on the page.

    Args:
        recommend: called with the steps in which the default model masters pairs just chosen.
    """
    key = PAIRS.draw(on_change=_recommend_steps, args=(recommend,))
    if key not in TASKS:
        return _own_pairs()
    card = TASKS[key]
    source, target = map(plain, card.example)
    st.caption(TEXT("task", description=card.description, source=source, target=target))
    corpus = _task(key, int(COUNTS[key].draw()))
    _say_split(corpus)
    return ChosenPairs(corpus, key, card.sentence)


def _recommend_steps(recommend: Callable[[int], None]) -> None:
    card = TASKS.get(PAIRS.value)
    if card is not None:
        recommend(card.steps)


def _own_pairs() -> ChosenPairs | None:
    unit = UNIT.draw()
    pasted = st.text_area(
        TEXT("own-pairs"),
        key="own_pairs",
        height=140,
        max_chars=1_000_000,
        placeholder=TEXT("own-pairs-example"),
    )
    file = st.file_uploader(
        TEXT("own-file", most=UPLOAD_MB), key="own_file", type=None, max_upload_size=UPLOAD_MB
    )
    gold = st.file_uploader(
        TEXT("own-gold"),
        key="own_gold",
        type=None,
        max_upload_size=UPLOAD_MB,
        help=TEXT("own-gold-help"),
    )
    st.caption(TEXT("expect"))
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
    _say_split(corpus)
    return ChosenPairs(corpus, "", corpus.source_text(corpus.held_out[0].source))


def _say_split(corpus: PairCorpus) -> None:
    train, held_out = f"{len(corpus.train):,}", f"{len(corpus.held_out):,}"
    st.caption(TEXT("split", train=train, held_out=held_out))


def look_for(chosen: ChosenPairs | None) -> list[str]:
    """Return what to watch for in the alignment of one of the lab's tasks."""
    if chosen is None or not chosen.source:
        return []
    return [TEXT("look-for", points=TASKS[chosen.source].look_for)]
