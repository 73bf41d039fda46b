"""The permutation distribution of WEAT's statistic, ready to be drawn: counts in bins."""

from __future__ import annotations

from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lab.bias import exact

ENUMERATED = 22  # scores up to which every sum is written down
HALVED = 30  # scores up to which pairs of half-sums are counted for each edge
_CELLS = 1 << 14  # of the grid above that: a bin has hundreds of them


class Distribution(NamedTuple):
    """How often S takes which value over all partitions.

    Attributes:
        edges: (bins + 1) values of S.
        counts: (bins) partitions between two edges; the upper edge belongs to the last bin only.
        observed: S of the groups as they are.
        partitions: how many there are.
        method: "enumeration" and "half-sums" count exactly; "rounded" counts sums that rounding
            may have moved by `moved` at most.
        moved: in units of S.
    """

    edges: np.ndarray
    counts: np.ndarray
    observed: float
    partitions: int
    method: str
    moved: float


def permutation_distribution(first: ArrayLike, second: ArrayLike, bins: int = 40) -> Distribution:
    """Count S = sum of the first group - sum of the second over all partitions of their sizes.

    Args:
        first, second: scores (n) and (m), such as `WeatResult.first` and `.second`.
        bins: of equal width, over all values that S takes.

    Raises:
        ValueError: a group is empty, a score is not finite, or there are no bins.
    """
    a, b = exact.checked(first, second)
    if not 1 <= bins <= 1000:
        raise ValueError(f"There can be 1 to 1,000 bins, not {bins}.")
    scores, size = np.concatenate([a, b]), a.size
    values = scores - scores.mean()
    shift = (2 * size - scores.size) * scores.mean()  # S = 2 * (sum of values) + shift
    ordered = np.sort(values)
    low, high = ordered[:size].sum(), ordered[ordered.size - size :].sum()
    if high - low <= exact.tolerance(scores):
        low, high = low - 0.5, high + 0.5  # all scores are equal: one bar
    edges = np.linspace(low, high, bins + 1)
    counts, method, moved = _count(values, size, edges)
    total = comb(scores.size, size)
    observed = float(a.sum() - b.sum())
    return Distribution(2 * edges + shift, counts, observed, total, method, moved)


def _count(values: np.ndarray, size: int, edges: np.ndarray) -> tuple[np.ndarray, str, float]:
    if values.size <= ENUMERATED:
        sums, sizes = exact.subset_sums(values)
        sums = np.clip(sums[sizes == size], edges[0], edges[-1])  # rounding at the ends
        return np.histogram(sums, edges)[0].astype(np.float64), "enumeration", 0.0
    if values.size <= HALVED:
        return _half_sums(values, size, edges), "half-sums", 0.0
    step, base, errors, counts = exact.rounded_sums(values, size, _CELLS)
    sums = np.clip(base + step * np.arange(counts.size), edges[0], edges[-1])
    moved = 2 * float(np.sort(np.abs(errors))[-size:].sum())
    return np.histogram(sums, edges, weights=counts)[0], "rounded", moved


def _half_sums(values: np.ndarray, size: int, edges: np.ndarray) -> np.ndarray:
    (left, left_sizes), (right, right_sizes) = map(exact.subset_sums, (values[::2], values[1::2]))
    below = np.zeros(edges.size)  # subsets whose sum is below each inner edge
    for taken in range(size + 1):
        some = np.sort(left[left_sizes == taken])
        others = np.sort(right[right_sizes == size - taken])
        if some.size and others.size:
            for place, edge in enumerate(edges[1:-1], 1):
                below[place] += np.searchsorted(others, edge - some).sum()
    below[-1] = comb(values.size, size)
    return np.diff(below)
