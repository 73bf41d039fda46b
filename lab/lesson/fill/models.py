"""Which models are asked: the lab's own, folders, runs, and what was recorded of large ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lab.lesson.fill import TEXT
from lab.lesson.kit.text import plain
from lab.lesson.sources.picker import pick_models
from lab.lesson.sources.recorded import Recorded
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source, ask_each
from lab.masked import recorded

MOST = 3  # side by side
QUESTION = "lab.masked.blanks"
Answer = dict[str, Any]
Answers = list[tuple[Source, Answer]]


def pick() -> list[Source]:
    """Draw the choice of up to three models and return them."""
    figures = Recorded("Recorded BERTs", recorded_answer) if recorded.models() else None
    return pick_models(Runs(("masked",)), MOST, "fill-models", figures)


def recorded_answer(
    question: str,
    what: str,
    sentences: list[str],
    targets: Sequence[str] = (),
    k: int = 10,
    **given: Any,
) -> Any:
    """Return what `lab.masked.blanks` would, from recorded figures; None with the reason.

    Args:
        question: the module.
        what: "fill", "contrast" or "grid".
        sentences, targets, k: its arguments.
        given: others, which change nothing recorded.
    """
    for model in recorded.models():
        if what == "contrast":
            answer = model.contrast(sentences)
        elif what == "grid":
            answer = model.grid(sentences, targets)
        else:
            (sentence,) = sentences
            answer = model.fill(sentence, k, targets)
        if answer is not None:
            answer |= {"model": model.name, "source": model.source, "few": model.few}
            return [answer] if what == "fill" else answer
    st.caption(TEXT(f"not-recorded-{what}"))
    return None


def name_of(source: Source, answer: Answer) -> str:
    """Return whose answer it is: of recorded figures the model that was recorded."""
    return str(answer.get("model", source.name))


def ask_in_columns(
    sources: Sequence[Source], what: str, **given: Any
) -> list[tuple[DeltaGenerator, Source, Any]]:
    """Ask every model, and write in a column of each whose answer it is.

    Args:
        sources: one or more.
        what: see `lab.masked.blanks`.
        given: its arguments.

    Returns:
        Column, model and answer of each that answered; the others have the reason there.
    """
    columns = st.columns(len(sources), gap="medium")
    headings = [column.container() for column in columns]
    places = [column.container() for column in columns]
    answers = ask_each(sources, QUESTION, places=places, what=what, **given)
    for heading, source, answer in zip(headings, sources, answers, strict=True):
        with heading:
            _heading(source, answer[0] if isinstance(answer, list) else answer)
    found = zip(columns, sources, answers, strict=True)
    return [(column, source, answer) for column, source, answer in found if answer]


def _heading(source: Source, answer: Answer | None) -> None:
    # Of recorded figures, who recorded them.
    st.markdown(f"**{plain(name_of(source, answer or {}))}**")
    if answer is not None and "source" in answer:
        st.caption(TEXT("not-run-here", source=plain(answer["source"])))
