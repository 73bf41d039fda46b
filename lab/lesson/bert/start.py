"""Starting a training: presets, the text, the guess, the button."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lab.lesson import controls, starting
from lab.lesson.bert.catalogue import (
    CATALOGUE,
    FIRST,
    OWN,
    PRESETS,
    PROBES,
    STORIES,
    STORY_A,
    STORY_B,
    TEXTS,
    Preset,
)
from lab.lesson.lineup import Entry
from lab.lesson.submit import begun, enqueue
from lab.masked import live
from lab.masked.rows import Rows
from lab.text import TextError, clean, decode
from lab.text.corpora import CORPORA, load

LOSSES = ("Above 5", "4 to 5", "3 to 4", "Below 3")  # nats per token
STORY_NAMES = ("Text A", "Text B")


@dataclass(frozen=True)
class Chosen:
    """The text of the next experiment.

    Args:
        key: one of `TEXTS`.
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
        """What comes behind the names of the runs: there is a run on each."""
        return STORY_NAMES if self.key == STORIES else ("",)

    def rows(self, start: str, part: int) -> Rows:
        """Return what a run learns from; raises TextError."""
        if self.key in (STORIES, STORY_A, STORY_B):
            which = part if self.key == STORIES else int(self.key == STORY_B)
            return _story_rows(which, start, self.size)
        # A text of the project takes a second to write: not before it is needed.
        text = load(self.key) if self.key in CORPORA else self.text
        digest = hashlib.sha256(text.encode()).hexdigest()
        return _text_rows(digest, text, self.name, start, self.size)


@st.cache_resource(max_entries=8, show_spinner="Cutting the text into tokens …")
def _text_rows(digest: str, _text: str, name: str, start: str, size: int) -> Rows:
    return live.rows_of_text(_text, name, start, size)


@st.cache_resource(max_entries=4, show_spinner=False)
def _story_rows(which: int, start: str, size: int) -> Rows:
    return live.story_rows(which, start, size)


def presets() -> None:
    """Draw the presets of the lesson."""
    starting.presets(PRESETS, _load)


def _load(preset: Preset) -> None:
    controls.replace(CATALOGUE, list(preset.entries))
    st.session_state.update(text=preset.text, budget=preset.budget)
    st.session_state[preset.budget] = preset.amount
    for key in ("guess_pills", "probe", "follow", "watch"):  # of another experiment
        st.session_state.pop(key, None)
    starting.start_at_once(CATALOGUE)


def set_up():
    """Return the container of the controls."""
    return starting.set_up("Set up the next experiment: text, start, budget")


def text_picker() -> Chosen | None:
    """Draw the choice of a text; None with the reason on the page."""
    key = st.selectbox(
        "Text", list(TEXTS), index=1, format_func=TEXTS.get, key="text", bind="query-params"
    )
    size = st.number_input(
        "Tokens of a new vocabulary",
        live.FEWEST,
        live.MOST,
        live.SIZE,
        step=500,
        key="vocabulary",
        bind="query-params",
        disabled=all(e.kind == "project" for e in controls.current(CATALOGUE, FIRST)),
        help="Learned on the text (WordPiece) for a run that begins from random weights. A run "
        "that goes on from the project's weights keeps their vocabulary of 8,192 tokens.",
    )
    if key in (STORIES, STORY_A, STORY_B):
        _watched(key)
        _say_stories()
        return Chosen(key, "", TEXTS[key], size)
    try:
        text, name = _text(key)
    except TextError as error:
        st.error(str(error), icon=":material/description:")
        return None
    if text is None:
        return None
    if key not in CORPORA:
        _watched(key)
    return Chosen(key, text, name, size)


