"""Pairs as padded arrays of ids, made once for each corpus."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lab.models.tokens import PAD, START
from lab.seq2seq.pairs import Pair, PairCorpus


class Arrays(NamedTuple):
    """N pairs, filled up with PAD on the right.

    Attributes:
        source: (N, S) int64, each row ended by END.
        target_in: (N, T) int64, START and the target.
        target_out: (N, T) int64, the target and END.
    """

    source: np.ndarray
    target_in: np.ndarray
    target_out: np.ndarray


def padded(rows: list[list[int]]) -> np.ndarray:
    """Return rows of ids as one array (N, longest), PAD on the right."""
    full = np.full((len(rows), max(map(len, rows), default=1)), PAD, dtype=np.int64)
    for row, ids in zip(full, rows, strict=True):
        row[: len(ids)] = ids
    return full


@lru_cache(maxsize=16)
def arrays(corpus: PairCorpus, part: str) -> Arrays:
    """Return the "train" or "held_out" part of a corpus as arrays; keeps the latest few."""
    pairs: tuple[Pair, ...] = getattr(corpus, part)
    targets = [corpus.encode_target(pair.target) for pair in pairs]
    return Arrays(
        padded([corpus.encode_source(pair.source) for pair in pairs]),
        padded([[START, *ids[:-1]] for ids in targets]),
        padded(targets),
    )


def links(pairs: Sequence[Pair], T: int, S: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sure and possible links of some pairs as boolean arrays (N, T, S)."""
    both = np.zeros((len(pairs), T, S), dtype=bool), np.zeros((len(pairs), T, S), dtype=bool)
    for number, pair in enumerate(pairs):
        for found, into in zip((pair.sure, pair.possible), both, strict=True):
            for i, j in found:
                into[number, j, i] = True
    return both


@lru_cache(maxsize=4)
def gold(corpus: PairCorpus, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Return `links` of a whole part, for places of `arrays`; keeps the latest few."""
    ids = arrays(corpus, part)
    return links(getattr(corpus, part), ids.target_out.shape[1], ids.source.shape[1])
