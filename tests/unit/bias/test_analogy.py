"""Analogies and debiasing on vectors that can be drawn on paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lab.bias import debias as d
from lab.bias.analogy import analogy, neighbours
from lab.bias.files import read_vectors
from lab.bias.weat import weat

WORD2VEC = Path(__file__).parents[4] / "shared" / "data" / "bias" / "w2v_weat_subset.npz"
PLANE = {"man": (1, 0, 0.2), "woman": (0, 1, 0.2), "king": (1, 0, 1), "queen": (0, 1, 1),
         "pear": (-1, -1, 0.1)}  # fmt: skip
WORDS, TABLE = list(PLANE), np.array(list(PLANE.values()), dtype=float)


def test_both_methods_against_their_formulas():
    unit = TABLE / np.linalg.norm(TABLE, axis=1, keepdims=True)
    cos = unit @ unit.T
    found = analogy(WORDS, TABLE, "man", "king", "woman")
    assert [one.word for one in found] == ["queen", "pear"]
    assert found[0].score == pytest.approx(cos[3, 2] - cos[3, 0] + cos[3, 1])
    product = analogy(WORDS, TABLE, "man", "king", "woman", method="3CosMul")
    moved = (cos + 1) / 2
    assert product[0].word == "queen"
    assert product[0].score == pytest.approx(moved[3, 2] * moved[3, 1] / (moved[3, 0] + 0.001))


def test_given_words_come_back_when_they_are_not_left_out():
    near = np.array([(1, 0.1), (1, -0.1), (0.1, 1), (-1, 0.5)])
    found = analogy(["man", "woman", "doctor", "x"], near, "man", "doctor", "woman", exclude=False)
    assert (found[0].word, found[0].given) == ("doctor", True)
    assert len(found) == 4
    left_out = analogy(["man", "woman", "doctor", "x"], near, "man", "doctor", "woman")
    assert [one.word for one in left_out] == ["x"]


def test_unknown_words_and_methods():
    with pytest.raises(ValueError, match="“emu” has no vector"):
        analogy(WORDS, TABLE, "man", "emu", "woman")
    with pytest.raises(ValueError, match="no method"):
        analogy(WORDS, TABLE, "man", "king", "woman", method="sum")
    with pytest.raises(ValueError, match="one vector"):
        analogy(WORDS[:4], TABLE, "man", "king", "woman")
    with pytest.raises(ValueError, match="no vector"):
        neighbours(WORDS, TABLE, "emu")


def test_neighbours_by_cosine():
    found = neighbours(WORDS, TABLE, "king", 2)
    assert [word for word, _ in found] == ["man", "queen"]
    assert found[1][1] == pytest.approx(0.5)


def test_a_direction_from_pairs_and_its_part_taken_out():
    found = d.direction(TABLE[[0, 2]], TABLE[[1, 3]])
    assert found.vector == pytest.approx(np.array([1, -1, 0]) / np.sqrt(2))
    assert found.shares == pytest.approx([1, 0], abs=1e-12)
    assert d.direction(TABLE[[1, 3]], TABLE[[0, 2]]).vector == pytest.approx(-found.vector)
    leaning = TABLE @ found.vector
    assert leaning[0] > 0 > leaning[1]
    flat = d.neutralise(TABLE[2:], found.vector)
    assert flat @ found.vector == pytest.approx(0, abs=1e-12)
    assert np.linalg.norm(flat, axis=1) == pytest.approx(1)
    for given in ((TABLE[:1], TABLE[:2]), (TABLE[:1], TABLE[:1])):
        with pytest.raises(ValueError, match="pair"):
            d.direction(*given)
    with pytest.raises(ValueError, match="Word 1 lies along"):
        d.neutralise([found.vector], found.vector)


def test_the_test_becomes_quiet_and_the_neighbours_stay():
    # Two clusters that lie apart along the direction, and along another one too.
    rng = np.random.default_rng(0)
    side = np.repeat([1.0, -1.0], 8)
    table = np.column_stack([side, side, *rng.normal(0, 0.3, (4, 16))])
    he, she = np.eye(6)[0], -np.eye(6)[0]
    along = d.direction([he], [she]).vector
    flat = d.neutralise(table, along)
    before = weat(table[:8], table[8:], [he], [she])
    after = weat(flat[:8], flat[8:], [he], [she])
    assert before.effect_size > 1.5
    assert abs(after.statistic) < 1e-12
    stayed = d.kept(table, flat, side > 0, count=5)
    assert stayed.before == 1
    assert stayed.after > 0.9
    assert stayed.chance == pytest.approx(7 / 15)
    drawn = d.kept(table, rng.normal(size=(16, 6)), side > 0, count=5)
    assert drawn.after == pytest.approx(7 / 15, abs=0.2)
    with pytest.raises(ValueError, match="two words"):
        d.kept(table, flat, [True] * 15 + [False])


@pytest.mark.skipif(not WORD2VEC.exists(), reason="the real word2vec vectors are not here")
def test_a_known_analogy_of_real_vectors():
    whole = np.load(WORD2VEC, allow_pickle=False)
    found = analogy(whole["words"].tolist(), whole["vectors"], "he", "brother", "she")
    assert found[0].word == "sister"
    with_given = analogy(
        whole["words"].tolist(), whole["vectors"], "man", "executive", "woman", exclude=False
    )
    assert with_given[0].word == "executive"
    pairs = read_vectors(WORD2VEC, ["he", "man", "boy", "she", "woman", "girl"]).vectors
    assert d.direction(pairs[:3], pairs[3:]).shares[0] > 0.4
