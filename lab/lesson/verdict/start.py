"""Starting an experiment: the texts, how many of them, presets, the guess, the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from lab.classify.opinions import opinions
from lab.classify.reading import LIMIT, LabelError, read_labelled, to_table
from lab.classify.texts import Labelled
from lab.lesson import controls, starting
from lab.lesson.lineup import Entry, plain
from lab.lesson.submit import submit
from lab.lesson.verdict.catalogue import (
    ALL,
    CATALOGUE,
    EXAMPLES,
    FIRST,
    OPINIONS,
    OWN,
    PRESETS,
    SENTENCE,
    WORDS,
    Preset,
)

_SHOWN = 3  # sentences of the texts, as an example


def presets() -> None:
    """Draw the presets of the lesson."""
    starting.presets(PRESETS, _load)


def _load(preset: Preset) -> None:
    controls.replace(CATALOGUE, list(FIRST))
    st.session_state.update(data=preset.data, examples=preset.examples, measure=preset.measure)
    # The guess of another experiment means nothing here.
    st.session_state.pop("guess_pills", None)
    if preset.data != OWN:
        starting.start_at_once(CATALOGUE)


def set_up():
    """Return the container of the controls."""
    return starting.set_up("Set up the next experiment: texts, examples, models, budget")


@st.cache_resource(max_entries=1, show_spinner=False)
def lab_opinions() -> Labelled:
    """Return the lab's opinions, drawn once."""
    return opinions()


@st.cache_resource(max_entries=8, show_spinner=False)
def _own(data: bytes, name: str) -> Labelled:
    return read_labelled(data, name)


def data_picker() -> Labelled | None:
    """Draw the choice of texts and of their number; return them, or None with what to do."""
    kind = st.selectbox("Texts", (OPINIONS, OWN), key="data", bind="query-params")
    data = _uploaded() if kind == OWN else lab_opinions()
    st.segmented_control(
        "Sentences to learn from",
        list(EXAMPLES),
        default=ALL,
        key="examples",
        bind="query-params",
        required=True,
        help="Drawn by the seed, as many of each class as there can be. The held-out ones stay "
        "the same.",
    )
    if data is not None:
        _say(data)
    return data


def _uploaded() -> Labelled | None:
    file = st.file_uploader(
        "A table of two columns, text and label (CSV: comma, semicolon or tab)",
        key="own_table",
        type=["csv", "tsv", "txt"],
        max_upload_size=LIMIT // 10**6,
        help="It goes into the memory of this server, to no disk but that of the runs.",
    )
    st.caption(
        "At least 40 texts, 2 to 6 labels. A table is not part of the link: whoever opens the "
        "link needs the file."
    )
    if file is None:
        st.download_button(
            "An example to change",
            lambda: to_table(lab_opinions()),
            "opinions.csv",
            "text/csv",
            key="example_table",
            icon=":material/table:",
            on_click="ignore",
        )
        return None
    try:
        with st.spinner("Reading the table …"):
            return _own(file.getvalue(), file.name)
    except LabelError as error:
        st.error(plain(str(error)), icon=":material/description:")
        return None


def _say(data: Labelled) -> None:
    examples = EXAMPLES[st.session_state["examples"]] or len(data.train)
    for remark in data.remarks:
        st.caption(plain(remark))
    lines = [
        f"- *{plain(text if len(text) < 90 else text[:88] + '…')}* → "
        f"**{plain(data.classes[label])}**"
        for text, label in list(zip(data.train.texts, data.train.labels, strict=True))[:_SHOWN]
    ]
    st.markdown("\n".join(lines))
    made = "Drawn by rules, synthetic. " if data is lab_opinions() else ""
    st.caption(
        f"{made}**{min(examples, len(data.train)):,}** to learn from, **{len(data.held_out):,}** "
        f"held out to judge by; {data.new.mean():.0%} of these have a word that none of the "
        f"{len(data.train):,} others has."
    )


def question() -> str:
    """Return what is to be guessed."""
    chosen = st.session_state["examples"]
    many = "all sentences" if chosen == ALL else f"{chosen} sentences"
    return f"Which is most often right on held-out sentences after learning from {many}?"


def options(entries: Sequence[Entry]) -> list[str]:
    """Return the answers to choose from."""
    return [*CATALOGUE.labels(entries), WORDS]


def button(
    data: Labelled | None,
    entries: Sequence[Entry],
    budget: Mapping[str, float],
    guess: str | None,
) -> None:
    """Draw the start button; press it, and the runs are in the queue and in the link."""
    missing = "" if data is not None else "Choose a table that can be read first."
    if not starting.pressed(CATALOGUE, guess, missing):
        return
    examples = EXAMPLES[st.session_state["examples"]]
    settings = starting.settings_of(CATALOGUE, entries, budget, examples=examples)
    if settings is None:
        return
    watched = str(st.session_state.get("sentence") or SENTENCE)
    submit(CATALOGUE, entries, settings, data, {"prompt": watched}, guess)
