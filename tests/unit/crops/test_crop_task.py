"""Learning from a scene: settings, batches, loss and metrics by hand; and that it learns."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from lab.crops.iou import iou
from lab.crops.network import batches
from lab.crops.network.batches import TEST, TRAIN, VALIDATION, Crops, Cut, Parted, parted, shots
from lab.crops.network.data import CropData
from lab.crops.network.kind import KIND
from lab.crops.network.layers import METHODS
from lab.crops.network.settings import CropSettings
from lab.crops.network.task import CropTask, judge, train
from lab.crops.stack import UNKNOWN, CropError, Stack
from lab.training import SettingsError, run_slice

torch.set_num_threads(1)
SMALL = {"width": 2, "patch": 32, "batch": 4, "device": "cpu"}


@pytest.fixture(scope="module")
def data():
    return CropData.of("spain", ["spain", "france"], size=64, seed=3)


def drawn(height=96, width=96):
    """Return a scene of which the left half is the crop, VH telling which."""
    labels = np.zeros((height, width), np.uint8)
    labels[:, width // 2 :] = 1
    values = np.where(labels, -10.0, -25.0).astype(np.float32)
    values = np.broadcast_to(values, (1, 8, height, width)) + 0.0
    return Stack("Drawn", values, ("VH",), labels=labels, classes=("rice", "no"), targets=("rice",))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "LSTM"}, "no method 'LSTM'"),
        ({"features": "HH"}, "features must be one of"),
        ({"width": 16}, "width 4: choose it, or RI"),
        ({"patch": 40}, "multiple of 16 pixels"),
        ({"shots": -1}, "0 for all tiles"),
        ({"start": "mars"}, "start must be one of"),
        ({"model": "RI", "width": 32, "patch": 256, "batch": 64}, "too much memory"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(changes, said):
    with pytest.raises(SettingsError, match=said):
        CropSettings.default(**{"model": "FT", **changes})


@pytest.mark.parametrize("method", METHODS)
def test_settings_count_what_the_network_has(method, data):
    settings = CropSettings.default(method, features="VH+VV", patch=32)
    network = CropTask(settings, data).build()
    assert settings.parameters() == sum(p.numel() for p in network.parameters()) == 264_045
    trained = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert settings.trained() == trained


def test_a_scene_that_cannot_be_learned_from_gets_one_sentence(data):
    for given, changes, said in (
        (data, {"patch": 96}, "too small for crops of 96"),
        (CropData(), {}, "not here any more"),
        (CropData(own=drawn()), {"features": "VH+VV"}, "has no VV"),
    ):
        with pytest.raises(SettingsError, match=said):
            CropTask(CropSettings.default("RI", **{**SMALL, **changes}), given)
    silent = drawn()
    silent.labels[:] = UNKNOWN
    with pytest.raises(SettingsError, match="has no labels"):
        CropTask(CropSettings.default("RI", **SMALL), CropData(own=silent))


def test_parts_are_of_whole_tiles_where_there_are_no_parcels():
    scene = parted(drawn())
    blocks = scene.part.reshape(3, 32, 3, 32).transpose(0, 2, 1, 3).reshape(9, -1)
    assert (blocks == blocks[:, :1]).all()
    assert set(blocks[:, 0]) == {TRAIN, VALIDATION, TEST}


def test_crops_are_those_of_the_step_and_hold_what_they_should():
    truth, mask = np.zeros((2, 64, 64), np.uint8)
    truth[50, 7] = truth[3, 3] = 1
    mask[50, 7] = mask[20:30, 40:50] = 1  # the crop at (3, 3) may not be learned from
    crops = Crops([truth], [mask > 0], patch=16, batch=6, seed=5)
    assert crops.cuts(7) == Crops([truth], [mask > 0], 16, 6, 5).cuts(7)
    assert crops.cuts(7) != crops.cuts(8)
    turns = set()
    for step in range(40):
        cuts = crops.cuts(step)
        found = crops.take([truth * mask], cuts)
        assert found.shape == (6, 16, 16)
        assert found[::2].any((1, 2)).all()  # every second one around a pixel of the crop
        assert crops.take([mask], cuts).any((1, 2)).all()
        assert all(0 <= c.top <= 48 and 0 <= c.left <= 48 for c in cuts)
        turns |= {c.turn for c in cuts}
    assert turns == set(range(8))


def test_pictures_and_labels_turn_alike_in_eight_ways():
    image = np.arange(16).reshape(4, 4)
    crops = Crops([image], [image >= 0], patch=4, batch=1, seed=0)
    cuts = [Cut(0, 0, 0, turn) for turn in range(8)]
    flat = crops.take([image], cuts)
    series = crops.take([np.stack([image, 10 * image])[:, None]], cuts)
    np.testing.assert_array_equal(series[:, 0, 0], flat)
    np.testing.assert_array_equal(series[:, 1, 0], 10 * flat)
    assert len({found.tobytes() for found in flat}) == 8


def test_shots_are_tiles_that_show_the_crop_and_fewer_are_among_more():
    truth = np.zeros((256, 256), np.uint8)
    truth[:64, :128] = 1  # the crop grows in two tiles of 16
    none = np.zeros((256, 256), np.uint8)
    scene = Parted(drawn(256, 256), truth, none, none)
    scene.part[:, 200:] = TEST
    masks = [shots(scene, count, seed=4) for count in (1, 2, 3, 0)]
    tiles = [mask.sum() / 64**2 for mask in masks]
    assert tiles[:3] == pytest.approx([1, 2, 3], abs=0.9)
    assert (masks[1] == (truth == 1)).all()
    for fewer, more in pairwise(masks):
        assert not (fewer & ~more).any()
    assert masks[3].sum() == 256 * 200
    others = [shots(scene, 1, seed) for seed in range(6)]
    assert len({mask.tobytes() for mask in others}) == 2


def test_only_the_training_part_is_learned_from(data):
    task = CropTask(CropSettings.default("RI", **SMALL), data)
    scene = task.scenes[0].scene
    assert (task.masks[0] == (scene.part == TRAIN)).all()
    task.truths[0] = np.where(scene.part == TRAIN, scene.truth, 1 - scene.truth)
    model = task.build().eval()
    x, y, mask = task.batch(0)
    assert mask.sum() < mask.numel()
    changed = task.loss(model, (x, y, mask)).item()
    task.truths[0] = scene.truth
    assert task.loss(model, task.batch(0)).item() == changed


def test_the_loss_by_hand():
    task = CropTask(CropSettings.default("RI", **SMALL), CropData(own=drawn()))
    y = torch.tensor([[[1.0, 0.0, 1.0]]])
    mask = torch.tensor([[[1.0, 1.0, 0.0]]])
    logits = torch.tensor([[[2.0, -1.0, 9.0]]])
    expected = (math.log1p(math.exp(-2)) + math.log1p(math.exp(-1))) / 2
    assert task.loss(lambda x: logits, (None, y, mask)).item() == pytest.approx(expected)


def test_metrics_by_hand(data):
    task = CropTask(CropSettings.default("RI", **SMALL), data)
    torch.manual_seed(2)
    model = task.build().eval()
    loss, metrics = task.evaluate(model, whole=True)
    ready = task.scenes[0]
    with torch.no_grad():
        p = torch.sigmoid(model(torch.from_numpy(ready.values)[None]))[0].double().numpy()
    known = ready.scene.part == VALIDATION
    truth = ready.scene.truth
    right = np.where(truth == 1, p, 1 - p)[known]
    assert loss == pytest.approx(-np.log(right).mean(), rel=1e-5)
    assert set(metrics) <= {"iou", "iou_spain", "tiles_spain", "iou_france", "tiles_france"}
    assert metrics["iou"] == iou(truth[known][None], p[known][None] >= 0.5)
    tested = ready.scene.part == TEST
    assert metrics["iou_spain"] == iou(truth[tested][None], p[tested][None] >= 0.5)
    home = ready.scene.home
    each = [
        iou(truth[mine][None], p[mine][None] >= 0.5)
        for mine in (tested & (home == tile) for tile in np.unique(home[tested]))
    ]
    assert len(each) > 1
    assert metrics["tiles_spain"] == pytest.approx(np.nanmean(each))
    assert set(task.evaluate(model, whole=False).metrics) == {"iou"}


def test_a_pixel_without_an_answer_is_not_judged():
    scene = parted(drawn())
    tested = scene.part == TEST
    said = np.where(scene.truth == 1, 0.9, 0.1)
    assert judge("x", scene, said) == {"iou_x": 1.0, "tiles_x": 1.0}
    wrong = np.where(tested & (scene.truth == 1), np.nan, 0.9)
    assert judge("x", scene, wrong)["iou_x"] == 0.0


def test_it_learns_a_drawn_scene():
    events = list(train("RI", CropData(own=drawn()), **{**SMALL, "width": 4}, steps=60))
    first, last = events[0], events[-1]
    assert last.train_loss < 0.6 * first.validation_loss
    assert last.metrics["iou"] > 0.9
    assert last.metrics["iou_own"] > 0.9
    sample = json.loads(json.dumps(last.sample.to_dict()))
    assert KIND.sample(sample) == sample
    p, truth = np.array(sample["probability"]), np.array(sample["truth"])
    assert p.shape == truth.shape == (64, 64)
    assert ((p > 0.5) == (truth == 1)).mean() > 0.9


def test_the_watched_place_has_both_kinds_to_be_told_apart(data):
    task = CropTask(CropSettings.default("RI", **SMALL), data)
    sample = task.sample(task.build().eval(), 5, {})
    rows = slice(sample.top, sample.top + 64)
    columns = slice(sample.left, sample.left + 64)
    scene = task.scenes[0].scene
    assert sample.truth == scene.truth[rows, columns].tolist()
    watched = scene.labelled(VALIDATION)[rows, columns]
    assert len(set(scene.truth[rows, columns][watched].tolist())) == 2


def test_slices_give_what_one_piece_gives(data):
    settings = CropSettings.default("RI", **SMALL, steps=5).to_dict()
    whole = run_slice(KIND, settings, data, None, {}, None)
    checkpoint, finished = None, False
    while not finished:
        part = run_slice(KIND, settings, data, checkpoint, {}, None, steps=2)
        checkpoint, finished = part.checkpoint, part.finished
    for name in ("validation_loss", "metrics", "train_loss"):
        assert part.events[-1][name] == whole.events[-1][name]


def test_several_scenes_are_learned_from_in_turn():
    data = CropData.of(["spain", {"region": "korea", "seed": 2, "size": 64}], size=64)
    task = CropTask(CropSettings.default("RI", **SMALL), data)
    assert {cut.scene for step in range(4) for cut in task.crops.cuts(step)} == {0, 1}
    model = task.build().eval()
    both, first = task.evaluate(model, True).loss, task.evaluate(model, False).loss
    task.scenes = task.scenes[1:]
    second = task.evaluate(model, True).loss
    counts = [parted(stack).labelled(VALIDATION).sum() for stack in data.stacks()]
    assert both == pytest.approx(np.average([first, second], weights=counts))


def test_a_scene_too_small_for_parts_is_refused():
    with pytest.raises(CropError):
        parted(drawn(8, 8))
    assert batches.TILE == 64
