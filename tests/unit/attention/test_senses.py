"""Sentences that are read and checked; projections, neighbours and shares known by hand."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
import torch

from lab.attention import senses
from lab.attention.senses import (
    UNSAID,
    SensesError,
    Sentence,
    chance,
    check,
    cosines,
    load,
    neighbours,
    per_layer,
    project,
    read,
    same_sense,
    silhouette,
    span_of,
)


def some(*texts: str, sense: str = "a") -> list[Sentence]:
    return [Sentence(sense, text) for text in texts]


@pytest.mark.parametrize("word", senses.WORDS)
def test_the_labs_sentences_pass_their_own_checks(word):
    found = load(word)
    check(found, word)
    counts = Counter(sentence.sense for sentence in found)
    assert len(counts) >= 3
    assert set(counts.values()) == {6}  # equal shares: chance is the same for each
    assert not any(sentence.own for sentence in found)


def test_bank_has_the_four_senses_of_the_lecture():
    assert {s.sense for s in load("bank")} == {"money", "river", "row", "rely"}


def test_there_are_no_sentences_for_other_words():
    with pytest.raises(SensesError, match="write your own"):
        load("../../etc/passwd")


def test_own_sentences_have_a_sense_or_none():
    found = read("river | The bank is wet. \n\n  A bank. \n a | b | c")
    assert found == [
        Sentence("river", "The bank is wet.", True),
        Sentence(UNSAID, "A bank.", True),
        Sentence("a", "b | c", True),
    ]


@pytest.mark.parametrize(
    ("sentence", "word", "span"),
    [
        ("The bank is closed.", "bank", (4, 8)),
        ("Bank on it.", "bank", (0, 4)),
        ("Two banks and a bank!", "bank", (16, 20)),
        ("A riverbank.", "bank", None),
        ("What? C++ is old.", "C++", (6, 9)),
        ("Die Wände", "wände", (4, 9)),
    ],
)
def test_a_word_is_a_whole_word(sentence, word, span):
    assert span_of(sentence, word) == span


@pytest.mark.parametrize(
    ("found", "word", "said"),
    [
        (some("a bank", "the bank"), "bank", "at least 3"),
        (some(*(f"bank {n}" for n in range(201))), "bank", "at most 200"),
        (some("a bank", "the bank", "two banks"), "bank", "“two banks” does not have"),
        (some("a bank", "the bank", "bank " * 81), "bank", "longer than 400"),
        (some("a bank", "the bank", "A BANK"), "bank", "there twice"),
        (some("a bank", "the bank", "my bank"), "  ", "Write the word"),
        (some("a bank", "the bank", "my bank"), "b" * 31, "longer than 30"),
        (some("a bank", "the bank", "my bank", sense="s" * 31), "bank", "long name"),
        ([Sentence(str(n), f"bank {n}") for n in range(7)], "bank", "7 senses"),
    ],
)
def test_what_cannot_be_compared_gets_one_sentence(found, word, said):
    with pytest.raises(SensesError, match=said) as caught:
        check(found, word)
    assert str(caught.value).count(". ") == 0


def test_the_bounds_themselves_pass():
    check(some(*(f"bank {n}" for n in range(200))), "bank")
    check(some("a bank", "the bank", ("bank " * 81)[:400]), "bank")
    check([Sentence(str(n), f"bank {n}") for n in range(6)], "bank")


def test_a_projection_by_hand():
    # A cross: four steps along one diagonal, two along the other, in a plane of three dimensions.
    points, shares = project([[2, 2, 5], [-2, -2, 5], [1, -1, 5], [-1, 1, 5]])
    root = 2**0.5
    assert np.allclose(points[:2], [[2 * root, 0], [-2 * root, 0]])
    assert np.allclose(np.abs(points[2:]), [[0, root], [0, root]])
    assert np.allclose(shares, [0.8, 0.2])  # 16 and 4 of 20


def test_a_projection_is_that_of_torch_up_to_its_sign():
    x = np.random.default_rng(3).normal(size=(20, 7))
    points, shares = project(x, axes=3)
    _, strengths, directions = torch.pca_lowrank(torch.tensor(x), q=7, niter=20)
    others = (torch.tensor(x - x.mean(0)) @ directions[:, :3]).numpy()
    assert np.allclose(np.abs(points), np.abs(others), atol=1e-6)
    assert np.allclose(shares, (strengths**2 / (strengths**2).sum())[:3].numpy())


def test_the_sign_does_not_flip_with_the_order_of_the_sentences():
    x = np.random.default_rng(4).normal(size=(9, 5))
    order = np.random.default_rng(5).permutation(9)
    assert np.allclose(project(x)[0][order], project(x[order])[0])


def test_vectors_that_are_all_the_same_have_no_variance():
    points, shares = project(np.full((4, 3), 0.1))
    assert not points.any()
    assert not shares.any()


@pytest.mark.parametrize("x", [[[1.0, 2.0]], [[1.0], [float("nan")]], [1.0, 2.0]])
def test_what_cannot_be_projected(x):
    with pytest.raises(SensesError):
        project(x)


ANGLES = np.radians([0, 10, 100, 130, 260])  # nearest: 1, 0, 3, 2, and for 260 it is 0 (100 away)
FAN = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1) * [[1], [5], [2], [3], [4]]


def test_neighbours_are_those_of_the_smallest_angle():
    order, cosine = neighbours(FAN, 2)
    assert order.tolist() == [[1, 2], [0, 2], [3, 1], [2, 1], [0, 1]]
    assert cosine[4, 0] == pytest.approx(np.cos(np.radians(100)))
    assert neighbours(FAN, 9)[0].shape == (5, 4)


def test_a_vector_of_zeros_has_no_angle():
    assert cosines([[0, 0], [1, 0], [1, 1]])[0].tolist() == [0, 0, 0]


def test_shares_of_neighbours_by_hand():
    assert same_sense(FAN, list("aabba")) == 1
    assert same_sense(FAN, list("ababa")) == pytest.approx(1 / 5)  # only the last one's is its own
    assert same_sense(FAN, list("aabbc")) == 1  # c is alone and is not counted
    assert same_sense(FAN, list("aaaaa")) is None
    assert same_sense(FAN, list("abcde")) is None


def test_neighbours_that_are_equally_near_share():
    # All vectors point one way: nothing is known, and it must be what a lot would give.
    flat = np.ones((6, 4)) * np.arange(1, 7)[:, None]
    kinds = list("aaabbb")
    assert same_sense(flat, kinds) == pytest.approx(2 / 5)
    assert same_sense(flat, kinds) == pytest.approx(chance(kinds))


def test_chance_is_the_mean_over_all_neighbours_that_can_be_drawn():
    kinds = [*"aaabbc"]
    hits = Counter()
    for one, other in itertools.permutations(range(6), 2):
        hits[one] += kinds[one] == kinds[other]
    counted = [hits[place] / 5 for place in range(5)]  # c is alone
    assert chance(kinds) == pytest.approx(sum(counted) / 5)
    assert chance([*"aa", UNSAID, UNSAID]) is None
    assert chance([*"aabb", UNSAID]) == chance([*"aabb"])


def test_a_silhouette_by_hand():
    # Two pairs at right angles: distance 0 within, 1 between.
    x = [[1, 0], [2, 0], [0, 1], [0, 3]]
    assert silhouette(x, list("aabb")) == pytest.approx(1)
    # Mixed: own distance 1; to the other sense (0 + 1) / 2.
    assert silhouette(x, list("abab")) == pytest.approx(-0.5)
    # b is alone and has 0; each a: own (0 + 1) / 2 or (1 + 1) / 2, next 1 or 0.
    assert silhouette(x, list("aaab")) == pytest.approx((0.5 / 1 + 0.5 / 1 - 1 + 0) / 4)
    assert silhouette(np.ones((4, 2)), list("aabb")) == 0


def test_layers_are_compared_without_the_sentences_that_have_no_sense():
    told = [[1, 0], [1, 0.1], [0, 1], [0.1, 1], [0.5, 0.5]]
    same = [[1, 1]] * 5
    first, second = per_layer([same, told], [*"aabb", UNSAID])
    assert (first["layer"], second["layer"]) == (0, 1)
    assert first["same_sense"] == pytest.approx(1 / 3)
    assert second["same_sense"] == 1
    assert first["silhouette"] == 0 < second["silhouette"]
    assert per_layer([told], [UNSAID] * 5)[0]["same_sense"] is None
