"""The start of a masked model: word vectors from counts, heads that look at a neighbour."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lab.masked.initialise import initialise, waves, word_vectors
from lab.models.bert import Bert


@pytest.fixture
def model():
    torch.manual_seed(3)
    return Bert(60, width=64, layers=3, heads=8, context=48)


def test_words_of_the_same_company_have_similar_vectors():
    random = np.random.default_rng(0)
    rows = random.integers(20, 40, (3000, 9))
    rows[:, 4] = random.integers(5, 7, 3000)  # 5 and 6 are strangers to each other, never near
    rows[:1500, 3], rows[1500:, 3] = 10, 11
    rows[:1500, 5], rows[1500:, 5] = 12, 13
    rows[:1500, 4] = 5 + 2 * (random.random(1500) < 0.5)  # 5 and 7 stand between 10 and 12
    rows[1500:, 4] = 6 + 2 * (random.random(1500) < 0.5)  # 6 and 8 between 11 and 13
    vectors = word_vectors({9: rows.astype(np.uint16)}, 60, 10).numpy()
    near = vectors @ vectors.T
    assert near[5, 7] > 0.9
    assert near[6, 8] > 0.9
    assert near[5, 6] < 0.6
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[5] == pytest.approx(1, abs=1e-5)
    assert lengths[50] == 0  # never seen
    again = word_vectors({9: rows.astype(np.uint16)}, 60, 10).numpy()
    np.testing.assert_array_equal(vectors, again)


def test_the_first_heads_look_at_their_neighbours():
    torch.manual_seed(3)
    model = Bert(60, width=256, layers=3, heads=8, context=48)
    vectors = np.random.default_rng(0).standard_normal((60, 192))
    initialise(model, vectors / np.linalg.norm(vectors, axis=1)[:, None], np.ones(60))
    ids = torch.randint(5, 60, (20, 40), generator=torch.Generator().manual_seed(0))
    _, attentions = model(ids, weights=True)
    for layer in (0, 1):
        for head, offset in enumerate((-1, 1, -2, 2, -3, 3)):
            weights = attentions[layer][:, head]
            right = weights.diagonal(offset=offset, dim1=1, dim2=2).mean()
            assert right > 0.6, (layer, head)
            for other in range(-3, 4):
                if other != offset:
                    there = weights.diagonal(offset=other, dim1=1, dim2=2).mean()
                    assert there < right / 4, (layer, head, other)
    free = attentions[0][:, 7].diagonal(offset=1, dim1=1, dim2=2).mean()
    assert free < 0.1


def test_the_bias_is_the_frequency(model):
    counts = np.arange(60)
    initialise(model, None, counts)
    shares = torch.softmax(model.bias.detach(), 0)
    np.testing.assert_allclose(shares, (counts + 1) / (counts + 1).sum(), rtol=1e-5)


def test_vectors_fill_the_part_that_positions_leave(model):
    vectors = np.zeros((60, 40), dtype=np.float16)
    vectors[7, 2] = 1
    before = model.embedding.weight[8].clone()
    initialise(model, vectors, np.ones(60))
    row = model.embedding.weight[7].detach()
    assert row[64 - 40 + 2] == pytest.approx(0.05 * 40**0.5, rel=1e-3)
    assert (row[24:] != 0).sum() == 1
    torch.testing.assert_close(model.embedding.weight[8, 16:], before[16:])  # no vector: as it was


def test_waves_are_sines_of_rising_length():
    table = waves(10, 4)
    assert table.shape == (10, 4)
    assert table[0].tolist() == [0, 1, 0, 1]
    np.testing.assert_allclose(table[1, 0], np.sin(2 * np.pi / 3), rtol=1e-5)
    np.testing.assert_allclose(table[1, 2], np.sin(2 * np.pi / 400), rtol=1e-5)
