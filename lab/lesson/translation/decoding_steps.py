"""One decoding, step by step, forwards and back, with all the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from lab.charts.decoding import probability_bars, strip, token_bars
from lab.lesson import pictures
from lab.lesson.kit import ask
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.translation import TEXT, alignment, equations
from lab.lesson.translation.own_sentence import SENTENCE, translating
from lab.runs import View

_STEP = "step_at"  # of the session: which step is looked at, 1 for the first
_FORCED = "forced"  # of the session: the beginning that the student had written


def decoding_steps(shown: Sequence[View]) -> None:
    """Let the student go through the translation of the sentence, token by token."""
    if not shown:
        st.caption(TEXT("train-to-step"))
        return
    labels = names(shown)
    attending = [n for n, view in enumerate(shown) if view.run.settings.get("score") != "none"]
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox(
            "Model",
            range(len(shown)),
            index=(attending or [0])[0],
            format_func=lambda place: labels[place],
            key="stepped",
        )
    view = shown[chosen]
    if not SENTENCE.value.strip():
        st.caption(TEXT("sentence-first"))
        return
    answer = _answer(view)
    if answer is None:
        st.caption(TEXT("not-translated"))
        return
    with right:
        at = _place(len(answer["steps"]))
    _step(view, answer, at)


def _answer(view: View) -> dict[str, Any] | None:
    forced, text = st.session_state.get(_FORCED), SENTENCE.value
    if forced and forced["run"] == view.run.id and forced["text"] == text:
        return ask.of_run(view, "translate", text=text, prefix=forced["prefix"])
    return ask.known(translating(view)[0])  # asked under "Your sentence", and said there if refused


def _place(length: int) -> int:
    # A shorter translation than the one before must not be overrun.
    state = st.session_state
    state[_STEP] = min(max(1, state.get(_STEP, 1)), length)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Back",
            icon=":material/skip_previous:",
            key="step-back",
            on_click=_move,
            args=(-1, length),
            disabled=state[_STEP] <= 1,
        )
        st.button(
            "Forward",
            icon=":material/skip_next:",
            key="step-forward",
            type="primary",
            on_click=_move,
            args=(1, length),
            disabled=state[_STEP] >= length,
        )
        st.markdown(f"Step **{state[_STEP]}** of {length}")
    return state[_STEP] - 1


def _move(by: int, length: int) -> None:
    state = st.session_state
    state[_STEP] = min(max(1, state.get(_STEP, 1) + by), length)


def _step(view: View, answer: dict[str, Any], at: int) -> None:
    shown, step = answer["translation"], answer["steps"][at]
    read, chosen = plain(step["read"]), plain(step["chosen"])
    st.markdown(TEXT("reads-and-writes", read=read, chosen=chosen, p=f"{step['probability']:.3f}"))
    left, middle, right = st.columns(3, gap="medium")
    with left:
        if step["query"] is not None:
            before = "" if answer["look"] == "after" else TEXT("state-before")
            st.markdown(TEXT("state", before=before))
            pictures.show(strip(step["query"], "state s, one cell a unit"), "step-state")
        _scores(answer, step)
    with middle:
        _weights(answer, step)
    with right:
        _output(step)
        _another_token(view, shown, step, at)
    if shown["weights"] is not None:
        with st.expander("The alignment so far"):
            end = at + 1
            so_far = {"target": shown["target"][:end], "weights": shown["weights"][:end]}
            alignment.draw({**shown, **so_far}, key="step-alignment", marked=at)


def _scores(answer: dict[str, Any], step: dict[str, Any]) -> None:
    if step["weights"] is None:
        st.info(TEXT("no-scores"), icon=":material/visibility_off:")
        return
    source, name = answer["translation"]["source"], answer["score"]
    st.markdown(TEXT("scores", name=name))
    st.latex(equations.score(name, answer["look"]))
    if step["scores"] is None:
        st.caption(TEXT("scores-in-heads"))
        return
    best = int(np.argmax(step["weights"]))
    pictures.show(
        token_bars(source, step["scores"], "score e", best, width=pictures.third()), "step-scores"
    )
    st.latex(equations.dot_product(name, answer["look"], best, step["terms"]))
    token, terms = plain(source[best]), len(step["terms"][0])
    st.caption(TEXT("scores-in-numbers", place=best + 1, token=token, terms=terms))


def _weights(answer: dict[str, Any], step: dict[str, Any]) -> None:
    if step["weights"] is None:
        return
    source, weights = answer["translation"]["source"], step["weights"]
    best = int(np.argmax(weights))
    st.markdown(TEXT("softmax"))
    pictures.show(
        token_bars(source, weights, "attention weight w", best, (0, 1), pictures.third()),
        "step-weights",
    )
    if step["scores"] is not None:
        st.latex(equations.weight(step, best))
    st.markdown(TEXT("context"))
    st.latex(equations.context(weights))
    if step["context"] is not None:
        _context(weights, step["context"])


def _context(weights: Sequence[float], context: Sequence[float]) -> None:
    pictures.show(strip(context, "context c, one cell a unit"), "step-context")
    length, many = float(np.linalg.norm(context)), len(weights)
    figures = {"length": f"{length:.2f}", "shorter": f"{length / many:.2f}"}
    st.caption(TEXT("context-mean", total=f"{sum(weights):.3f}", many=many, **figures))


def _output(step: dict[str, Any]) -> None:
    st.markdown(TEXT("distribution"))
    tokens, chances = zip(*step["top"], strict=True)
    pictures.show(
        probability_bars(list(tokens), list(chances), step["chosen"], pictures.third()),
        "step-output",
    )
    st.caption(TEXT("most-probable"))


def _another_token(view: View, shown: dict[str, Any], step: dict[str, Any], at: int) -> None:
    others = [token for token, _ in step["top"] if token != step["chosen"]]
    other = st.selectbox(
        "Write another token here",
        ["", *others],
        key=f"other-{view.run.id}-{at}-{step['chosen']}",
        format_func=lambda token: token or "(as the model chose)",
        help=TEXT("another-token-help"),
    )
    state = st.session_state
    if other:
        prefix = [*shown["target"][:at], other]
        state[_FORCED] = {"run": view.run.id, "text": SENTENCE.value, "prefix": prefix}
        st.rerun()
    if state.get(_FORCED):
        st.button(
            "Back to the model's own translation",
            key="unforce",
            on_click=lambda: state.pop(_FORCED, None),
        )
