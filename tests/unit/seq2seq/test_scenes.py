"""Drawn scenes: pixels and boxes by hand, captions that alone are right, recipes as bytes."""

import json

import numpy as np
import pytest

from lab.models.tokens import SPECIALS
from lab.seq2seq.drawing import Layout, paint
from lab.seq2seq.scenes import (
    COLOURS,
    COUNTS,
    FEWEST,
    MOST,
    RELATIONS,
    SHAPES,
    Description,
    Group,
    Scene,
    SceneCorpus,
    SceneError,
    draw,
    gold_cells,
    gold_links,
    load_scenes,
    scene_from_words,
)

CIRCLE, SQUARE, TRIANGLE = range(3)


def random(seed=0):
    return np.random.default_rng(seed)


def painted(shape, count=1, size=10, start=(7, 20), column=False):
    """Return where an otherwise empty picture is red, (48, 48) from 0 to about 1."""
    none = np.zeros(2, dtype=int)
    placed = Layout(
        np.array([[count, 0]]),
        np.array([[size, 6]]),
        np.array([[start, none]]),
        np.array([column]),
    )
    image = paint(placed, none[None], np.array([[shape, 0]]), random())[0].astype(float)
    red = image[..., 0] - image[..., 1]
    return red / red.max()


def test_a_red_square_covers_its_pixels_and_no_others():
    red = painted(SQUARE)
    expected = np.zeros((48, 48))
    expected[20:30, 7:17] = 1  # rows are y, columns x
    np.testing.assert_allclose(red, expected, atol=0.01)


@pytest.mark.parametrize(("shape", "area"), [(CIRCLE, np.pi * 25), (SQUARE, 100), (TRIANGLE, 50)])
def test_areas_of_shapes(shape, area):
    # Antialiased edges make the area right although the pixels are coarse.
    assert painted(shape).sum() == pytest.approx(area, rel=0.03)


def test_a_triangle_stands_on_its_base():
    width = painted(TRIANGLE)[20:30, 7:17].sum(1)  # of each row
    assert np.all(np.diff(width) > 0)
    assert width[9] == pytest.approx(9.5, abs=0.5)  # half a pixel above a base of 10


