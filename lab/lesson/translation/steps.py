"""One decoding, step by step, forwards and back, with all the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from lab.charts.decoding import probability_bars, strip, token_bars
from lab.lesson import pictures
from lab.lesson.asking import ask
from lab.lesson.lineup import plain
from lab.lesson.shown import names
from lab.lesson.translation import equations, heatmap
from lab.lesson.translation.sentence import translated
from lab.runs import View


def through(shown: Sequence[View]) -> None:
    """Let the student go through the translation of the sentence, token by token."""
    if not shown:
        st.caption("Train a model first: then its decoding can be stepped through.")
        return
    labels = names(shown)
    attending = [i for i, v in enumerate(shown) if v.run.settings.get("score") != "none"]
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
    answer = _answer(view)
    if answer is None:
        st.caption("Write a sentence under 'Your sentence' first.")
        return
    steps = answer["steps"]
    with right:
        at = _place(len(steps))
    _step(view, answer, at)


def _answer(view: View) -> dict[str, Any] | None:
    forced = st.session_state.get("forced")
    text = st.session_state.get("sentence") or ""
    if forced and forced["run"] == view.run.id and forced["text"] == text:
        return ask(view, "translate", text=text, prefix=forced["prefix"])
    return translated(view)


def _place(length: int) -> int:
    # 1 is the first step. A shorter translation than the one before must not be overrun.
    state = st.session_state
    state["step_at"] = min(max(1, state.get("step_at", 1)), length)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Back",
            icon=":material/skip_previous:",
            key="step-back",
            on_click=_move,
            args=(-1, length),
            disabled=state["step_at"] <= 1,
        )
        st.button(
            "Forward",
            icon=":material/skip_next:",
            key="step-forward",
            type="primary",
            on_click=_move,
            args=(1, length),
            disabled=state["step_at"] >= length,
        )
        st.markdown(f"Step **{state['step_at']}** of {length}")
    return state["step_at"] - 1


def _move(by: int, length: int) -> None:
    state = st.session_state
    state["step_at"] = min(max(1, state.get("step_at", 1) + by), length)


def _step(view: View, answer: dict[str, Any], at: int) -> None:
    shown, steps = answer["translation"], answer["steps"]
    step = steps[at]
    before = "" if answer["look"] == "after" else ", from the state before"
    st.markdown(
        f"The decoder reads **{plain(step['read'])}** and writes **{plain(step['chosen'])}** "
        f"(p = {step['probability']:.3f})."
    )
    left, middle, right = st.columns(3, gap="medium")
    with left:
        if step["query"] is not None:
            st.markdown(f"**1. State of the decoder**{before}")
            pictures.show(strip(step["query"], "state s, one cell a unit"), "step-state")
        _scores(answer, step)
    with middle:
        _weights(answer, step)
    with right:
        _output(view, shown, steps, at)
    if shown["weights"] is not None:
        with st.expander("The alignment so far"):
            heatmap.draw(
                {
                    **shown,
                    "target": shown["target"][: at + 1],
                    "weights": shown["weights"][: at + 1],
                },
                key="step-alignment",
                marked=at,
            )


def _scores(answer: dict[str, Any], step: dict[str, Any]) -> None:
    if step["weights"] is None:
        st.info(
            "Without attention there is nothing to score: all that the decoder knows of the source "
            "came with its first state.",
            icon=":material/visibility_off:",
        )
        return
    source, name = answer["translation"]["source"], answer["score"]
    st.markdown(f"**2. A score for every source token** ({name})")
    st.latex(equations.score(name, answer["look"]))
    if step["scores"] is None:
        st.caption("The Transformer scores in every head: open its blocks below.")
        return
    best = int(np.argmax(step["weights"]))
    pictures.show(
        token_bars(source, step["scores"], "score e", best, width=pictures.third()), "step-scores"
    )
    st.latex(equations.dot_product(name, answer["look"], best, step["terms"]))
    st.caption(
        f"In numbers for source token {best + 1}, {plain(source[best])}, which got the largest "
        f"weight; the sum has {len(step['terms'][0])} terms."
    )


def _weights(answer: dict[str, Any], step: dict[str, Any]) -> None:
    if step["weights"] is None:
        return
    source, weights = answer["translation"]["source"], step["weights"]
    best = int(np.argmax(weights))
    st.markdown("**3. Softmax: weights that sum to one**")
    pictures.show(
        token_bars(source, weights, "attention weight w", best, (0, 1), pictures.third()),
        "step-weights",
    )
    if step["scores"] is not None:
        st.latex(equations.weight(step, best))
    st.markdown("**4. Context: the weighted mean of the encoder's states**")
    st.latex(equations.context(weights))
    if step["context"] is not None:
        pictures.show(strip(step["context"], "context c, one cell a unit"), "step-context")
        length = float(np.linalg.norm(step["context"]))
        many = len(weights)
        st.caption(
            f"Some slides write $c_t = \\frac{{1}}{{N}}\\sum_i w_i h_i$. The weights sum to "
            f"{sum(weights):.3f} already, so the sum is the mean; a further $1/N = 1/{many}$ would "
            f"shrink this context from length {length:.2f} to {length / many:.2f}, and more for "
            "longer sources. The lab leaves it out."
        )


def _output(view: View, shown: dict[str, Any], steps: list[dict[str, Any]], at: int) -> None:
    step = steps[at]
    st.markdown("**5. Distribution over the next token**")
    tokens = [token for token, _ in step["top"]]
    pictures.show(
        probability_bars(tokens, [p for _, p in step["top"]], step["chosen"], pictures.third()),
        "step-output",
    )
    st.caption("The eight most probable tokens; the one that was written is marked.")
    other = st.selectbox(
        "Write another token here",
        ["", *(token for token in tokens if token != step["chosen"])],
        key=f"other-{view.run.id}-{at}-{step['chosen']}",
        format_func=lambda token: token or "(as the model chose)",
        help="The decoder goes on from your choice: see how much hangs on one word.",
    )
    if other:
        st.session_state["forced"] = {
            "run": view.run.id,
            "text": st.session_state.get("sentence"),
            "prefix": [*shown["target"][:at], other],
        }
        st.rerun()
    if st.session_state.get("forced"):
        st.button(
            "Back to the model's own translation",
            key="unforce",
            on_click=lambda: st.session_state.pop("forced", None),
        )
