"""Positions: the formula, the rotation that shifts it, and what a permutation does."""

import math

import numpy as np
import pytest
import torch

from lab.attention.positions import (
    best_shift,
    learned,
    order_of,
    permuted,
    shift,
    shift_error,
    shifted,
    sinusoidal,
)
from lab.attention.vectors import VectorsError, embed, weights
from lab.models import attention as models

WORDS = ["the", "animal", "thinks", "it", "won"]
X = embed(WORDS, 4, 2)
W = tuple(weights(4, 2).values())


@pytest.mark.parametrize(("length", "width"), [(1, 2), (5, 4), (200, 64)])
def test_sines_and_cosines_are_those_of_the_labs_transformers(length, width):
    right = models.sinusoidal(length, width, torch.device("cpu")).numpy()
    assert np.allclose(sinusoidal(length, width), right, atol=2e-5)  # theirs is in float32


def test_sines_and_cosines_by_hand():
    table = sinusoidal(3, 4)
    assert table[0].tolist() == [0, 1, 0, 1]
    assert np.allclose(table[2], [math.sin(2), math.cos(2), math.sin(0.02), math.cos(0.02)])


@pytest.mark.parametrize("k", [0, 1, 5, 63, -3])
def test_one_rotation_shifts_every_position(k):
    table, matrix = sinusoidal(64, 16), shift(16, k)
    if k >= 0:
        assert shift_error(table, matrix, k) < 1e-12
    else:
        assert np.allclose(table[3:] @ matrix, table[:-3])
    assert np.allclose(matrix @ matrix.T, np.eye(16))  # a rotation
    assert np.allclose(shift(16, 2) @ shift(16, 3), shift(16, 5))


def test_the_wrong_shift_is_found_out():
    assert shift_error(sinusoidal(64, 16), shift(16, 4), 5) > 0.5
    assert np.array_equal(shifted(np.eye(3), np.eye(3), 1), np.eye(3)[:2])


def test_random_vectors_have_no_such_matrix():
    table = learned(64, 16, 0)
    assert 0.4 < (table**2).mean() < 0.6
    best = best_shift(table, 5)
    assert shift_error(table, best, 5) > 1
    right = torch.linalg.lstsq(torch.tensor(table[:-5]), torch.tensor(table[5:])).solution
    assert np.allclose(best, right.numpy(), atol=1e-9)
    assert shift_error(sinusoidal(64, 16), best_shift(sinusoidal(64, 16), 5), 5) < 1e-9


def test_too_few_positions_prove_nothing():
    with pytest.raises(VectorsError, match="take more positions"):
        best_shift(learned(20, 16), 4)


@pytest.mark.parametrize("width", [0, 1, 7])
def test_an_odd_width_is_refused(width):
    with pytest.raises(VectorsError, match="no even number"):
        sinusoidal(4, width)


@pytest.mark.parametrize("order", [(4, 0, 1, 2, 3), (4, 3, 2, 1, 0), (0, 1, 2, 3, 4)])
@pytest.mark.parametrize("heads", [1, 2, 4])
def test_attention_is_permutation_equivariant(order, heads):
    found = permuted(X, order, *W, heads=heads)
    assert np.abs(found.difference).max() < 1e-12
    assert np.allclose(found.after.output, found.before.output[list(order)])


def test_positions_and_the_mask_each_end_it():
    order = (4, 0, 1, 2, 3)
    places = sinusoidal(5, 4)
    assert np.abs(permuted(X, order, *W, positions=places).difference).max() > 0.1
    assert np.abs(permuted(X, order, *W, causal=True).difference).max() > 0.1
    stays = permuted(X, range(5), *W, positions=places, causal=True)
    assert np.abs(stays.difference).max() == 0
    # The positions stay where they are: only words move.
    moved = permuted(X, order, *W, positions=places).after
    assert np.allclose(moved.x, X[list(order)] + places)


@pytest.mark.parametrize("order", [(0, 1), (0, 0, 1, 2, 3), (1, 2, 3, 4, 5)])
def test_an_order_that_is_none(order):
    with pytest.raises(VectorsError, match="each of the 5 words once"):
        permuted(X, order, *W)


def test_orders_are_read():
    assert order_of("3 1 2", 3) == (2, 0, 1)
    assert order_of("3,1, 2", 3) == (2, 0, 1)
    for text in ("", "1 2", "1 1 2", "1 2 4", "a b c", "1 2 ²", "0 1 2", "1 2 -3", "1 2 3.0"):
        with pytest.raises(VectorsError, match="Write each number from 1 to 3 once"):
            order_of(text, 3)
