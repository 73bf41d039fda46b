"""The student's sentence: translated by every run, greedily, at random, or with a beam."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice, Number, Words
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.translation import TEXT, alignment
from lab.runs import View

SENTENCE = Words("sentence", "Your sentence", most=500, help=TEXT("sentence-help"))
DECODING = Choice(
    "decoding",
    "Decoding",
    {"greedy": "Greedy", "sample": "Sampled", "beam": "Beam search"},
    help=TEXT("decoding-help"),
)
BEAM_WIDTH = Number("beam_width", "Beam width", 1, 10, 4, slider=True)
LENGTH_NORM = Number(
    "length_norm", "Length norm", 0.0, 1.0, 0.0, 0.1, TEXT("length-norm-help"), slider=True
)
TEMPERATURE = Number("warmth", "Temperature", 0.1, 3.0, 1.0, 0.1, slider=True)
KEYS = (SENTENCE, DECODING, BEAM_WIDTH, LENGTH_NORM, TEMPERATURE)
_SUGGESTED, _DRAWS = "sentence_preset", "sentence_draw"


def own_sentence(page: Experiment) -> None:
    """Draw the sentence, how to decode it, and what every run makes of it."""
    shown = page.shown
    suggested = page.chosen.sentence if page.chosen else ""
    if not suggested and shown:
        suggested = shown[0].run.live.get("prompt") or ""
    _suggest(suggested)
    left, right = st.columns([3, 2])
    with left:
        text = SENTENCE.draw()
    with right:
        _draw_decoding()
    alignment.INK.draw(label_visibility="collapsed")
    if not shown:
        st.caption(TEXT("train-to-translate"))
        return
    _follow(shown, text)
    if not text.strip():
        st.warning(TEXT("empty-sentence"), icon=":material/edit_off:")
        return
    _translations(shown)
    st.caption(TEXT("colours"))


def _suggest(sentence: str) -> None:
    # Other pairs bring their own sentence, unless the student or the link has given one.
    if not sentence:
        return
    if SENTENCE.value in ("", st.session_state.get(_SUGGESTED)):
        SENTENCE.take(sentence)
    st.session_state[_SUGGESTED] = sentence


def _draw_decoding() -> None:
    method = DECODING.draw()
    if method == "beam":
        BEAM_WIDTH.draw()
        LENGTH_NORM.draw()
    elif method == "sample":
        TEMPERATURE.draw()
        if st.button("Draw again", icon=":material/casino:", key="draw-again"):
            st.session_state[_DRAWS] = st.session_state.get(_DRAWS, 0) + 1


def _decoding() -> dict[str, Any]:
    method = DECODING.value
    if method == "beam":
        width, norm = int(BEAM_WIDTH.value), LENGTH_NORM.value
        return {"method": method, "width": width, "length_norm": norm}
    if method == "sample":
        draw = st.session_state.get(_DRAWS, 0)
        return {"method": method, "temperature": TEMPERATURE.value, "seed": draw}
    return {"method": "greedy"}


def translating(view: View) -> tuple[Hashable, Callable]:
    """Return key and sender of the question how a run translates the sentence."""
    return ask.asking(view, "translate", text=SENTENCE.value, **_decoding())


def _translations(shown: Sequence[View]) -> None:
    columns = st.columns(min(2, len(shown)), gap="medium")
    places = [columns[number % len(columns)].container() for number in range(len(shown))]
    for place, name in zip(places, names(shown), strict=True):
        place.markdown(f"**{plain(name)}**")
    answers = ask.several([(*translating(view), view.run.name) for view in shown], places)
    for place, view, answer in zip(places, shown, answers, strict=True):
        if answer is not None:
            with place:
                _show(answer, view)


def _show(answer: dict[str, Any], view: View) -> None:
    alignment.draw(answer["translation"], key=f"own-{view.run.id}")
    if len(answer["hypotheses"]) > 1:
        rows = [
            {"Sentence": other["text"], "log p": other["score"]} for other in answer["hypotheses"]
        ]
        st.dataframe(rows, hide_index=True, key=f"beam-{view.run.id}", height="content")
        st.caption(TEXT("beam"))


def _follow(shown: Sequence[View], text: str) -> None:
    # Runs under way show the sentence from their next look on.
    queue, session = service.run_queue(), service.session()
    for view in shown:
        own = view.run.status.alive and view.run.session == session
        if own and text.strip() and view.run.live.get("prompt") != text:
            queue.set_live(view.run.id, session, prompt=text)