@pytest.mark.parametrize("column", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_group_has_as_many_shapes_as_it_says(count, column):
    red = painted(SQUARE, count, 10, (7, 8), column)
    line = red[:, 12] if column else red[13]
    risen = (line[1:] > 0.5) & (line[:-1] < 0.5)
    assert risen.sum() == count


def reds(image):
    """Return the box of the red pixels."""
    image = image.astype(int)
    y, x = np.nonzero((image[..., 0] - image[..., 1] > 60) & (image[..., 0] - image[..., 2] > 60))
    return x.min(), y.min(), x.max() + 1, y.max() + 1


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_gold_box_holds_the_pixels_of_its_group(count, relation):
    for seed in range(20):
        scene = scene_from_words([(count, "red", "square"), (2, "blue", "circle")], relation, seed)
        assert scene.caption[:2] == (COUNTS[count - 1], "red")
        for word in range(3):
            assert scene.boxes[word] == (word, *reds(scene.image))


def test_captions_and_the_words_that_have_boxes():
    scene = scene_from_words([(1, "blue", "circle"), (3, "red", "square")], "left of")
    assert scene.caption == ("a", "blue", "circle", "left", "of", "three", "red", "squares")
    assert [box[0] for box in scene.boxes] == [0, 1, 2, 5, 6, 7]
    scene = scene_from_words([(3, "green", "triangle"), (1, "yellow", "square")], "below")
    assert scene.caption == ("three", "green", "triangles", "below", "a", "yellow", "square")
    assert [box[0] for box in scene.boxes] == [0, 1, 2, 4, 5, 6]
    scene = scene_from_words([(1, "red", "circle")])
    assert scene.caption == ("a", "red", "circle")
    assert [box[0] for box in scene.boxes] == [0, 1, 2]


def true_relations(one, other):
    """Return what can be said of two boxes (x0, y0, x1, y1)."""
    return {
        relation
        for relation, holds in (
            ("above", one[3] <= other[1]),
            ("below", one[1] >= other[3]),
            ("left of", one[2] <= other[0]),
            ("right of", one[0] >= other[2]),
        )
        if holds
    }


def test_the_caption_is_the_only_right_one():
    pairs = [scene for scene in load_scenes(600, 3).train if len(scene.boxes) == 6][:500]
    assert len(pairs) == 500
    for scene in pairs:
        one, other = scene.boxes[0][1:], scene.boxes[3][1:]
        said = " ".join(scene.caption[3:-3])
        assert true_relations(one, other) == {said}
        # The shorter side of a group is the size of its shapes: the larger ones come first.
        thick = [min(box[2] - box[0], box[3] - box[1]) for box in (one, other)]
        assert thick[0] > thick[1]
        assert min(*one, *other) >= 0
        assert max(*one, *other) <= 48
        assert scene.caption[1:3] != scene.caption[-2:]


def test_places_differ_from_scene_to_scene():
    scenes = [scene_from_words([(1, "red", "square")], seed=seed) for seed in range(60)]
    left, top = (np.array([scene.boxes[0][side] for scene in scenes]) for side in (1, 2))
    for side in (left, top):
        assert side.min() < 8
        assert side.max() > 30
    image = draw(Description((Group(1, "red", "square"),)), random(7)).image
    assert np.array_equal(image, draw(Description((Group(1, "red", "square"),)), random(7)).image)


@pytest.mark.parametrize(
    ("groups", "relation", "says"),
    [
        ([(4, "red", "circle")], None, "1, 2 or 3"),
        ([(0, "red", "circle")], None, "1, 2 or 3"),
        ([(2.0, "red", "circle")], None, "1, 2 or 3"),
        ([(True, "red", "circle")], None, "1, 2 or 3"),
        ([(1, "pink", "circle")], None, "no colour 'pink'"),
        ([(1, "red", "star")], None, "no shape 'star'"),
        ([(1, "red", "circle")], "above", "add a second"),
        ([(1, "red", "circle"), (1, "blue", "circle")], None, "need a relation"),
        ([(1, "red", "circle"), (1, "blue", "circle")], "inside", "need a relation"),
        ([], None, "one or two groups"),
        ([(1, "red", "circle")] * 3, "above", "one or two groups"),
        ([(1, "red")], None, "count, a colour and a shape"),
    ],
)
def test_scenes_that_cannot_be(groups, relation, says):
    with pytest.raises(SceneError, match=says):
        scene_from_words(groups, relation)


# The corpus ---------------------------------------------------------------------------------


def parts(caption):
    """Return (first group, relation, second group) of a caption, groups in the singular."""
    words = tuple(word.removesuffix("s") for word in caption)
    return words[:3], words[3:-3], words[-3:]


def test_held_out_combinations_are_new_and_their_parts_are_not():
    for corpus in (load_scenes(3000), load_scenes(400, 5)):
        trained = {parts(caption) for caption in corpus.train.captions if len(caption) > 3}
        groups = {group for one, _, other in trained for group in (one, other)}
        relations = {relation for _, relation, _ in trained}
        assert len(corpus.held_out) == len(corpus.train) // 10
        for caption in corpus.held_out.captions:
            one, relation, other = parts(caption)
            assert (one, relation, other) not in trained
            assert {one, other} <= groups
            assert relation in relations
    alone = np.mean([len(caption) == 3 for caption in load_scenes(3000).train.captions])
    assert alone == pytest.approx(0.15, abs=0.03)


def test_vocabulary_and_ids():
    corpus = load_scenes(FEWEST)
    assert corpus.target_vocabulary[: len(SPECIALS)] == SPECIALS
    used = {word for caption in load_scenes(3000).train.captions for word in caption}
    assert used == set(corpus.target_vocabulary[len(SPECIALS) :])
    for scene in corpus.held_out:
        ids = corpus.encode_target(scene.caption)
        assert tuple(corpus.target_vocabulary[i] for i in ids) == (*scene.caption, "</s>")
    assert corpus.encode_target(["a", "pink", "<pad>"])[1:] == [3, 3, 2]


def test_arrays():
    corpus = load_scenes(FEWEST)
    assert corpus.train.images.shape == (FEWEST, 48, 48, 3)
    assert corpus.train.images.dtype == np.uint8
    assert corpus.recipe == {"count": FEWEST, "seed": 0, "held_out": FEWEST // 10}
    third = list(corpus.train)[2]
    assert np.array_equal(third.image, corpus.train.images[2])
    assert (third.caption, third.boxes) == (corpus.train.captions[2], corpus.train.boxes[2])


def test_a_recipe_means_the_same_scenes_for_ever():
    # If this fails, saved runs would go on with other scenes: raise _VERSION, then change it.
    scenes = load_scenes(FEWEST).train
    assert [" ".join(caption) for caption in scenes.captions[:3]] == PINNED_CAPTIONS
    assert [scenes.boxes[place][0][1:] for place in range(3)] == PINNED_BOXES


PINNED_CAPTIONS = [
    "two green circles",
    "a blue circle below two green circles",
    "three red squares",
]
PINNED_BOXES = [(15, 3, 37, 13), (12, 22, 24, 34), (2, 9, 45, 22)]


def test_bytes_there_and_back():
    corpus = load_scenes(FEWEST, 9)
    data = corpus.to_bytes()
    assert len(data) < 100
    again = SceneCorpus.from_bytes(data)
    assert np.array_equal(again.train.images, corpus.train.images)
    assert again.held_out.captions == corpus.held_out.captions
    assert again.digest == corpus.digest
    assert corpus.digest != load_scenes(FEWEST, 8).digest
    assert corpus.digest != load_scenes(FEWEST + 10, 9).digest


GOOD = {"kind": "scenes", "version": 1, "count": FEWEST, "seed": 0}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"[" * 150,
        b"{}",
        json.dumps(GOOD).encode() + b" " * 200,
        *(
            json.dumps({**GOOD, **change}).encode()
            for change in (
                {"kind": "pairs"},
                {"version": 2},
                {"version": True},
                {"count": "300"},
                {"count": 300.0},
                {"count": True},
                {"count": FEWEST - 1},
                {"count": MOST + 1},
                {"count": 10**80},
                {"count": -300},
                {"seed": -1},
                {"seed": 2**63},
                {"seed": None},
                {"more": 1},
            )
        ),
        json.dumps({key: GOOD[key] for key in ("kind", "version", "count")}).encode(),
        json.dumps({**GOOD, "seed": float("nan")}).encode(),
    ],
)
def test_other_bytes_are_refused(data):
    SceneCorpus.from_bytes(json.dumps(GOOD).encode())
    with pytest.raises(SceneError):
        SceneCorpus.from_bytes(data)


