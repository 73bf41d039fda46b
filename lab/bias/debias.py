"""Taking a direction out of word vectors, and what stays when it is gone.

A direction is found from pairs that differ in one respect (he and she, man and woman), and is taken
out of other words. Words then have the same cosine to both ends of the direction; but words that
shared a stereotype remain neighbours of each other, so that the test becomes quiet and the
structure stays.

Sources: Bolukbasi, Chang, Zou, Saligrama and Kalai 2016, Man is to Computer Programmer as Woman is
to Homemaker?, section 5; Gonen and Goldberg 2019, Lipstick on a Pig.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lab.bias.weat import unit

_NOTHING = 1e-12


class Direction(NamedTuple):
    """What pairs of words differ in.

    Attributes:
        vector: (D), of length one; it points from the second words of the pairs to the first.
        shares: of the variance of the pairs that each principal component takes, the first one
            first: one large share speaks for one direction.
    """

    vector: np.ndarray
    shares: np.ndarray


class Kept(NamedTuple):
    """How much of a structure stays.

    Attributes:
        before, after: of a word's nearest neighbours among the words of both groups, the share
            that is of its own group, as a mean over the words, 0 to 1.
        chance: what it would be, were neighbours drawn by lot.
        neighbours: how many were looked at.
    """

    before: float
    after: float
    chance: float
    neighbours: int


def direction(first: ArrayLike, second: ArrayLike) -> Direction:
    """Find the direction in which pairs differ, by PCA of the pairs around their own centres.

    Args:
        first, second: (P, D), row i of both being a pair; their lengths are made one.

    Raises:
        ValueError: there are not as many of both, or all pairs are equal.
    """
    a, b = unit(first, "the first words"), unit(second, "the second words")
    if a.shape != b.shape:
        raise ValueError("Each first word needs its second word: write pairs.")
    half = (a - b) / 2  # a and b stand at +half and -half around the centre of their pair
    _, strengths, axes = np.linalg.svd(half, full_matrices=False)
    if strengths[0] <= _NOTHING:
        raise ValueError("The two words of each pair have the same vector: choose other pairs.")
    vector = axes[0] * (1.0 if (half @ axes[0]).sum() >= 0 else -1.0)
    return Direction(vector, strengths**2 / (strengths**2).sum())


def neutralise(vectors: ArrayLike, vector: ArrayLike) -> np.ndarray:
    """Return vectors (N, D) without their part along a direction (D), at length one.

    Raises:
        ValueError: a vector lies along the direction, so that nothing would be left.
    """
    table = unit(vectors, "the words")
    along = unit(np.asarray(vector, dtype=np.float64)[None], "the direction")[0]
    rest = table - np.outer(table @ along, along)
    lengths = np.linalg.norm(rest, axis=1, keepdims=True)
    if (lengths < 1e-9).any():
        place = int(lengths[:, 0].argmin()) + 1
        raise ValueError(f"Word {place} lies along the direction: nothing of it would be left.")
    return rest / lengths


def kept(vectors: ArrayLike, after: ArrayLike, groups: Sequence[bool], count: int = 10) -> Kept:
    """Compare whom words have as neighbours, before and after a change.

    Args:
        vectors, after: (N, D), the same words.
        groups: N, whether a word is of the first group: chosen by its projection before, as Gonen
            and Goldberg do.
        count: of neighbours.

    Raises:
        ValueError: a group has fewer than two words.
    """
    of = np.asarray(groups, dtype=bool)
    if min(of.sum(), (~of).sum()) < 2:
        raise ValueError("Both groups need two words or more to be neighbours.")
    count = min(count, len(of) - 1)
    shares = []
    for table in (unit(vectors, "the words"), unit(after, "the changed words")):
        near = table @ table.T
        np.fill_diagonal(near, -np.inf)
        order = np.argsort(-near, axis=1, kind="stable")[:, :count]
        shares.append(float((of[order] == of[:, None]).mean()))
    own = np.where(of, of.sum() - 1, (~of).sum() - 1)
    return Kept(*shares, float((own / (len(of) - 1)).mean()), count)
