"""The vectors that a model has for the word, and how well each layer tells its senses apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from lab.attention.senses import FEWEST, Sentence, chance, per_layer
from lab.lesson.kit.text import plain
from lab.lesson.senses import TEXT
from lab.lesson.senses.sentences import Sentences
from lab.lesson.sources.source import Source

EMBEDDINGS, FIRST, MIDDLE, LAST = "embeddings", "first layer", "a middle layer", "last layer"
OPTIONS = (EMBEDDINGS, FIRST, MIDDLE, LAST)
_EVEN = 1e-9  # shares that are as good as equal

Row = Mapping[str, float | None]


@dataclass(frozen=True)
class Vectors:
    """The vectors of a word, layer by layer.

    Args:
        word: as it was asked for.
        sentences: N of them, those in which the model found the word.
        layers: (L + 1, N, d), the embeddings first.
        pieces: tokens that the word is cut into.
    """

    word: str
    sentences: list[Sentence]
    layers: np.ndarray
    pieces: list[str]

    @property
    def last(self) -> int:
        """The number of the last layer, L."""
        return len(self.layers) - 1

    @property
    def senses(self) -> list[str]:
        """The sense of each sentence."""
        return [sentence.sense for sentence in self.sentences]

    @property
    def texts(self) -> list[str]:
        """The sentences themselves."""
        return [sentence.text for sentence in self.sentences]

    @cached_property
    def rows(self) -> Sequence[Row]:
        """How well each layer tells the senses apart; see `per_layer`."""
        return per_layer(self.layers, self.senses)

    @property
    def by_lot(self) -> float | None:
        """What a neighbour drawn by lot would reach; None where there is nothing to tell apart."""
        return chance(self.senses)


def ask(model: Source | None, chosen: Sentences) -> Vectors | None:
    """Ask a model for the vectors; None with the reason on the page."""
    if model is None:
        return None
    texts = [sentence.text for sentence in chosen.sentences]
    with st.spinner(TEXT("reading")):
        answer = model.ask("lab.attention.contextual", sentences=texts, word=chosen.word)
    if answer is None:
        return None
    missing = set(answer["left_out"])
    kept = [s for place, s in enumerate(chosen.sentences) if place not in missing]
    if missing:
        st.warning(
            TEXT("left-out", missing=len(missing), count=len(texts)),
            icon=":material/visibility_off:",
        )
    if len(kept) < FEWEST:
        st.error(
            TEXT("too-few", word=plain(chosen.word), kept=len(kept), fewest=FEWEST),
            icon=":material/edit_off:",
        )
        return None
    layers = np.asarray(answer["layers"], dtype=np.float64)  # (L + 1, N, d)
    if not np.isfinite(layers).all():
        st.error(TEXT("not-finite"), icon=":material/error:")
        return None
    return Vectors(chosen.word, kept, layers, list(answer["pieces"]))


def groups(layer: int, last: int) -> set[str]:
    """Return which of `OPTIONS` a layer is; the only layer is the first and the last."""
    if layer == 0:
        return {EMBEDDINGS}
    named = {FIRST} if layer == 1 else set()
    named |= {LAST} if layer == last else set()
    return named or {MIDDLE}


def best(rows: Sequence[Row]) -> list[int]:
    """Return the layers at which most nearest neighbours have the sense; none if unmeasured."""
    shares = [share for row in rows if (share := row["same_sense"]) is not None]
    if not shares or len(shares) < len(rows):
        return []
    return [n for n, share in enumerate(shares) if share >= max(shares) - _EVEN]


def by_luck(share: float, by_lot: float, count: int) -> bool:
    """Return whether a lot could easily give as much: within two standard errors of its mean."""
    return share < by_lot + 2 * (by_lot * (1 - by_lot) / count) ** 0.5


def outcome(
    rows: Sequence[Row], guess: str | None, by_lot: float | None, count: int
) -> tuple[bool, str]:
    """Say at which layer the senses come apart best, and what the guess was worth.

    Args:
        rows: of `per_layer`.
        guess: one of `OPTIONS`, or None.
        by_lot: of `chance`.
        count: sentences.

    Returns:
        Whether the guess was right, and a sentence; "" where nothing was measured.
    """
    places, last = best(rows), len(rows) - 1
    if by_lot is None or not places or (share := rows[places[0]]["same_sense"]) is None:
        return False, ""
    which = ", ".join("the embeddings" if n == 0 else f"layer {n}" for n in places)
    text = TEXT(
        "best",
        which=which,
        last=last,
        share=f"{share:.0%}",
        first=f"{rows[0]['same_sense']:.0%}",
        by_lot=f"{by_lot:.0%}",
    )
    if by_luck(share, by_lot, count):
        text += f" {TEXT('by-luck', count=count)}"
    return guess in set.union(*(groups(n, last) for n in places)), text
