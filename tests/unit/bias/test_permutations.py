"""The permutation distribution: bins hold what enumeration finds."""

from __future__ import annotations

import itertools
from math import comb

import numpy as np
import pytest

from lab.bias.distribution import permutation_distribution


@pytest.mark.parametrize(("n", "m", "method"), [(3, 4, "enumeration"), (9, 8, "half-sums")])
def test_counts_are_those_of_all_partitions(n, m, method, monkeypatch):
    scores = np.random.default_rng(n).normal(size=n + m)
    if method == "half-sums":
        monkeypatch.setattr("lab.bias.distribution.ENUMERATED", 16)
    found = permutation_distribution(scores[:n], scores[n:], bins=8)
    assert found.method == method
    assert found.counts.sum() == found.partitions == comb(n + m, n)
    monkeypatch.setattr("lab.bias.distribution.ENUMERATED", 24)
    again = permutation_distribution(scores[:n], scores[n:], bins=8)
    assert again.method == "enumeration"
    assert np.array_equal(again.counts, found.counts)
    if n == 3:
        total = scores.sum()
        sums = [2 * sum(some) - total for some in itertools.combinations(scores, n)]
        inner = found.edges + np.array([-1e-9, 0, 0, 0, 0, 0, 0, 0, 1e-9])
        assert np.array_equal(np.histogram(sums, inner)[0], found.counts)
    assert found.edges[0] <= found.observed <= found.edges[-1]


def test_large_sets_are_rounded_and_say_by_how_much():
    scores = np.random.default_rng(1).normal(size=40)
    found = permutation_distribution(scores[:20], scores[20:], bins=30)
    assert found.method == "rounded"
    assert found.counts.sum() == pytest.approx(comb(40, 20), rel=1e-9)
    assert 0 < found.moved < (found.edges[1] - found.edges[0]) / 10
    assert found.counts == pytest.approx(found.counts[::-1], rel=0.05, abs=1e-4 * comb(40, 20))


def test_equal_scores_and_bad_bins():
    found = permutation_distribution([1.0, 1.0], [1.0, 1.0], bins=3)
    assert found.counts.sum() == 6
    with pytest.raises(ValueError, match="bins"):
        permutation_distribution([1.0], [2.0], bins=0)
