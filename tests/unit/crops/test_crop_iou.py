"""IoU and F1 by hand and against scikit-learn; the bootstrap against its known width."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, jaccard_score

from lab.crops.iou import (
    bootstrap,
    by_unit,
    confusion,
    counts,
    f1,
    iou,
    mean_iou,
    tile_ious,
)
from lab.crops.splits import tiles
from lab.crops.stack import UNKNOWN, CropError

TRUTH = np.array([[1, 1, 0, 0], [1, 0, 0, UNKNOWN]], np.uint8)
SAID = np.array([[1, 0, 1, 0], [1, 0, UNKNOWN, 1]], np.uint8)


def test_codes_by_hand():
    expected = [[1, 2, 3, 0], [1, 0, UNKNOWN, UNKNOWN]]
    assert confusion(TRUTH, SAID).tolist() == expected
    assert confusion(TRUTH, SAID).dtype == np.uint8
    assert counts(TRUTH, SAID) == {"TP": 2, "FN": 1, "FP": 1, "TN": 2}


def test_figures_by_hand():
    assert iou(TRUTH, SAID) == 2 / 4
    assert f1(TRUTH, SAID) == 4 / 6


def test_a_boolean_map_is_a_map():
    assert iou(TRUTH, SAID == 1) == 2 / 4


def test_scikit_learn_says_the_same():
    random = np.random.default_rng(0)
    truth, said = random.integers(0, 2, (2, 30, 40))
    flat = truth.ravel(), said.ravel()
    assert iou(truth, said) == pytest.approx(jaccard_score(*flat))
    assert f1(truth, said) == pytest.approx(f1_score(*flat))


def test_where_nothing_grows_and_nothing_is_said_it_is_undefined():
    nothing = np.zeros((2, 2), int)
    assert np.isnan(iou(nothing, nothing))
    assert np.isnan(f1(nothing, nothing))
    assert iou(nothing, nothing + 1) == 0


def test_another_shape_is_refused():
    with pytest.raises(CropError, match="cannot be judged"):
        confusion(TRUTH, SAID[:1])


def test_the_mean_over_tiles_leaves_empty_ones_out_and_counts_false_ones():
    truth, said = np.zeros((2, 4, 16), int)
    truth[:, :4] = 1
    said[:2, :4] = 1  # half of the first tile: 0.5
    said[0, 8] = 1  # nothing grows in the third: 0
    truth[:, 12:] = said[:, 12:] = UNKNOWN  # the fourth is left out, and the second is empty
    units = tiles(truth.shape, 4)
    assert tile_ious(truth, said, units)[[0, 2]].tolist() == [0.5, 0]
    assert np.isnan(tile_ious(truth, said, units)[[1, 3]]).all()
    assert mean_iou(truth, said, units) == 0.25
    assert np.isnan(mean_iou(truth * 0, said * 0, units))


def test_a_network_that_finds_nothing_has_zero_as_in_the_paper():
    truth = np.eye(8, dtype=int)
    assert mean_iou(truth, truth * 0, tiles(truth.shape, 4)) == 0


def test_units_by_hand_and_outside_of_them():
    units = np.array([[7, 7, 7, 9], [9, 9, 9, -1]])
    assert by_unit(TRUTH, SAID, units).tolist() == [[1, 3], [1, 1]]


def test_the_interval_of_a_mean_is_as_wide_as_it_should_be():
    values = np.random.default_rng(1).normal(0, 1, 400)
    low, high = bootstrap(np.append(values, np.nan))
    half = 1.96 * values.std() / 20
    assert low == pytest.approx(values.mean() - half, abs=0.02)
    assert high == pytest.approx(values.mean() + half, abs=0.02)
    assert (low, high) == bootstrap(values) != bootstrap(values, seed=1)


def test_the_interval_of_a_ratio_holds_it_and_weighs_units_by_their_size():
    joint_union = np.array([[90, 100]] * 20 + [[0, 1]] * 20)
    low, high = bootstrap(joint_union)
    assert low < 1800 / 2020 < high
    assert low > 0.85  # the small units hardly matter: an unweighted mean would be 0.45
    assert bootstrap(np.append(joint_union, [[0, 0]] * 50, 0)) == (low, high)


def test_an_interval_of_nothing_is_undefined():
    assert np.isnan(bootstrap(np.array([np.nan]))).all()


def test_many_units_are_drawn_in_pieces(monkeypatch):
    values = np.random.default_rng(2).random(50)
    whole = bootstrap(values, draws=100)
    monkeypatch.setattr("lab.crops.iou._AT_ONCE", 500)
    assert bootstrap(values, draws=100) == pytest.approx(whole)
