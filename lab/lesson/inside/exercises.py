"""The self-checking exercises of the lesson "Inside a trained model"."""

from __future__ import annotations

import streamlit as st

from lab.attention.trace import PATTERNS, Block, Trace
from lab.lesson.frame import Exercise

Outcome = tuple[bool, str] | None


def exercises(trace: Trace | None) -> tuple[Exercise, ...]:
    """Return the exercises over the trace on the page."""
    return (
        Exercise(
            "Find a text or a model in which one head gives more than 80 % of its attention to "
            "the token before.",
            lambda: previous(trace),
        ),
        Exercise(
            "Pick, in the view above, the head that looks at the first token most.",
            lambda: first_token(trace, st.session_state.get("inside-picked", "")),
        ),
        Exercise(
            "Hide one token so that the first prediction of the model becomes another one.",
            lambda: changed(trace, st.session_state.get("inside-before")),
        ),
    )


def _selves(trace: Trace | None) -> list[Block]:
    return [block for block in trace.blocks if block.shares.any()] if trace else []


def previous(trace: Trace | None) -> Outcome:
    """Say whether a head looks at the token before."""
    blocks = _selves(trace)
    if not blocks:
        return None
    most = max(float(block.shares[..., 0].max()) for block in blocks)
    return most > 0.8, f"The most so far: {most:.0%}."


def first_token(trace: Trace | None, picked: str) -> Outcome:
    """Say whether the picked head is the one that looks at the first token most."""
    blocks = _selves(trace)
    layer, _, head = picked.partition(".")
    if not blocks or not (layer.isdecimal() and head.isdecimal()):
        return None
    shares = blocks[0].shares[..., PATTERNS.index("the first token")]
    if int(layer) >= shares.shape[0] or int(head) >= shares.shape[1]:
        return None
    mine, most = float(shares[int(layer), int(head)]), float(shares.max())
    said = f"Layer {int(layer) + 1} head {int(head) + 1}: {mine:.0%} on the first token."
    return mine >= most - 1e-6, said


def changed(trace: Trace | None, before: Trace | None) -> Outcome:
    """Say whether hiding tokens changed the first prediction."""
    if not trace or not before or not trace.says or not before.says:
        return None
    now, then = (_first(each) for each in (trace, before))
    if now is None or then is None:
        return None
    return now != then, f"Before: {then!r}. Now: {now!r}."


def _first(trace: Trace) -> str | None:
    rows = trace.says["rows"]
    return rows[0][1][0][0] if rows and rows[0][1] else None
