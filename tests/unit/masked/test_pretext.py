"""What is hidden, how much of it, and that chance can be repeated."""

from __future__ import annotations

import numpy as np
import pytest

from lab.masked.pretext import corrupt
from lab.masked.vocabulary import CLS, MASK, SEP

V = 50


@pytest.fixture
def ids():
    rows = np.random.default_rng(3).integers(10, V, (100, 42))
    rows[:, 0], rows[:, -1] = CLS, SEP  # 4,000 ordinary tokens
    return rows


def test_shares_are_exact(ids):
    found = corrupt(ids, np.random.default_rng(0), V)
    assert len(found.places) == 600  # 15 % of 4,000
    assert np.bincount(found.fates).tolist() == [480, 60, 60]  # 80, 10 and 10 %


def test_a_fraction_of_a_token_is_drawn():
    row = np.array([[CLS, 7, 8, 9, 10, 11, 12, SEP]])  # 15 % of 6 is 0.9
    random = np.random.default_rng(4)
    numbers = [len(corrupt(row, random, V, share=0.4).places) for _ in range(1000)]
    assert set(numbers) == {2, 3}  # 2.4
    assert np.mean(numbers) == pytest.approx(2.4, abs=0.06)  # four standard deviations
    assert {len(corrupt(row, random, V).places) for _ in range(100)} == {1}  # never none


def test_only_chosen_tokens_change_and_special_ones_never(ids):
    found = corrupt(ids, np.random.default_rng(1), V)
    before, after = ids.ravel(), found.ids.ravel()
    assert set(np.flatnonzero(before != after)) <= set(found.places)
    np.testing.assert_array_equal(before[found.places], found.targets)
    assert not np.isin(found.targets, (CLS, SEP)).any()
    assert (after[found.places[found.fates == 0]] == MASK).all()
    assert (after[found.places[found.fates == 1]] >= 5).all()
    np.testing.assert_array_equal(
        after[found.places[found.fates == 2]], found.targets[found.fates == 2]
    )
    assert (np.diff(found.places) > 0).all()


def test_some_tokens_can_be_chosen_more_often(ids):
    ids[:, 1:11] = 9  # 1,000 pronouns among 4,000 tokens
    found = corrupt(ids, np.random.default_rng(2), V, 0.2, np.array([9]), 0.35)
    assert (found.targets == 9).sum() == 350
    assert (found.targets != 9).sum() == 600


def test_the_same_generator_gives_the_same_batch(ids):
    one, two, other = (corrupt(ids, np.random.default_rng(seed), V) for seed in (5, 5, 6))
    np.testing.assert_array_equal(one.ids, two.ids)
    assert not np.array_equal(one.places, other.places)


def test_a_row_of_special_tokens_stays_as_it_is():
    found = corrupt(np.array([[CLS, SEP]]), np.random.default_rng(0), V)
    assert len(found.places) == 0
    assert found.ids.tolist() == [[CLS, SEP]]