def _text(key: str) -> tuple[str | None, str]:
    if key in CORPORA:
        st.caption(f"{CORPORA[key].description} {CORPORA[key].made}")
        return "", CORPORA[key].title
    if key == OWN:
        pasted = st.text_area(
            "Your text",
            key="own_text",
            height=140,
            max_chars=1_000_000,
            placeholder="Paste a page or more of whole sentences. It stays on this machine.",
        )
        return (clean(pasted), "Own text") if pasted.strip() else (None, "")
    file = st.file_uploader(
        "A plain text file of up to 2 million characters",
        key="own_file",
        type=None,
        help="UTF-8 is best; other encodings are recognised or refused.",
    )
    return (None, "") if file is None else (clean(decode(file.getvalue())), file.name[:60])


def _watched(key: str) -> None:
    st.text_input(
        "Occupations to watch",
        key="watch",
        bind="query-params",
        max_chars=200,
        placeholder="nurse, engineer, doctor",
        help="Single words: log p(he)/p(she) for each, the mean of five sentences such as “The "
        "nurse said that [MASK] was tired.” At most 12.",
    )
    if PROBES[key].watch:
        st.caption(f"If you write nothing: {PROBES[key].watch}.")


def _say_stories() -> None:
    st.caption(
        "320 short sentences written by a generator of this project, the same in both texts but "
        "for the pronouns. Nurses, teachers, secretaries and librarians are one group; engineers, "
        "pilots, mechanics and plumbers the other. The sentences that are asked stand in neither."
    )
    first, second = live.stories()
    for a, b in list(zip(first, second, strict=True))[2:4]:
        st.caption(f"A: *{a}*  \nB: *{b}*")


def question(chosen: Chosen | None, entries: Sequence[Entry]) -> tuple[str, list[str]]:
    """Return what is to be guessed, and the options."""
    labels = run_names(chosen, entries)
    if chosen and chosen.key == STORIES and len(entries) == 1:
        return (
            "Both texts have the same sentences. Which moves *nurse* further from where the model "
            "is now?",
            labels,
        )
    if len(labels) > 1:
        return "Which is more often right with its first guess in the end?", labels
    if entries[0].kind == "project":
        return "Will it be worse at everyday sentences after this text?", [WORSE, NO_WORSE]
    return (
        "How far will the loss fall? Guessing by lot among 2,000 tokens costs 7.6 nats.",
        list(LOSSES),
    )


WORSE, NO_WORSE = "Worse", "As good as before"


def run_names(chosen: Chosen | None, entries: Sequence[Entry]) -> list[str]:
    """Return the names of the runs of an experiment: of each entry on each text."""
    parts, labels = chosen.parts if chosen else ("",), CATALOGUE.labels(entries)
    if parts == STORY_NAMES and len(labels) == 1:  # short: they stand in every legend
        return list(parts)
    return [f"{part}: {label}" if part else label for label in labels for part in parts]


def button(
    chosen: Chosen | None, entries: Sequence[Entry], budget: Mapping[str, float], guess: str | None
) -> None:
    """Draw the start button; press it, and the runs are in the queue and in the link."""
    missing = "" if chosen else "Choose a text first."
    if chosen and len(run_names(chosen, entries)) > controls.MOST:
        missing = "A run on each text for each model: at most six runs. Remove a model."
    if starting.pressed(CATALOGUE, guess, missing):
        _start(chosen, entries, budget, guess)


def _start(chosen: Chosen, entries, budget, guess: str | None) -> None:
    probe = PROBES[chosen.key]
    asked = {
        "prompt": (st.session_state.get("probe") or probe.sentence)[:300],
        "words": (st.session_state.get("follow") or probe.words)[:200],
    }
    watch = st.session_state.get("watch") or probe.watch
    settings = starting.settings_of(CATALOGUE, entries, budget, watch=watch, **asked)
    if settings is None:
        return
    names, ids = iter(run_names(chosen, entries)), []
    for entry, one in zip(entries, settings, strict=True):
        for part in range(len(chosen.parts)):
            try:
                rows = chosen.rows(entry.kind, part)
            except TextError as error:
                st.error(str(error), icon=":material/description:")
                return
            ids += enqueue([next(names)], [one], rows, asked)
    begun(CATALOGUE, ids, guess)
