"""The lecture's argument for the root of d, by known answers and by autograd."""

import math

import numpy as np
import pytest
import torch

from lab.attention.saturation import DIMENSIONS, draw_scores, jacobian_norm, measure


def test_the_jacobian_of_a_softmax_is_pytorchs():
    scores = torch.randn(6, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    p = torch.softmax(3 * scores, dim=-1).numpy()
    for row, found in zip(3 * scores, jacobian_norm(p), strict=True):
        right = torch.autograd.functional.jacobian(lambda s: torch.softmax(s, dim=-1), row)
        assert found == pytest.approx(float(torch.linalg.norm(right)), abs=1e-12)


def test_the_jacobian_by_hand():
    # p = (1/2, 1/2): 1/4 on the diagonal, -1/4 beside it, so the norm is sqrt(4 / 16).
    assert jacobian_norm(np.array([0.5, 0.5])) == pytest.approx(0.5)
    assert jacobian_norm(np.array([1.0, 0.0, 0.0])) == 0


def test_variance_grows_as_d_and_the_division_brings_it_back():
    found = measure(draws=4000)
    for one in found:
        right = 1 if one.scaled else one.d
        assert one.variance == pytest.approx(right, rel=0.15)


def test_without_the_division_the_softmax_saturates():
    found = {(one.d, one.scaled): one for one in measure()}
    plain, scaled = found[1024, False], found[1024, True]
    assert plain.largest > 0.95 > 0.5 > scaled.largest
    assert plain.entropy < 0.2 < 2 < scaled.entropy < 3  # of log2(8) = 3 bits
    assert plain.gradient < scaled.gradient / 5
    same = found[1, False], found[1, True]
    assert same[0].largest == same[1].largest  # sqrt(1) changes nothing


def test_both_of_a_d_are_of_the_same_vectors_and_a_seed_repeats():
    plain, scaled = measure([16])
    assert scaled.variance == pytest.approx(plain.variance / 16)
    assert measure([16]) == [plain, scaled]
    assert measure([16], seed=1)[0] != plain


def test_a_score_is_a_dot_product_of_normal_numbers():
    one = draw_scores(1, keys=3, draws=2000)
    assert one.shape == (2000, 3)
    assert one.var() == pytest.approx(1, rel=0.15)
    assert math.log2(DIMENSIONS[-1]) == 10


@pytest.mark.parametrize("bad", [{"keys": 1}, {"draws": 1}, {"dimensions": [0]}])
def test_numbers_out_of_range(bad):
    with pytest.raises(ValueError, match="at least 2 keys"):
        measure(**bad)
