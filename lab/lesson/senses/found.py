"""The vectors that a model has for the word: the question, the guess, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from lab.attention.senses import FEWEST, Sentence, chance, per_layer
from lab.lesson.lineup import plain
from lab.lesson.senses.sentences import Chosen
from lab.lesson.sources.source import Source

EMBEDDINGS, FIRST, MIDDLE, LAST = "embeddings", "first layer", "a middle layer", "last layer"
OPTIONS = (EMBEDDINGS, FIRST, MIDDLE, LAST)
_EVEN = 1e-9  # shares that are as good as equal

Row = Mapping[str, float | None]


@dataclass(frozen=True)
class Found:
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
    def rows(self) -> list[Row]:
        """How well each layer tells the senses apart; see `per_layer`."""
        return per_layer(self.layers, self.senses)

    @property
    def by_lot(self) -> float | None:
        """What a neighbour drawn by lot would reach; None where there is nothing to tell apart."""
        return chance(self.senses)


def given_guess() -> str | None:
    """Return the guess that stands in the link."""
    return st.query_params.get("guess") or None


def keep_guess(guess: str | None) -> str | None:
    """Put a guess into the link, and return it; without one the link's own counts."""
    if guess:
        st.query_params["guess"] = guess
    return guess or given_guess()


def ask(model: Source, chosen: Chosen) -> Found | None:
    """Ask a model for the vectors; None with the reason on the page."""
    texts = [sentence.text for sentence in chosen.sentences]
    with st.spinner("Reading the sentences …"):
        answer = model.ask("lab.attention.contextual", sentences=texts, word=chosen.word)
    if answer is None:
        return None
    missing = set(answer["left_out"])
    kept = [s for place, s in enumerate(chosen.sentences) if place not in missing]
    if missing:
        st.warning(
            f"Left out, for the model cannot read the word there: {len(missing)} of {len(texts)} "
            "sentences.",
            icon=":material/visibility_off:",
        )
    if len(kept) < FEWEST:
        st.error(
            f"This model reads “{plain(chosen.word)}” in {len(kept)} of the sentences, and "
            f"{FEWEST} are needed: choose another word or another model.",
            icon=":material/edit_off:",
        )
        return None
    layers = np.asarray(answer["layers"], dtype=np.float64)  # (L + 1, N, d)
    if not np.isfinite(layers).all():
        st.error(
            "This model's vectors are not finite: train it with a smaller learning rate.",
            icon=":material/error:",
        )
        return None
    return Found(chosen.word, kept, layers, list(answer["pieces"]))


def groups(layer: int, last: int) -> set[str]:
    """Return which of `OPTIONS` a layer is; the only layer is the first and the last."""
    if layer == 0:
        return {EMBEDDINGS}
    named = {FIRST} if layer == 1 else set()
    named |= {LAST} if layer == last else set()
    return named or {MIDDLE}


def best(rows: Sequence[Row]) -> list[int]:
    """Return the layers at which most nearest neighbours have the sense; none if unmeasured."""
    shares = [row["same_sense"] for row in rows]
    if not shares or None in shares:
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
        guess: one of `OPTIONS`, or whatever stands in the link.
        by_lot: of `chance`.
        count: sentences.

    Returns:
        Whether the guess was right, and a sentence; "" where nothing was measured.
    """
    places, last = best(rows), len(rows) - 1
    if not places or by_lot is None:
        return False, ""
    which = ", ".join("the embeddings" if n == 0 else f"layer {n}" for n in places)
    text = (
        f"Best: **{which}** (of {last}). There the nearest neighbour has the sense in "
        f"{rows[places[0]]['same_sense']:.0%} of the sentences; at the embeddings it is "
        f"{rows[0]['same_sense']:.0%}, by lot {by_lot:.0%}."
    )
    if by_luck(rows[places[0]]["same_sense"], by_lot, count):
        text += (
            f" With {count} sentences a lot could easily give as much: this model does not tell "
            "the senses apart. One that has read more may."
        )
    if guess not in OPTIONS:
        return False, text
    right = guess in set.union(*(groups(n, last) for n in places))
    return right, f"{'You guessed it' if right else f'You guessed {guess}'}. {text}"
