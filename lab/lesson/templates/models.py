"""Which models are asked for their scores: the lab's own, folders, runs, and recorded figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.lesson.asking import compute
from lab.lesson.lineup import plain
from lab.lesson.sources.picker import pick_models
from lab.lesson.sources.recorded import RECORDED, Recorded
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source
from lab.lesson.templates.lists import Asked

MOST = 2  # side by side
RECORDED_NAME = "Kurita's record of bert-base"
_MODULE = "lab.bias.kurita"
Found = list[tuple["Voice", dict[str, Any]]]


@dataclass(frozen=True)
class Voice:
    """A model whose scores can be asked for.

    Args:
        key: as it stands in the link.
        name: as it is offered.
        source: None for recorded figures.
    """

    key: str
    name: str
    source: Source | None = None

    def ask(self, asked: Asked) -> dict[str, Any] | None:
        """Return the answer of `lab.bias.kurita.ask`; None with the reason on the page."""
        if self.source is not None:
            return self.ask_given(asked.given)
        if not asked.published:
            st.caption(
                f"{plain(self.name)}: nothing for these sentences. The five published tests "
                "have figures, as long as nothing in them is changed."
            )
            return None
        return compute(_MODULE, "recorded_answer", key=asked.published, prior=asked.prior)

    def ask_given(self, given: dict[str, Any]) -> dict[str, Any] | None:
        """Return the same from the arguments of the question; not of recorded figures."""
        return self.source.ask(_MODULE, **given, **self.source.called)


def pick() -> list[Voice]:
    """Draw the choice of up to two models and return them."""
    more = " The record of Kurita et al. 2019 has the five published tests only."
    others = Recorded(RECORDED_NAME, compute)
    chosen = pick_models(Runs(("masked",)), MOST, "templates-models", others, more)
    return [Voice(s.key, s.name, s if s.key != RECORDED else None) for s in chosen]


def ask_all(voices: Sequence[Voice], asked: Asked) -> Found:
    """Return the models that answer with their answers; write what was left out."""
    found = []
    for voice in voices:
        answer = voice.ask(asked)
        if answer is None:
            continue
        found.append((voice, answer))
        for refused in answer["refused"]:
            st.caption(f":material/block: {plain(refused)}")
    return found
