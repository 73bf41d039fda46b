"""Which models are asked: the lab's own, folders, runs, and what was recorded of large ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.lesson.lineup import plain
from lab.lesson.sources.picker import pick_models
from lab.lesson.sources.recorded import RECORDED, Recorded
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source
from lab.masked import recorded

MOST = 3  # side by side
RECORDED_NAME = "Recorded BERTs"
_NOT_RECORDED = {
    "fill": "Recorded: nothing for this sentence. The buttons PhD, Jim and Jane have figures.",
    "contrast": "Recorded: nothing for these two sentences. The buttons above have figures.",
    "grid": "Recorded: nothing for this list. The button “Jim and Jane” has figures.",
}


@dataclass(frozen=True)
class Voice:
    """A model that can be asked about blanks.

    Args:
        key: as it stands in the link.
        name: as it is offered.
        source: None for recorded figures.
    """

    key: str
    name: str
    source: Source | None = None

    def begin(self, question: str, **given: Any) -> None:
        """Send a question, so that several models work at once; errors come with the answer."""
        if self.source is not None:
            self.source.begin("lab.masked.blanks", what=question, **given, **self.source.called)

    def ask(self, question: str, **given: Any) -> Any:
        """Return the answer to "fill", "contrast" or "grid"; None with the reason on the page.

        Args:
            question: see `lab.masked.blanks`.
            given: its arguments.
        """
        if self.source is not None:
            named = given | self.source.called
            return self.source.ask("lab.masked.blanks", what=question, **named)
        answer = _recorded(question, **given)
        if answer is None:
            st.caption(_NOT_RECORDED[question])
        return answer


def ask_all(voices: Sequence[Voice], question: str, **given: Any) -> None:
    """Send a question to every model before the first answer is waited for."""
    for voice in voices:
        voice.begin(question, **given)


def _recorded(question: str, sentences: list[str], **given: Any) -> Any:
    targets = given.get("targets", [])
    if question == "contrast":
        found = ((model, model.contrast(sentences)) for model in recorded.models())
    elif question == "grid":
        found = ((model, model.grid(sentences, targets)) for model in recorded.models())
    else:
        (sentence,) = sentences
        k = given.get("k", 10)
        found = ((model, model.fill(sentence, k, targets)) for model in recorded.models())
    for model, answer in found:
        if answer is not None:
            said = {"model": model.name, "source": model.source, "few": model.few}
            return [answer | said] if question == "fill" else answer | said
    return None


def pick() -> list[Voice]:
    """Draw the choice of up to three models and return them."""
    others = Recorded(RECORDED_NAME, _recorded) if recorded.models() else None
    chosen = pick_models(Runs(("masked",)), MOST, "fill-models", others)
    return [Voice(s.key, s.name, s if s.key != RECORDED else None) for s in chosen]


def ask_with_heading(voice: Voice, question: str, **given: Any) -> Any:
    """Ask as `Voice.ask` does, and write above the answer or the reason whose it is."""
    above = st.container()
    answer = voice.ask(question, **given)
    with above:
        _heading(voice, answer[0] if isinstance(answer, list) else answer)
    return answer


def _heading(voice: Voice, answer: dict[str, Any] | None) -> None:
    # Of recorded figures, who recorded them.
    if answer is not None and "source" in answer:
        st.markdown(f"**{plain(answer['model'])}**")
        st.caption(f"Not run here: {plain(answer['source'])}.")
    else:
        st.markdown(f"**{plain(voice.name)}**")
