"""Sentences as rows of token numbers, sorted by length so that a batch needs no padding."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from lab.masked.vocabulary import CLS, SEP, pronoun_ids

CONTEXT = 128  # tokens of the longest row
SHORTEST = 8
_TARGETS = (0, 0, 0, 32, 48, 64, 64, 126)  # tokens that a row gathers sentences up to; 0: one

Buckets = dict[int, np.ndarray]  # length T -> (N, T) uint16


@dataclass(frozen=True)
class Rows:
    """What a masked model learns from.

    Args:
        train, held: rows of each length, [CLS] ... [SEP].
        tokens: the vocabulary, in the order of its numbers.
        name: of the text.
        vectors: (V, D) vectors to begin with (`lab.masked.initialise`), or None.
    """

    train: Buckets
    held: Buckets
    tokens: tuple[str, ...]
    name: str = ""
    vectors: np.ndarray | None = field(default=None, compare=False, repr=False)

    @property
    def vocabulary_size(self) -> int:
        """V."""
        return len(self.tokens)

    @cached_property
    def pronouns(self) -> list[int]:
        """Numbers of the pronouns in the vocabulary."""
        return pronoun_ids(self.tokens)

    @cached_property
    def digest(self) -> str:
        """Name the contents: equal rows and vocabulary, equal digest."""
        digest = hashlib.sha256("\n".join(self.tokens).encode())
        for part in (self.train, self.held):
            for length in sorted(part):
                digest.update(np.ascontiguousarray(part[length]).tobytes())
        return digest.hexdigest()[:32]

    def counts(self) -> np.ndarray:
        """Return how often each token occurs in the training rows, (V)."""
        size = self.vocabulary_size
        parts = (np.bincount(rows.ravel(), minlength=size) for rows in self.train.values())
        return sum(parts, np.zeros(size, dtype=np.int64))

    def to_bytes(self) -> bytes:
        """Return the rows as an .npz file (no pickle in it)."""
        arrays = {f"train_{length}": rows for length, rows in self.train.items()}
        arrays |= {f"held_{length}": rows for length, rows in self.held.items()}
        if self.vectors is not None:
            arrays["vectors"] = self.vectors
        file = io.BytesIO()
        np.savez(file, tokens=np.array(self.tokens), name=np.array(self.name), **arrays)
        return file.getvalue()

    def save(self, path: Path) -> None:
        """Write a file of `to_bytes`."""
        path.write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: Path) -> Rows:
        """Read what `save` wrote; errors as for `from_bytes`, or OSError."""
        return cls.from_bytes(path.read_bytes())

    @classmethod
    def from_bytes(cls, stored: bytes) -> Rows:
        """Read what `to_bytes` gave.

        Raises:
            ValueError: it is something else.
        """
        try:
            return cls._read(stored)
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            raise ValueError("These are not the rows of a masked model.") from None

    @classmethod
    def _read(cls, stored: bytes) -> Rows:
        parts: dict[str, Buckets] = {"train": {}, "held": {}}
        with np.load(io.BytesIO(stored), allow_pickle=False) as file:
            for key in file.files:
                part, _, length = key.partition("_")
                if part in parts:
                    parts[part][int(length)] = file[key]
            vectors = file["vectors"] if "vectors" in file.files else None
            tokens = tuple(file["tokens"].tolist())
            return cls(parts["train"], parts["held"], tokens, str(file["name"]), vectors)


def make_rows(
    paragraphs: Sequence[Sequence[Sequence[int]]],
    seed: int = 0,
    context: int = CONTEXT,
    shortest: int = SHORTEST,
) -> Buckets:
    """Lay sentences in rows of [CLS], one or more sentences of one paragraph, [SEP].

    Three rows of eight begin as single sentences; the others gather sentences up to a length of
    32 to 126 tokens, so that the model learns to read short inputs and long ones. A sentence that
    is too long is cut.

    Args:
        paragraphs: of each its sentences, of each its token numbers without special ones.
        seed: of the drawn lengths.
        context: longest row.
        shortest: rows with fewer tokens, special ones included, are left out.
    """
    random = np.random.default_rng(seed)
    targets = iter(random.choice(_TARGETS, sum(map(len, paragraphs)) + 1).tolist())
    rows: dict[int, list[list[int]]] = {}

    def close(row: list[int]) -> None:
        row = [CLS, *row[: context - 2], SEP]
        if len(row) >= shortest:
            rows.setdefault(len(row), []).append(row)

    for paragraph in paragraphs:
        row, target = [], next(targets)
        for sentence in paragraph:
            if row and len(row) + len(sentence) > min(target, context - 2):
                close(row)
                row, target = [], next(targets)
            row.extend(sentence)
        close(row)
    return {length: np.array(rows[length], dtype=np.uint16) for length in sorted(rows)}
