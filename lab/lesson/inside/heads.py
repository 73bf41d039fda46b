"""What the heads of a model look at, on average: the guess, the maps, and what they come to."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lab.attention.trace import PATTERNS, Block
from lab.charts.heads import pattern_map
from lab.lesson import pictures
from lab.lesson.inside import TEXT
from lab.lesson.kit.link import KIT
from lab.lesson.kit.page import Page
from lab.lesson.kit.question import compare

ELSEWHERE = "elsewhere, other words"
GUESSES = [*PATTERNS, ELSEWHERE]
SIZE = 120  # pixels of a map


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


def draw(page: Page) -> None:
    """Draw a map for each kind of place, and compare the guess."""
    block: Block = page.found.block
    if not block.shares.any():
        st.caption(TEXT("cross"))
        return
    if not page.answered:
        st.caption(KIT("guess-first"))
        return
    outcome(totals(block), page.guess)
    with st.container(horizontal=True, gap="small"):
        for number, name in enumerate(PATTERNS):
            chart = pattern_map(block.shares[..., number], name, SIZE)
            pictures.show(chart, f"pattern-{number}")
    best = "; ".join(
        f"{name}: layer {layer + 1} head {head + 1}, {share:.0%}"
        for name, layer, head, share in strongest_heads(block)
    )
    st.caption(TEXT("patterns", best=best))
    if page.chosen.source.own:
        st.caption(TEXT("had-a-start"))


def outcome(shares: dict[str, float], guess: str | None) -> None:
    """Say where most of the attention goes, and what the guess was worth."""
    first = max(shares, key=lambda name: shares[name])
    written = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    compare(guess, guess == first, TEXT("most", first=first, shares=written))
