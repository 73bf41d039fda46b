"""The text picker: the project's texts, a pasted one, an uploaded one; the split explained."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.text import Corpus, TextError, clean, decode
from lab.text.corpora import CORPORA, load

OWN, UPLOAD = "own", "upload"
_CHOICES = {
    **{key: card.title for key, card in CORPORA.items()},
    OWN: "Paste a text",
    UPLOAD: "Upload a file",
}
TOKENIZERS = {"character": "Characters", "word": "Words"}


@dataclass(frozen=True)
class ChosenText:
    """What the student chose: the corpus, how to name it in code, and how it begins."""

    corpus: Corpus
    source: str
    prompt: str


@st.cache_resource(max_entries=12, show_spinner=False)
def _corpus(text: str, tokenizer: str, name: str) -> Corpus:
    return Corpus.from_text(text, tokenizer, name=name)


def text_picker() -> ChosenText | None:
    """Draw the picker and return the chosen text, or None with the reason on the page."""
    key = st.selectbox(
        "Text", list(_CHOICES), format_func=_CHOICES.get, key="text", bind="query-params"
    )
    tokenizer = st.segmented_control(
        "Predict the next",
        list(TOKENIZERS),
        format_func=TOKENIZERS.get,
        default="character",
        key="tokenizer",
        bind="query-params",
        required=True,
        help="One character at a time, or one word at a time (the 8,000 most frequent words).",
    )
    try:
        text, name = _text(key)
        if text is None:
            return None
        with st.spinner("Reading the text …"):
            corpus = _corpus(text, tokenizer, name)
    except TextError as error:
        st.error(str(error), icon=":material/description:")
        return None
    _say_split(corpus)
    source = key if key in CORPORA else ""
    prompt = CORPORA[key].prompt if key in CORPORA else text[:12]
    return ChosenText(corpus, source, prompt)


def _text(key: str) -> tuple[str | None, str]:
    if key in CORPORA:
        card = CORPORA[key]
        st.caption(f"{card.description} {card.made}")
        limit = st.number_input(
            "Use only the first characters (0 for all)",
            0,
            card.characters,
            0,
            step=1_000,
            key="characters",
            bind="query-params",
            help="A small text is learned by heart: that is how to see overfitting.",
        )
        if not limit:
            return load(key), card.title
        return load(key)[:limit], f"{card.title}, first {limit:,} characters"
    if key == OWN:
        pasted = st.text_area(
            "Your text",
            key="own_text",
            height=160,
            max_chars=1_000_000,
            placeholder="Paste at least a few pages: a story, lyrics, code, chat … "
            "It stays on this machine.",
        )
        return (clean(pasted), "Own text") if pasted.strip() else (None, "")
    file = st.file_uploader(
        "A plain text file, up to 10 MB",
        key="own_file",
        type=None,
        help="UTF-8 is best; other encodings are recognised or refused.",
    )
    if file is None:
        return None, ""
    return clean(decode(file.getvalue())), file.name[:60]


def look_for(chosen: ChosenText | None) -> list[str]:
    """Return what to watch for in samples of one of the project's texts, the easy things first."""
    if chosen is None or not chosen.source:
        return []
    points = CORPORA[chosen.source].look_for
    return ["**In this text**, the easy things first: " + " ".join(points)]


def _say_split(corpus: Corpus) -> None:
    train, held_out = len(corpus.train), len(corpus.validation)
    unit = "characters" if corpus.tokenizer.kind == "character" else "words"
    st.caption(
        f"**{train:,}** {unit} to learn from, the last **{held_out:,}** held out to judge by; "
        f"{corpus.vocabulary_size:,} different {unit}.",
        help="The held-out part is one piece at the end. Were it lines drawn from all over the "
        "text, their neighbours would be in the training part, with the same names and phrases: "
        "the model would have seen half of the answer. That is called leakage, and it makes a "
        "validation loss look better than the model is.",
    )
    if unit == "words":
        unknown = corpus.tokenizer.unknown_share(corpus.validation)
        st.caption(
            f"{unknown:.1%} of the held-out words are not among them and count as one word, "
            "`<unk>`, which is easy to predict: bits per character look better than they are."
        )
