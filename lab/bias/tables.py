"""A whole vocabulary with its vectors: what analogies and directions are looked for in.

No torch: a page holds a table itself, and a worker makes it (`lab.bias.whole_tables`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lab.bias.counted_vectors import unpack
from lab.places import ASSETS

COUNTED = ASSETS / "vectors" / "counted.npz"
MOST = 50_000  # words of a table
FEWEST = 50


@dataclass(frozen=True)
class Table:
    """Words with their vectors, the most frequent first where the source knows.

    Args:
        words: V, all different.
        vectors: (V, D) float32, none of them zero.
        left: how many words of the source are not in it.
    """

    words: tuple[str, ...]
    vectors: np.ndarray
    left: int = 0

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each word stands."""
        return {word: place for place, word in enumerate(self.words)}

    @cached_property
    def lengths(self) -> np.ndarray:
        """The length of each vector, (V)."""
        return np.linalg.norm(self.vectors, axis=1)

    @cached_property
    def unit(self) -> np.ndarray:
        """The vectors at length one, (V, D) float32."""
        return self.vectors / self.lengths[:, None]

    def place(self, word: str) -> int:
        """Return where a word stands.

        Raises:
            ValueError: it has no vector here.
        """
        if word not in self.places:
            raise ValueError(f"“{word[:40]}” has no vector here: choose another word.")
        return self.places[word]

    def of(self, words: Iterable[str]) -> np.ndarray:
        """Return the vectors of some words at length one, (n, D).

        Raises:
            ValueError: one of them has no vector here.
        """
        return self.unit[[self.place(word) for word in words]]

    def known(self, words: Iterable[str]) -> list[str]:
        """Return those of some words that have a vector, each once, in their order."""
        return [word for word in dict.fromkeys(words) if word in self.places]

    def first(self, count: int) -> Table:
        """Return a table of its first words alone."""
        if count >= len(self.words):
            return self
        left = self.left + len(self.words) - count
        return Table(self.words[:count], self.vectors[:count], left)


def make_table(words: Sequence[str], vectors: np.ndarray, left: int = 0) -> Table:
    """Make a table in lower case; of words that are the same then, the first stays.

    Args:
        words: N of them.
        vectors: (N, D).
        left: how many words of the source were not read.

    Raises:
        ValueError: a vector is not finite, or fewer than 50 words have one.
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    if not np.isfinite(vectors).all():
        raise ValueError("These vectors have numbers that are not finite: take others.")
    some = np.abs(vectors).max(axis=1, initial=0) > 0  # zeros point nowhere
    kept: dict[str, int] = {}
    for place, word in enumerate(words):
        if some[place] and word.strip():
            kept.setdefault(word.lower(), place)
    rows = list(kept.values())[:MOST]
    if len(rows) < FEWEST:
        raise ValueError(f"Here {len(rows)} words have a vector, and {FEWEST} are needed at least.")
    names = tuple(kept)[:MOST]
    return Table(names, vectors[rows], left + len(kept) - len(rows))


def counted() -> Table:
    """Return the lab's own vectors, made by counting (`lab.bias.counted_vectors`)."""
    return make_table(*unpack(COUNTED))


def pack(table: Table) -> dict[str, Any]:
    """Return a table as a worker sends it: words, and half as many bytes as in memory."""
    largest = float(np.abs(table.vectors).max())
    # Half precision ends at 65,504: only directions and ratios of lengths matter.
    scaled = table.vectors / largest if largest > 1e4 else table.vectors
    return {
        "words": list(table.words),
        "vectors": scaled.astype("<f2").tobytes(),
        "left": table.left,
    }


def unpacked(answer: Mapping[str, Any]) -> Table:
    """Return the table that a worker sent."""
    flat = np.frombuffer(answer["vectors"], "<f2").astype(np.float32)
    words = answer["words"]
    return make_table(words, flat.reshape(len(words), -1), answer["left"])
