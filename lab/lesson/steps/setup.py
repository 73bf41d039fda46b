"""What attention is computed from: words, their vectors, matrices, positions and switches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lab.attention import vectors
from lab.attention.positions import learned, sinusoidal
from lab.attention.steps import Steps, attend
from lab.attention.vectors import WIDTH

BY_HAND, RANDOM = "made by hand", "random"
POSITIONS = ("none", "sinusoidal", "learned")


@dataclass(frozen=True)
class Setup:
    """Everything that the first and the third tab compute with.

    Args:
        words: T words.
        table: word -> its vector, for the words and for those it could be asked for.
        matrices: "q", "k", "v", and "o" where it is more than a copy; (C, C).
        kind: `BY_HAND` or `RANDOM`, what the numbers were before they were edited.
        seed: of random numbers.
        positions: one of `POSITIONS`.
        heads, scaled, causal: see `lab.attention.steps.attend`.
    """

    words: tuple[str, ...]
    table: Mapping[str, np.ndarray]
    matrices: Mapping[str, np.ndarray]
    kind: str
    seed: int
    positions: str = "none"
    heads: int = 1
    scaled: bool = True
    causal: bool = False

    @property
    def options(self) -> dict:
        """Return the keyword arguments of `attend`."""
        return {
            "heads": self.heads,
            "scaled": self.scaled,
            "causal": self.causal,
            "w_o": self.matrices.get("o"),
            "positions": position_vectors(self.positions, len(self.words), self.seed),
        }

    @property
    def weights(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return W_Q, W_K and W_V."""
        return self.matrices["q"], self.matrices["k"], self.matrices["v"]

    def embeddings(self, words: Sequence[str] | None = None) -> np.ndarray:
        """Return the vectors (T, C) of the words, or of other ones."""
        wanted = self.words if words is None else words
        made = base_table(self.kind, wanted, self.seed)
        return np.array([self.table.get(w, row) for w, row in zip(wanted, made, strict=True)])

    def attend(self, words: Sequence[str] | None = None, **changes) -> Steps:
        """Compute attention, some options changed.

        Raises:
            VectorsError: see `lab.attention.steps.attend`.
        """
        return attend(self.embeddings(words), *self.weights, **{**self.options, **changes})


def base_table(kind: str, words: Sequence[str], seed: int) -> np.ndarray:
    """Return the vectors (T, 4) of words before anybody edited them."""
    if kind == BY_HAND:
        return vectors.by_hand(words, seed)
    return vectors.embed(words, WIDTH, seed)


def base_matrices(kind: str, seed: int) -> dict[str, np.ndarray]:
    """Return W_Q, W_K, W_V and a W_O that copies, before anybody edited them."""
    if kind == BY_HAND:
        made = {name: np.array(rows, dtype=float) for name, rows in vectors.BY_HAND.items()}
    else:
        made = vectors.weights(WIDTH, seed)
    return {**made, "o": np.eye(WIDTH)}


def position_vectors(name: str, length: int, seed: int) -> np.ndarray | None:
    """Return position vectors (T, 4), rounded to one decimal for hand arithmetic; None for none."""
    if name == "none":
        return None
    made = sinusoidal(length, WIDTH) if name == "sinusoidal" else learned(length, WIDTH, seed)
    return made.round(1) + 0.0  # no negative zeros
