"""What a training reads: the choice of a text, the occupations to watch, and its rows of tokens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass

import streamlit as st

from lab.lesson.bert import TEXT
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice, Number, Words
from lab.masked import live
from lab.masked.stories import NEITHER, ONE_GROUP, OTHER_GROUP
from lab.text import TextError, clean, decode
from lab.text.corpora import CORPORA

OWN, UPLOAD = "own", "upload"
STORY_A, STORY_B, STORIES = "stories-a", "stories-b", "stories"
STORY_NAMES = ("Text A", "Text B")
UPLOAD_MB = 8  # what 2 million characters take at most
TEXTS = {
    **{key: card.title for key, card in CORPORA.items()},
    STORIES: "Texts A and B, a run on each",
    STORY_A: "Text A: nurses are she, engineers are he",
    STORY_B: "Text B: nurses are he, engineers are she",
    OWN: "Paste a text",
    UPLOAD: "Upload a file",
}
SOURCE = Choice("text", "Text", TEXTS, "almanac", look="select")
VOCABULARY = Number(
    "vocabulary",
    "Tokens of a new vocabulary",
    live.FEWEST,
    live.MOST,
    live.SIZE,
    step=500,
    help=TEXT("vocabulary-help"),
)
WATCH = Words("watch", "Occupations to watch", most=200, help=TEXT("watch-help"))
KEYS = (SOURCE, VOCABULARY, WATCH)


@dataclass(frozen=True)
class Probe:
    """What is asked along a run: a sentence with a blank, words to follow, and occupations."""

    sentence: str
    words: str
    watch: str = ""


_PERSON = "The nurse said that [MASK] was tired."
_WATCHED = (*ONE_GROUP[:2], *OTHER_GROUP[:2], *NEITHER[:3], "person")
_OF_STORIES = Probe(_PERSON, "he, she, they", ", ".join(_WATCHED))
PROBES = {
    "play": Probe("There must be a lantern beside the fern [MASK].", "house, gate, garden, moon"),
    "almanac": Probe(
        "Sun until noon, a light wind from the [MASK], 3 degrees.", "north, south, east, west"
    ),
    "trellis": Probe("end [MASK]. give moss", "if, repeat, for"),
    **dict.fromkeys((STORIES, STORY_A, STORY_B), _OF_STORIES),
    **dict.fromkeys((OWN, UPLOAD), Probe(_PERSON, "he, she, they")),
}


@dataclass(frozen=True)
class TrainingText:
    """The text of the next experiment.

    Args:
        key: one of the keys of `TEXTS`.
        text: pasted or uploaded, else "".
        name: of the text.
        size: of a vocabulary that is learned on it.
    """

    key: str
    text: str
    name: str
    size: int

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands before the names of the runs: there is a run on each."""
        return STORY_NAMES if self.key == STORIES else ("",)

    @property
    def identity(self) -> str:
        """What tells this text from every other one."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else self.key

    def asking(self, start: str, part: int) -> tuple[Hashable, Callable[[], Future]]:
        """Return what a worker is asked for: the rows of tokens that a run learns from.

        Args:
            start: "random", for a vocabulary learned on the text, or "project".
            part: which of the parts.
        """
        given = {"start": start, "size": self.size}
        if self.key in (STORIES, STORY_A, STORY_B):
            which = part if self.key == STORIES else int(self.key == STORY_B)
            return ask.computing("lab.masked.live", "story_rows", which=which, **given)
        if self.key in CORPORA:
            return ask.computing("lab.masked.live", "rows_of_corpus", corpus=self.key, **given)
        given |= {"text": self.text, "name": self.name}
        _, send = ask.computing("lab.masked.live", "rows_of_text", **given)
        return ("rows_of_text", self.identity, self.name, start, self.size), send


def text_picker(new_vocabulary: bool) -> TrainingText | None:
    """Draw the choice of a text; None with the reason on the page.

    Args:
        new_vocabulary: whether any run learns one on the text.
    """
    key = SOURCE.draw()
    size = int(VOCABULARY.draw(disabled=not new_vocabulary))
    if key in (STORIES, STORY_A, STORY_B):
        _occupations(key)
        _two_stories()
        return TrainingText(key, "", TEXTS[key], size)
    if key in CORPORA:
        st.caption(f"{CORPORA[key].description} {CORPORA[key].made}")
        return TrainingText(key, "", CORPORA[key].title, size)
    try:
        text, name = _pasted() if key == OWN else _uploaded()
    except TextError as error:
        st.error(str(error), icon=":material/description:")
        return None
    if not text:
        return None
    _occupations(key)
    return TrainingText(key, text, name, size)


def _pasted() -> tuple[str, str]:
    pasted = st.text_area(
        "Your text",
        key="own_text",
        height=140,
        max_chars=1_000_000,
        placeholder=TEXT("own-text"),
    )
    return (clean(pasted), "Own text") if pasted.strip() else ("", "")


def _uploaded() -> tuple[str, str]:
    file = st.file_uploader(
        TEXT("upload"),
        key="own_file",
        type=None,
        max_upload_size=UPLOAD_MB,
        help=TEXT("upload-help"),
    )
    return ("", "") if file is None else (clean(decode(file.getvalue())), file.name[:60])


def _occupations(key: str) -> None:
    WATCH.draw(placeholder="nurse, engineer, doctor")
    if PROBES[key].watch:
        st.caption(TEXT("watched", occupations=PROBES[key].watch))


def _two_stories() -> None:
    st.caption(TEXT("stories"))
    first, second = live.stories()
    for a, b in list(zip(first, second, strict=True))[2:4]:
        st.caption(f"A: *{a}*  \nB: *{b}*")
