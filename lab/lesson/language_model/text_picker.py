"""The text picker: the project's texts, a pasted one, an uploaded one; the split explained."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.lesson.kit.keys import Choice, Number
from lab.lesson.language_model import TEXT
from lab.text import Corpus, TextError, clean, decode
from lab.text.corpora import CORPORA, load

OWN, UPLOAD = "own", "upload"
UPLOAD_MB = 10
SOURCE = Choice(
    "text",
    "Text",
    {
        **{key: card.title for key, card in CORPORA.items()},
        OWN: "Paste a text",
        UPLOAD: "Upload a file",
    },
    look="select",
)
TOKENIZER = Choice(
    "tokenizer",
    "Predict the next",
    {"character": "Characters", "word": "Words"},
    help=TEXT("tokenizer-help"),
)
CHARACTERS = Number(
    "characters",
    "Use only the first characters (0 for all)",
    0,
    max(card.characters for card in CORPORA.values()),
    0,
    step=1_000,
    help=TEXT("characters-help"),
)


@dataclass(frozen=True)
class ChosenText:
    """What the student chose.

    Args:
        corpus: the text, split and numbered.
        source: key of one of the project's texts, or "" for the student's own.
        prompt: how it begins.
        characters: how much of one of the project's texts is used, 0 for all.
    """

    corpus: Corpus
    source: str
    prompt: str
    characters: int = 0


@st.cache_resource(max_entries=12, show_spinner=False)
def _corpus(text: str, tokenizer: str, name: str) -> Corpus:
    return Corpus.from_text(text, tokenizer, name=name)


def text_picker() -> ChosenText | None:
    """Draw the picker and return the chosen text, or None with the reason on the page."""
    source = SOURCE.draw()
    tokenizer = TOKENIZER.draw()
    characters = 0
    try:
        if source in CORPORA:
            characters = _first_characters(source)
            text, name = _of_project(source, characters)
        else:
            text, name = _pasted() if source == OWN else _uploaded()
        if not text:
            return None
        with st.spinner("Reading the text …"):
            corpus = _corpus(text, tokenizer, name)
    except TextError as error:
        st.error(str(error), icon=":material/description:")
        return None
    _explain_split(corpus)
    if source in CORPORA:
        return ChosenText(corpus, source, CORPORA[source].prompt, characters)
    return ChosenText(corpus, "", text[:12])


def _first_characters(source: str) -> int:
    card = CORPORA[source]
    st.caption(f"{card.description} {card.made}")
    if CHARACTERS.value > card.characters:  # of a longer text, or of a link
        CHARACTERS.take(card.characters)
    return int(CHARACTERS.draw(high=card.characters))


def _of_project(source: str, characters: int) -> tuple[str, str]:
    title = CORPORA[source].title
    if not characters:
        return load(source), title
    return load(source)[:characters], f"{title}, first {characters:,} characters"


def _pasted() -> tuple[str, str]:
    pasted = st.text_area(
        "Your text",
        key="own_text",
        height=160,
        max_chars=1_000_000,
        placeholder=TEXT("own-text"),
    )
    return (clean(pasted), "Own text") if pasted.strip() else ("", "")


def _uploaded() -> tuple[str, str]:
    file = st.file_uploader(
        f"A plain text file, up to {UPLOAD_MB} MB",
        key="own_file",
        type=None,
        max_upload_size=UPLOAD_MB,
        help=TEXT("upload-help"),
    )
    if file is None:
        return "", ""
    return clean(decode(file.getvalue())), file.name[:60]


def look_for(chosen: ChosenText | None) -> list[str]:
    """Return what to watch for in samples of one of the project's texts, the easy things first."""
    if chosen is None or not chosen.source:
        return []
    return [TEXT("look-for", points=" ".join(CORPORA[chosen.source].look_for))]


def _explain_split(corpus: Corpus) -> None:
    unit = "characters" if corpus.tokenizer.kind == "character" else "words"
    train, held_out = f"{len(corpus.train):,}", f"{len(corpus.validation):,}"
    different = f"{corpus.vocabulary_size:,}"
    st.caption(
        TEXT("split", train=train, held_out=held_out, unit=unit, different=different),
        help=TEXT("split-help"),
    )
    if unit == "words":
        unknown = corpus.tokenizer.unknown_share(corpus.validation)
        st.caption(TEXT("unknown-words", share=f"{unknown:.1%}"))