# Where to look ------------------------------------------------------------------------------


def test_gold_cells_by_hand():
    # A grid of 8 has cells of 6 pixels, with centres at 3, 9, 15, ...
    box = (8, 13, 20, 18)  # x from 8 to 20, y from 13 to 18
    scene = Scene(np.zeros((48, 48, 3)), ("a", "red", "square", "above"), ((1, *box),))
    # Touched: columns 6-12, 12-18, 18-24 and the row 12-18.
    assert gold_cells(scene, 8) == [set(), {2 * 8 + 1, 2 * 8 + 2, 2 * 8 + 3}, set(), set()]
    # Centres inside: columns 9 and 15, row 15.
    assert gold_cells(scene, 8, grown=0) == [set(), {17, 18}, set(), set()]
    # One whole cell more on every side: centres from 2 to 26 across, from 7 to 24 down.
    assert gold_cells(scene, 8, grown=1)[1] == {8 * y + x for y in (1, 2, 3) for x in range(4)}
    # A box that only borders on a cell does not touch it.
    assert gold_cells(Scene(scene.image, ("a",), ((0, 6, 6, 12, 12),)), 8) == [{9}]


def test_gold_links_are_the_cells_of_colours_and_shapes():
    scenes = load_scenes(FEWEST).held_out
    links = gold_links(scenes, 6, 10)
    assert links.shape == (len(scenes), 10, 36)
    for scene, found in zip(scenes, links, strict=True):
        for word, cells in enumerate(gold_cells(scene, 6)):
            content = scene.caption[word].removesuffix("s") in (*COLOURS, *SHAPES)
            assert set(np.flatnonzero(found[word])) == (cells if content else set())
        assert not found[len(scene.caption) :].any()
