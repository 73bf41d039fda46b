"""Why scores are divided by sqrt(d): how a softmax saturates as vectors grow longer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lab.attention.steps import softmax

DIMENSIONS = tuple(2**power for power in range(11))  # 1 to 1024
_MOST = 4096


@dataclass(frozen=True)
class Saturation:
    """What attention over random vectors of d numbers looks like, as a mean over draws.

    Args:
        d: numbers of a query and of a key.
        scaled: whether scores were divided by sqrt(d).
        variance: of a score (after that division).
        largest: largest weight of a query, 1/T to 1.
        entropy: of a query's weights in bits, 0 to log2(T).
        gradient: Frobenius norm of the softmax's Jacobian, diag(p) - p p^T.
    """

    d: int
    scaled: bool
    variance: float
    largest: float
    entropy: float
    gradient: float


def measure(
    dimensions: Sequence[int] = DIMENSIONS, keys: int = 8, draws: int = 400, seed: int = 0
) -> list[Saturation]:
    """Measure the lecture's argument on queries and keys of standard normal numbers.

    A score then is a sum of d products of variance 1, so its variance is d; a division by sqrt(d)
    brings it back to 1.

    Source: Vaswani et al. 2017, section 3.2.1, footnote 4.

    Args:
        dimensions: the values of d.
        keys: T, that a query attends to.
        draws: queries, each with keys of its own.
        seed: of the vectors.

    Returns:
        For each d one record without and one with the division; both of the same vectors.

    Raises:
        ValueError: a number is out of range.
    """
    if keys < 2 or draws < 2 or not all(1 <= d <= _MOST for d in dimensions):
        raise ValueError(f"Take at least 2 keys, 2 draws, and from 1 to {_MOST} dimensions.")
    found = []
    for d in dimensions:
        scores = draw_scores(d, keys, draws, seed)  # (draws, T)
        found += [
            _of(d, scores / (math.sqrt(d) if scaled else 1), scaled) for scaled in (False, True)
        ]
    return found


def draw_scores(d: int, keys: int = 8, draws: int = 1, seed: int = 0) -> np.ndarray:
    """Return the scores q . k of random queries with random keys, not divided.

    Returns:
        (draws, keys).
    """
    generator = np.random.default_rng([seed, d])
    q = generator.standard_normal((draws, d))
    k = generator.standard_normal((draws, keys, d))
    return np.einsum("nd,ntd->nt", q, k)


def jacobian_norm(p: np.ndarray) -> np.ndarray:
    """Return the Frobenius norm of diag(p) - p p^T, the derivative of softmax by its scores.

    Args:
        p: (..., T), rows that sum to one.

    Returns:
        (...): 0 where one weight is 1, for then no small change of the scores moves a weight.
    """
    # The squares of p_i (1 - p_i) on the diagonal and of p_i p_j beside it, summed.
    squares = (p**2).sum(axis=-1)
    return np.sqrt(np.maximum(squares - 2 * (p**3).sum(axis=-1) + squares**2, 0.0))


def _of(d: int, scores: np.ndarray, scaled: bool) -> Saturation:
    p = softmax(scores)
    bits = -(p * np.log2(np.where(p > 0, p, 1.0))).sum(axis=-1)
    return Saturation(
        d=d,
        scaled=scaled,
        variance=float(scores.var()),
        largest=float(p.max(axis=-1).mean()),
        entropy=float(bits.mean()),
        gradient=float(jacobian_norm(p).mean()),
    )
