"""Exact p-values against enumeration by hand and against scipy."""

from __future__ import annotations

import itertools
from math import comb

import numpy as np
import pytest
from scipy.stats import permutation_test

from lab.bias.exact import ALTERNATIVES, HALF_SUMS, TIES, bracket, p_value
from lab.bias.weat import effect_size

METHODS = ("enumeration", "meet in the middle", "bracket")


def brute(first, second, alternative, ties):
    """Count all partitions one by one, in exact integers."""
    scores, n = [*first, *second], len(first)
    far = lambda some: sum(some) * len(scores) - n * sum(scores)  # noqa: E731
    observed = far(first)
    all_ = [far(some) for some in itertools.combinations(scores, n)]
    side = {"greater": lambda v: v, "less": lambda v: -v, "two-sided": abs}[alternative]
    passed = [
        side(v) >= side(observed) if ties == "count" else side(v) > side(observed) for v in all_
    ]
    return sum(passed) / len(all_)


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize("ties", TIES)
def test_every_method_counts_as_enumeration_by_hand_does(alternative, ties):
    rng = np.random.default_rng(7)
    for _ in range(40):
        n, m = rng.integers(1, 6, 2)
        first, second = rng.integers(-3, 4, n).tolist(), rng.integers(-3, 4, m).tolist()
        right = brute(first, second, alternative, ties)
        for method in METHODS:
            found = p_value(first, second, alternative=alternative, ties=ties, method=method)
            assert found.partitions == comb(n + m, n)
            assert found.low - 1e-12 <= right <= found.high + 1e-12, (first, second, method)
            if method != "bracket":
                assert found.value == pytest.approx(right, abs=1e-12)


def difference(x, y, axis):
    # Of means, times both sizes: whole numbers stay whole, and ties are ties.
    return x.sum(axis=axis) * y.shape[axis] - y.sum(axis=axis) * x.shape[axis]


def far_apart(x, y, axis):
    return np.abs(difference(x, y, axis))


def test_scipy_agrees_on_hundreds_of_random_sets():
    rng = np.random.default_rng(3)
    for number in range(300):
        n, m = rng.integers(2, 6, 2)
        scores = rng.normal(size=n + m)
        if number % 3 == 0:
            scores = (3 * scores).round()  # with ties
        first, second = scores[:n], scores[n:]
        for alternative in ALTERNATIVES:
            two = alternative == "two-sided"
            theirs = permutation_test(
                (first, second),
                far_apart if two else difference,
                permutation_type="independent",
                vectorized=True,
                n_resamples=np.inf,
                alternative="greater" if two else alternative,
            ).pvalue
            assert p_value(first, second, alternative=alternative).value == pytest.approx(theirs)
        for ddof in (0, 1):
            right = (first.mean() - second.mean()) / np.std(scores, ddof=ddof)
            assert effect_size(first, second, ddof) == pytest.approx(right)


def test_methods_agree_where_all_can_count():
    rng = np.random.default_rng(5)
    for shift in (0, 0.6, 2, -1):
        first, second = rng.normal(shift, 1, 11), rng.normal(0, 1, 9)
        for alternative in ALTERNATIVES:
            exact, middle, around = (
                p_value(first, second, alternative=alternative, method=method, cells=20_000)
                for method in METHODS
            )
            assert exact.value == middle.value
            assert around.low <= exact.low <= around.high
            assert around.high - around.low < 0.01


def test_large_sets_go_on_exactly_while_little_must_be_kept_and_then_by_a_bracket(monkeypatch):
    assert HALF_SUMS == 2**22  # 44 scores: two halves of 22
    low, high = np.arange(30.0), np.arange(30.0) + 100.5
    certain = p_value(high, low)
    assert certain.method == "meet in the middle"
    assert certain.value == 1 / comb(60, 30)
    monkeypatch.setattr("lab.bias.exact.HALF_SUMS", 1 << 12)
    mixed = np.random.default_rng(0).normal(size=60)
    found = p_value(mixed[:30], mixed[30:], cells=1 << 14)
    assert found.method == "bracket"
    assert found.value is None
    assert 0 < found.high - found.low < 0.01
    with pytest.raises(ValueError, match="choose the bracket"):
        p_value(mixed[:30], mixed[30:], method="enumeration")


def test_the_bracket_holds_the_count_of_a_sum_that_is_known():
    # Of 60 ones and 60 zeros, 60 chosen: a sum of 40 or more is hypergeometric.
    values = np.repeat([1.0, 0.0], 60)
    right = sum(comb(60, k) * comb(60, 60 - k) for k in range(40, 61))
    low, high = bracket(values, 60, 39.5, 5000)
    assert low <= right <= high
    assert high / low < 1 + 1e-9


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (([], [1]), "one score or more"),
        (([1, np.inf], [1]), "not finite"),
        (([1] * 900, [1] * 200), "at most 1000"),
    ],
)
def test_bad_scores_are_refused(given, said):
    with pytest.raises(ValueError, match=said):
        p_value(*given)
    with pytest.raises(ValueError, match="choose greater"):
        p_value([1], [2], alternative="larger")
    with pytest.raises(ValueError, match="choose count"):
        p_value([1], [2], ties="half")
