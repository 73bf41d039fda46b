"""A sentence of one's own: translated by every run, greedily, by chance, or with a beam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.asking import ask
from lab.lesson.lineup import plain
from lab.lesson.shown import names
from lab.lesson.translation import heatmap
from lab.runs import View

METHODS = {"greedy": "Greedy", "sample": "Sampled", "beam": "Beam search"}


def desk(shown: Sequence[View], default: str) -> None:
    """Draw the sentence, how to decode it, and what every run makes of it."""
    if not default and shown:
        default = shown[0].run.live.get("prompt") or ""
    _preset(default)
    left, right = st.columns([3, 2])
    with left:
        text = st.text_input(
            "Your sentence",
            key="sentence",
            max_chars=500,
            bind="query-params",
            help="In the language of the sources. Runs that train show it as they go on.",
        )
    with right:
        how = _method()
    heatmap.choose_ink()
    if not shown:
        st.caption("Train a model first: then it translates this sentence.")
        return
    _follow(shown, text)
    if not text.strip():
        st.warning("Write a sentence to translate.", icon=":material/edit_off:")
        return
    columns = st.columns(min(2, len(shown)), gap="medium")
    for place, (view, name) in enumerate(zip(shown, names(shown), strict=True)):
        with columns[place % len(columns)]:
            st.markdown(f"**{plain(name)}**")
            answer = ask(view, "translate", text=text, **how)
            if answer is not None:
                _show(answer, view)
    st.caption(heatmap.CONVENTION)


def _preset(default: str) -> None:
    # Other pairs bring their own sentence, unless the student or the link has given one.
    state, before = st.session_state, st.session_state.get("sentence_preset")
    given = state.get("sentence") or ("" if before else st.query_params.get("sentence"))
    if default and (not given or given == before):
        state["sentence"] = default
    if default:
        state["sentence_preset"] = default


def translated(view: View) -> dict[str, Any] | None:
    """Return the answer that the desk shows for a run, for the other parts of the page."""
    text = st.session_state.get("sentence") or ""
    if not text.strip():
        return None
    return ask(view, "translate", text=text, **_chosen())


def _method() -> dict[str, Any]:
    st.segmented_control(
        "Decoding",
        list(METHODS),
        format_func=METHODS.get,
        default="greedy",
        key="decoding",
        required=True,
        bind="query-params",
        help="Greedy takes the most probable token at each step. Sampled draws one. A beam keeps "
        "the best few beginnings and compares whole sentences.",
    )
    method = st.session_state.get("decoding") or "greedy"
    if method == "beam":
        st.slider("Beam width", 1, 10, 4, key="beam_width", bind="query-params")
        st.slider(
            "Length norm",
            0.0,
            1.0,
            0.0,
            0.1,
            key="length_norm",
            bind="query-params",
            help="Log-probabilities are divided by length to this power: 0 favours short "
            "sentences, 1 compares means per token.",
        )
    elif method == "sample":
        st.slider("Temperature", 0.1, 3.0, 1.0, 0.1, key="warmth", bind="query-params")
        if st.button("Draw again", icon=":material/casino:", key="draw-again"):
            st.session_state["sentence_draw"] = st.session_state.get("sentence_draw", 0) + 1
    return _chosen()


def _chosen() -> dict[str, Any]:
    state = st.session_state
    method = state.get("decoding") or "greedy"
    if method == "beam":
        width, norm = state.get("beam_width", 4), state.get("length_norm", 0.0)
        return {"method": "beam", "width": width, "length_norm": norm}
    if method == "sample":
        warmth, draw = state.get("warmth", 1.0), state.get("sentence_draw", 0)
        return {"method": "sample", "temperature": warmth, "seed": draw}
    return {"method": "greedy"}


def _show(answer: dict[str, Any], view: View) -> None:
    heatmap.draw(answer["translation"], key=f"own-{view.run.id}")
    if len(answer["hypotheses"]) > 1:
        rows = [
            {"Sentence": other["text"], "log p": other["score"]} for other in answer["hypotheses"]
        ]
        st.dataframe(rows, hide_index=True, key=f"beam-{view.run.id}", height="content")
        st.caption("The sentences of the beam, best first, with what they were ranked by.")


def _follow(shown: Sequence[View], text: str) -> None:
    # Runs under way show the sentence from their next look on.
    queue, session = service.run_queue(), service.session()
    for view in shown:
        mine = view.run.status.alive and view.run.session == session
        if mine and text.strip() and view.run.live.get("prompt") != text:
            queue.set_live(view.run.id, session, prompt=text)
