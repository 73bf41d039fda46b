"""The self-checking exercises of the lesson "Inside a trained model"."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lab.attention.trace import PATTERNS, Block, Trace, decode
from lab.lesson.inside import TEXT
from lab.lesson.kit.page import Exercise, Outcome
from lab.lesson.kit.text import plain

MOVED = 0.2


def exercises(trace: Trace | None, block: Block | None = None) -> tuple[Exercise, ...]:
    """Return the exercises over the trace on the page, and the part of it that is shown."""
    before = st.session_state.get("inside-before")
    return (
        Exercise(
            TEXT("exercise-before"), lambda: pick(block, st.session_state.get("inside-picked", ""))
        ),
        Exercise(TEXT("exercise-moved", moved=f"{MOVED:.0%}"), lambda: moved(trace, before)),
        Exercise(TEXT("exercise-changed"), lambda: changed(trace, before)),
    )


def pick(block: Block | None, picked: str) -> Outcome | None:
    """Say whether the picked head is the one that looks at the token before most."""
    layer, _, head = picked.partition(".")
    if block is None or not block.totals or not (layer.isdecimal() and head.isdecimal()):
        return None  # cross-attention has no token before
    shares = block.shares[..., PATTERNS.index("the token before")]
    if int(layer) >= shares.shape[0] or int(head) >= shares.shape[1]:
        return None
    share, most = float(shares[int(layer), int(head)]), float(shares.max())
    figures = {"layer": int(layer) + 1, "head": int(head) + 1, "share": f"{share:.0%}"}
    return Outcome(share >= most - 1e-6, TEXT("before-done", **figures))


def moved(trace: Trace | None, before: Trace | None) -> Outcome | None:
    """Say how much attention moved in the head where most did."""
    if not trace or not before:
        return None
    most = max((_most(a, b) for a, b in zip(trace.blocks, before.blocks, strict=False)), default=0)
    return Outcome(most > MOVED, TEXT("moved-done", most=f"{most:.0%}"))


def _most(now: Block, then: Block) -> float:
    # Half the sum of absolute differences, mean over tokens: as the view computes it.
    if now.codes.shape != then.codes.shape:
        return 0.0
    apart = np.abs(decode(now.codes) - decode(then.codes)).sum(-1) / 2
    return float(apart.mean(-1).max())


def changed(trace: Trace | None, before: Trace | None) -> Outcome | None:
    """Say whether hiding tokens changed a first prediction at a place that both have."""
    if not trace or not before or not trace.says or not before.says:
        return None
    now, then = (_first(each) for each in (trace, before))
    common = [place for place in then if place in now]
    if not common:
        return None
    place = next((p for p in common if now[p] != then[p]), common[0])
    words = TEXT("changed-done", then=plain(then[place]), now=plain(now[place]))
    return Outcome(now[place] != then[place], words)


def _first(trace: Trace) -> dict[str, str]:
    rows = trace.says["rows"] if trace.says else []
    return {where: top[0][0] for where, top in rows if top}
