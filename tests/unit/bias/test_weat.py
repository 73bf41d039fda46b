"""WEAT against numbers worked out by hand, real vectors and published values."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from lab.bias import leave_one_out, weat, wefat
from lab.bias.files import read_vectors
from lab.bias.stimuli import published, weat_test
from lab.bias.weat import effect_size, from_associations

WORD2VEC = Path(__file__).parents[4] / "shared" / "data" / "bias" / "w2v_weat_subset.npz"
real = pytest.mark.skipif(not WORD2VEC.exists(), reason="the real word2vec vectors are not here")
A, B = [(1, 0)], [(0, 1)]
X, Y = [(3, 4), (1, 0)], [(4, 3), (0, 1)]


def real_sets(key: str, variant: str = "") -> list[np.ndarray]:
    stimuli = weat_test(key, variant)
    found = read_vectors(WORD2VEC, stimuli.words)
    known = set(found.words)
    return [found.of(w for w in one.words if w in known) for one in stimuli.sets.values()]


def test_the_toy_that_can_be_done_by_hand():
    found = weat(X, Y, A, B)
    assert found.associations == pytest.approx([-0.2, 1, 0.2, -1])
    assert found.statistic == pytest.approx(1.6)
    assert found.effect_size == pytest.approx(0.4 * 2 / math.sqrt(2.08 / 3))  # 0.9608
    assert weat(X, Y, A, B, ddof=0).effect_size == pytest.approx(0.8 / math.sqrt(0.52))  # 1.1094
    assert found.p_value == found.p_low == found.p_high == pytest.approx(1 / 3)
    assert weat(X, Y, A, B, ties="strict").p_value == pytest.approx(1 / 6)
    assert (found.partitions, found.method, found.sizes) == (6, "enumeration", (2, 2))
    assert found.first == pytest.approx([-0.2, 1])
    assert found.second == pytest.approx([0.2, -1])


def test_the_effect_size_saturates_at_any_magnitude():
    for lean in (1.0, 1e-3):
        a, b = (1, lean), (1, -lean)
        found = [weat([a, a], [b, b], [a, a], [b, b], ddof=ddof).effect_size for ddof in (0, 1)]
        assert found == pytest.approx([2, math.sqrt(3)])


def test_exchanging_sets_turns_signs_and_lengths_play_no_part():
    rng = np.random.default_rng(1)
    x, y, a, b = (rng.normal(size=(5, 7)) for _ in range(4))
    found = weat(x, y, a, b)
    for other in (weat(y, x, a, b), weat(x, y, b, a)):
        assert other.statistic == pytest.approx(-found.statistic)
        assert other.effect_size == pytest.approx(-found.effect_size)
    assert weat(y, x, a, b, alternative="less").p_value == found.p_value
    scaled = weat(1e200 * x, 1e-200 * y, 3 * a, b)
    assert scaled.associations == pytest.approx(found.associations)


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        (([], Y, A, B), "X is empty"),
        ((X, Y, A, [(0, 0)]), "Vector 1 of B is all zeros"),
        ((X, [(1, 1), (0, np.nan)], A, B), "Vector 2 of Y has numbers that are not finite"),
        ((X, Y, [(1, 0, 0)], B), "same number of dimensions"),
        ((X, Y, [1, 0], B), "shape"),
        (([(1, 0), (1, 0, 0)], Y, A, B), "same length"),
    ],
)
def test_bad_sets_are_refused_in_a_sentence(sets, said):
    with pytest.raises(ValueError, match=said):
        weat(*sets)


def test_small_unequal_and_repeated_sets_have_a_meaning():
    one = weat([(1, 0)], [(0, 1)], A, B)
    assert one.effect_size == pytest.approx(math.sqrt(2))
    assert one.p_value == 1 / 2
    more = weat([(1, 0)], [(0, 1), (3, 4), (4, 3)], A, B)
    assert (more.partitions, more.p_value) == (4, 1 / 4)
    twice = weat([(1, 0), (1, 0)], [(0, 1), (1, 0)], A, B)  # three words tie
    assert twice.p_value == 1 / 2


def test_no_spread_has_no_effect_size():
    found = weat([(1, 1)] * 2, [(1, 1)] * 2, A, B)
    assert math.isnan(found.effect_size)
    assert found.p_value == 1
    assert weat([(1, 1)] * 2, [(1, 1)] * 2, A, B, ties="strict").p_value == 0
    assert effect_size([0.3, 0.3], [0.3], plus=1e-8) == 0
    with pytest.raises(ValueError, match="ddof"):
        effect_size([1], [2], ddof=2)


def test_wefat_speaks_of_one_word():
    found = wefat([(1, 0), (1, 1)], [(1, 0), (3, 4)], [(0, 1)], ddof=0)
    cosines = np.array([1, 0.6, 0])
    assert found[0] == pytest.approx(0.8 / cosines.std())
    assert wefat([(1, 0)], [(1, 0), (3, 4)], [(0, 1)])[0] == pytest.approx(
        0.8 / cosines.std(ddof=1)
    )
    assert math.isnan(wefat([(1, 1)], [(1, 0)], [(0, 1)])[0])


def test_leaving_each_word_out():
    found = leave_one_out(X, Y, A, B)
    assert [(one.group, one.place) for one in found] == [("X", 0), ("X", 1), ("Y", 0), ("Y", 1)]
    assert found[0].result.associations == pytest.approx([1, 0.2, -1])
    assert found[1].result.associations == pytest.approx([-0.2, 0.2, -1])
    assert found[0].result.statistic == pytest.approx(1.8)
    assert found[0].result.p_value == 1 / 3


@real
def test_nine_published_values_of_word2vec_come_out_to_two_decimals():
    agree = 0
    for number in range(1, 11):
        key = f"weat{number}"
        variant = "WEFE 1.0.1, CEAT" if number == 9 else ""
        found = weat(*real_sets(key, variant), method="bracket", cells=2000).effect_size
        agree += round(found, 2) == published(key)["word2vec_d"]
    assert agree == 9  # of the tenth, "Billy" is not among the vectors


@real
def test_p_values_of_real_vectors():
    assert weat(*real_sets("weat7")).p_value == 292 / 12870
    fourth = weat(*real_sets("weat4"))
    assert fourth.method == "meet in the middle"
    assert fourth.p_value == 7000 / 601080390
    first = weat(*real_sets("weat1"))
    assert first.p_value == pytest.approx(2.63340244e-10, rel=1e-8)
    around = weat(*real_sets("weat1"), method="bracket", cells=1 << 14)
    assert around.p_low < first.p_value < around.p_high
    third = weat(*real_sets("weat3"), cells=1 << 14)
    assert third.method == "bracket"
    assert third.p_value is None
    assert 0.008 < third.p_low < 0.0085276 < third.p_high < 0.0095


def test_scores_of_any_size_can_be_compared():
    found = from_associations([1e6, 2e6], [0, 1e6 + 1e-7], scale=None)
    assert found.p_value == 2 / 6  # 1e6 and 1e6 + 1e-7 are as good as equal
