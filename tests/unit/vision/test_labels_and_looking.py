"""What is told of a scene is true, and attention is read where the answer is made."""

import numpy as np
import pytest

from lab.attention.rollout import rollout
from lab.seq2seq.scenes import load_scenes, scene_from_words
from lab.vision.labels import LABELS, WHAT, answers, object_places
from lab.vision.looking import (
    attending,
    chosen,
    has_class_token,
    places,
    pooling,
    read_by_head,
    rolled_out,
    share_on,
)

TWO = scene_from_words([(3, "blue", "square"), (1, "red", "circle")], "left of", 4)
ONE = scene_from_words([(2, "yellow", "triangle")])


@pytest.mark.parametrize(
    ("what", "two", "one"),
    [
        ("colour and shape", "blue square", "yellow triangle"),
        ("relation", "left of", "alone"),
        ("how many", "4", "2"),
    ],
)
def test_each_answer_is_that_of_the_scene(what, two, one):
    assert LABELS[what].answer(TWO.caption) == two
    assert LABELS[what].answer(ONE.caption) == one


@pytest.mark.parametrize("what", WHAT)
def test_every_class_occurs_in_training_and_answers_are_numbers_of_classes(what):
    corpus = load_scenes(600)
    classes = LABELS[what].classes
    found = answers(corpus, "train", what)
    assert set(found.tolist()) == set(range(len(classes)))
    held_out = answers(corpus, "held_out", what)
    assert classes[held_out[7]] == LABELS[what].answer(corpus.held_out.captions[7])


def test_the_object_is_where_its_pixels_are():
    grid, size = 6, 8
    background = np.median(TWO.image.reshape(-1, 3), axis=0)
    painted = (np.abs(TWO.image.astype(int) - background) > 40).any(2)
    touched = painted.reshape(grid, size, grid, size).any((1, 3)).ravel()
    both = object_places(TWO, "relation", grid)
    assert not (touched & ~both).any()
    larger = object_places(TWO, "colour and shape", grid)
    assert 0 < larger.sum() < both.sum()
    blue = (TWO.image[:, :, 2].astype(int) - TWO.image[:, :, 0] > 60).reshape(6, 8, 6, 8)
    assert not (blue.any((1, 3)).ravel() & ~larger).any()


def layers(heads=2, tokens=5, count=2, seed=0):
    weights = np.random.default_rng(seed).random((count, heads, tokens, tokens))
    return list(weights / weights.sum(3, keepdims=True))


def test_a_class_token_is_read_from_its_row_in_the_last_layer():
    made = layers()
    assert has_class_token(made, 2)
    row = made[-1].mean(0)[0, 1:]
    assert read_by_head(made, 2) == pytest.approx(row / row.sum())
    rolled = rollout(np.stack(made))[-1][0, 1:]
    assert rolled_out(made, 2) == pytest.approx(rolled / rolled.sum())


def test_a_pooling_is_read_from_its_own_weights():
    attention, pool = layers(heads=1, tokens=4, count=1)[0], np.array([[[0.1, 0.2, 0.3, 0.4]]])
    made = [attention, pool]
    assert not has_class_token(made, 2)
    assert len(attending(made)) == 1
    assert read_by_head(made, 2) == pytest.approx([0.1, 0.2, 0.3, 0.4])
    half = 0.5 * attention[0] + 0.5 * np.eye(4)
    assert rolled_out(made, 2) == pytest.approx(np.array([0.1, 0.2, 0.3, 0.4]) @ half)


def test_a_plain_mean_is_read_as_what_all_places_looked_at():
    made = layers(heads=1, tokens=4, count=1)
    assert pooling(made) is None
    assert read_by_head(made, 2) == pytest.approx(made[0][0].mean(0))
    assert rolled_out(made, 2).sum() == pytest.approx(1)


def test_shares_and_places():
    region = np.array([True, False, False, True])
    assert share_on(np.array([0.5, 0.1, 0.2, 0.2]), region) == pytest.approx(0.7)
    assert places(np.array([9, 1, 2, 3, 4]), 2).tolist() == [1, 2, 3, 4]


def test_what_is_chosen_is_that_row():
    made = layers(heads=2, tokens=5, count=3)
    assert chosen(made, 2, 1, 0, 3) == pytest.approx(made[1][0][4, 1:])
    assert chosen(made, 2, 1, None, 0) == pytest.approx(made[1].mean(0)[1, 1:])
    assert chosen(made, 2, -1, 1, None) == pytest.approx(made[2][1][0, 1:])
    rolled = rollout(np.stack(made))[-1]
    assert chosen(made, 2, None, None, 2) == pytest.approx(rolled[3, 1:])
    assert chosen(made, 2, None) == pytest.approx(rolled[0, 1:])
    assert chosen(made, 2, 9, 9) == pytest.approx(made[2][1][0, 1:])  # the last it has


def test_what_is_chosen_of_a_network_that_pools():
    attention, pool = layers(heads=1, tokens=4, count=1)[0], np.array([[[0.1, 0.2, 0.3, 0.4]]])
    made = [attention, pool]
    assert chosen(made, 2, -1) == pytest.approx(pool[0, 0])
    assert chosen(made, 2, 0) == pytest.approx(attention[0].mean(0))
    assert chosen(made, 2, -1, None, 2) == pytest.approx(attention[0][2])
    assert chosen(made, 2, None) == pytest.approx(rolled_out(made, 2))
    assert chosen([attention], 2, -1) == pytest.approx(attention[0].mean(0))
