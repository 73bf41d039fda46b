"""Which models are asked for their scores: the lab's own, folders, runs, and recorded figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lab.lesson.kit import ask
from lab.lesson.kit.text import plain
from lab.lesson.sources.picker import pick_models
from lab.lesson.sources.recorded import Recorded
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source, ask_each
from lab.lesson.templates import TEXT
from lab.lesson.templates.bias_tests import BiasTest, published_key

MOST = 2  # side by side
QUESTION = "lab.bias.kurita"
NAME = "Kurita's record of bert-base"
Answer = dict[str, Any]
Answers = list[tuple[Source, Answer]]


def pick() -> list[Source]:
    """Draw the choice of up to two models and return them."""
    more = " " + TEXT("models-help")
    figures = Recorded(NAME, recorded_answer)
    return pick_models(Runs(("masked",)), MOST, "templates-models", figures, more)


def recorded_answer(question: str, **given: Any) -> Answer | None:
    """Return what was recorded for a published test; None with the reason for any other.

    Args:
        question: the module that a model is asked by.
        given: `BiasTest.given`.
    """
    key = published_key(given["templates"], given["attributes"])
    if not key:
        st.caption(TEXT("not-recorded", model=plain(NAME)))
        return None
    return ask.compute(question, "recorded_answer", key=key, prior=given["prior"])


def answers_of(sources: Sequence[Source], test: BiasTest) -> Answers:
    """Return the models that answer with their answers; write what was left out."""
    answers = ask_each(sources, QUESTION, **test.given)
    found = [(one, answer) for one, answer in zip(sources, answers, strict=True) if answer]
    for _, answer in found:
        for refused in answer["refused"]:
            st.caption(f":material/block: {plain(refused)}")
    return found
