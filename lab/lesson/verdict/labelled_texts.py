"""What a classifier learns from: the lab's opinions or a table of one's own, and how many texts."""

from __future__ import annotations

import streamlit as st

from lab.classify.opinions import opinions
from lab.classify.reading import LIMIT, LabelError, read_labelled, to_table
from lab.classify.texts import Labelled
from lab.lesson.kit.keep import File
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.text import plain
from lab.lesson.verdict import TEXT

SHOWN = 3  # sentences of the texts, as an example
ALL = "All"
COUNTS = {"20": 20, "100": 100, "500": 500, ALL: 0}
OPINIONS, OWN = "Short opinions", "Your own table"
SOURCE = Choice("data", "Texts", (OPINIONS, OWN), look="select")
EXAMPLES = Choice(
    "examples", "Sentences to learn from", list(COUNTS), ALL, help=TEXT("examples-help")
)
KEYS = (SOURCE, EXAMPLES)


@st.cache_resource(max_entries=1, show_spinner=False)
def lab_opinions() -> Labelled:
    """Return the lab's opinions, drawn once."""
    return opinions()


@st.cache_resource(max_entries=8, show_spinner=False)
def _own(table: bytes, name: str) -> Labelled:
    return read_labelled(table, name)


def examples() -> int:
    """Return how many sentences are learned from, 0 for all."""
    return COUNTS[EXAMPLES.value]


def text_picker() -> Labelled | None:
    """Draw the choice of texts and of their number; return them, or None with what to do."""
    data = _uploaded() if SOURCE.draw() == OWN else lab_opinions()
    EXAMPLES.draw()
    if data is not None:
        _describe(data)
    return data


def _uploaded() -> Labelled | None:
    file = st.file_uploader(
        TEXT("upload"),
        key="own_table",
        type=["csv", "tsv", "txt"],
        max_upload_size=LIMIT // 10**6,
        help=TEXT("upload-help"),
    )
    st.caption(TEXT("table"))
    if file is None:
        _example()
        return None
    try:
        with st.spinner("Reading the table …"):
            return _own(file.getvalue(), file.name)
    except LabelError as error:
        st.error(plain(str(error)), icon=":material/description:")
        return None


def _example() -> None:
    File("An example to change", lambda: to_table(lab_opinions()), "opinions.csv").draw(
        "example_table"
    )


def _describe(data: Labelled) -> None:
    for remark in data.remarks:
        st.caption(plain(remark))
    lines = [
        f"- *{plain(text if len(text) < 90 else text[:88] + '…')}* → "
        f"**{plain(data.classes[label])}**"
        for text, label in list(zip(data.train.texts, data.train.labels, strict=True))[:SHOWN]
    ]
    st.markdown("\n".join(lines))
    train = len(data.train)
    figures = {
        "examples": f"{min(examples() or train, train):,}",
        "held_out": f"{len(data.held_out):,}",
        "new": f"{data.new.mean():.0%}",
        "train": f"{train:,}",
    }
    made = f"{TEXT('made')} " if data is lab_opinions() else ""
    st.caption(made + TEXT("split", **figures))
