"""What the heads of a model look at, on average: the guess, the maps, and what they come to."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lab.attention.trace import PATTERNS, Block
from lab.charts.heads import pattern_map
from lab.lesson import pictures
from lab.lesson.frame import hidden
from lab.lesson.lineup import plain

ELSEWHERE = "elsewhere, other words"
GUESSES = [*PATTERNS, ELSEWHERE]


def totals(block: Block) -> dict[str, float]:
    """Return what share of all attention falls on each kind of place, and elsewhere."""
    return dict(zip(GUESSES, block.totals, strict=True))


def strongest_heads(block: Block) -> list[tuple[str, int, int, float]]:
    """Return for each kind of place the head that looks there most: (place, layer, head, share)."""
    found = []
    for number, name in enumerate(PATTERNS):
        layer, head = np.unravel_index(block.shares[..., number].argmax(), block.shares.shape[:2])
        found.append((name, int(layer), int(head), float(block.shares[layer, head, number])))
    return found


def desk(block: Block, guess: str | None, own: bool = False) -> None:
    """Draw a map for each kind of place, and compare the guess.

    Args:
        block: self-attention of a model.
        guess: one of `GUESSES`, or None.
        own: whether it is the project's own masked model, whose heads had a start.
    """
    if not block.shares.any():
        st.caption("Cross-attention looks at another sequence: it has no token before or after.")
        return
    if guess is None and not hidden("controls"):
        st.caption("Guess above, or say that you would rather not: then the answer stands here.")
        return
    shares = totals(block)
    outcome(shares, guess)
    size = 120
    with st.container(horizontal=True, gap="small"):
        for number, name in enumerate(PATTERNS):
            chart = pattern_map(block.shares[..., number], name, size)
            pictures.show(chart, f"pattern-{number}")
    best = "; ".join(
        f"{name}: layer {layer + 1} head {head + 1}, {share:.0%}"
        for name, layer, head, share in strongest_heads(block)
    )
    st.caption(
        "Mean attention weight on a kind of place, head by head; all ink is 100 %. The head with "
        f"most of it: {best}. "
        "“The first token” counts for all tokens but the first, “the end” (the last token) for all "
        "but the last. A place can be two things at once: in the sum above it counts once, as the "
        "token itself, else before, after, first, end. Categories after Clark et al. 2019."
    )
    if own:
        st.caption(
            "**Not found by learning alone**: before its training, heads of this model's first "
            "layers were set to look at the tokens 1, 2 and 3 places away, which makes a small "
            "model learn faster. BERT had no such start, and has such heads all the same."
        )


def outcome(shares: dict[str, float], guess: str | None) -> None:
    """Say where most of the attention goes, and what the guess was worth."""
    first = max(shares, key=shares.get)
    told = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    text = f"On this text most attention goes to **{first}**. All of it: {told}."
    if guess in shares:
        said = "You guessed it." if guess == first else f"You guessed {plain(guess)}."
        (st.success if guess == first else st.info)(f"{said} {text}", icon=":material/psychology:")
    else:
        st.info(text, icon=":material/flag:")
