"""The task of classifying scenes: settings, metrics, kind, questions; and that it learns."""

import json
import math

import numpy as np
import pytest
import torch

from lab.models.choices import PATCHES, SIDE
from lab.runs.kinds import kind_of
from lab.seq2seq.drawing import SIDE as DRAWN
from lab.seq2seq.scenes import SceneError, load_scenes
from lab.training import SettingsError, run_slice
from lab.vision import questions
from lab.vision.kind import KIND
from lab.vision.labels import LABELS, answers, object_places
from lab.vision.looking import read_by_head, share_on
from lab.vision.settings import MODELS, VisionSettings
from lab.vision.task import VisionTask, build, look_at, train

SMALL = {"width": 16, "heads": 2, "layers": 2, "batch": 16, "steps": 150, "device": "cpu"}
MEAN = ("cnn", {"pool": "mean"})


@pytest.fixture(scope="module")
def scenes():
    return load_scenes(300)


@pytest.fixture(scope="module")
def trained(scenes):
    made = {}

    def trained(model="vit"):
        if model not in made:
            for event in train(model, scenes, **SMALL):
                last = event
            made[model] = last.checkpoint(), last
        return made[model]

    return trained


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "mlp"}, "no model 'mlp'"),
        ({"patch": 5}, "8, 6 or 4 pixels"),
        ({"width": 30}, "shared equally by 4 heads"),
        ({"model": "cnn", "width": 33}, "must be even"),
        ({"what": "weather"}, "what must be one of"),
        ({"prompt": "-1"}, "must be a number"),
        ({"layers": 7}, "layers must lie between"),
        ({"batch": 512, "patch": 4, "width": 256, "layers": 6, "heads": 16}, "smaller batch"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(changes, said):
    with pytest.raises(SettingsError, match=said):
        VisionSettings.default(**{"model": "vit", **changes})


def test_settings_and_networks_agree_on_what_there_is():
    assert SIDE == DRAWN
    for patch in PATCHES:
        assert VisionSettings.default(patch=patch).grid == 48 / patch


def test_a_scene_that_is_none_gets_one_sentence(scenes):
    with pytest.raises(SettingsError, match="30 held-out scenes"):
        VisionTask(VisionSettings.default(prompt="30"), scenes)


@pytest.mark.parametrize("patch", PATCHES)
@pytest.mark.parametrize(("model", "more"), [("vit", {}), ("cnn", {}), MEAN])
def test_parameters_are_what_torch_counts(model, more, patch):
    for width, layers in ((16, 1), (64, 3)):
        settings = VisionSettings.default(
            model, patch=patch, width=width, layers=layers, what="relation", **more
        )
        counted = sum(parameter.numel() for parameter in build(settings).parameters())
        assert settings.parameters() == counted


@pytest.mark.parametrize("model", MODELS)
def test_it_learns_and_tells_where_it_looks(scenes, trained, model):
    _, event = trained(model)
    first = next(train(model, scenes, **SMALL))
    assert event.train_loss < 0.95 * first.validation_loss
    assert first.validation_loss == pytest.approx(math.log(12), abs=0.8)
    assert set(event.metrics) == {"accuracy", "object", "rollout", "area"}
    sample = json.loads(json.dumps(event.sample.to_dict()))
    assert sum(sample["probabilities"]) == pytest.approx(1, abs=0.01)
    assert sum(sample["read"]) == pytest.approx(1, abs=0.01)
    assert sum(sample["rolled"]) == pytest.approx(1, abs=0.01)
    assert KIND.sample(sample)["scene"] == 0


def test_metrics_by_hand(scenes, trained):
    checkpoint, event = trained()
    model, held_out = questions.load(checkpoint, scenes), scenes.held_out
    with torch.no_grad():
        logits = model(torch.from_numpy(held_out.images))
    right = answers(scenes, "held_out", "colour and shape")
    assert event.metrics["accuracy"] == pytest.approx(
        np.mean(logits.argmax(1).numpy() == right), abs=1e-6
    )
    log_p = torch.log_softmax(logits, 1)[range(len(right)), right]
    assert event.validation_loss == pytest.approx(-log_p.mean().item(), abs=1e-5)
    regions = [object_places(scene, "colour and shape", 6) for scene in held_out]
    looks = look_at(model, held_out.images)[1]
    pairs = list(zip(looks, regions, strict=True))
    shares = [share_on(read_by_head(layers, 6), region) for layers, region in pairs]
    assert event.metrics["object"] == pytest.approx(np.mean(shares))
    assert event.metrics["area"] == pytest.approx(np.mean([region.mean() for region in regions]))


def test_on_the_way_only_the_first_hundred_scenes_are_judged():
    scenes = load_scenes(1_200)
    task = VisionTask(VisionSettings.default(**SMALL), scenes)
    torch.manual_seed(0)
    model = task.build().eval()
    with torch.no_grad():
        logits = model(torch.from_numpy(scenes.held_out.images))
    right = torch.from_numpy(answers(scenes, "held_out", "colour and shape"))
    loss = torch.nn.functional.cross_entropy
    for whole, count in ((False, 100), (True, 120)):
        expected = loss(logits[:count], right[:count]).item()
        assert task.evaluate(model, whole).loss == pytest.approx(expected, abs=1e-5)


def test_even_attention_is_worth_the_area(scenes):
    task = VisionTask(VisionSettings.default(**SMALL), scenes)
    model = task.build()
    for name, parameter in model.named_parameters():
        if "qkv" in name:
            torch.nn.init.zeros_(parameter)
    metrics = task.evaluate(model.eval(), True).metrics
    assert metrics["object"] == pytest.approx(metrics["area"], abs=1e-6)
    assert metrics["rollout"] == pytest.approx(metrics["area"], abs=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_slices_give_what_one_piece_gives(scenes, model):
    settings = VisionSettings.default(model, **{**SMALL, "steps": 12}).to_dict()
    assert kind_of(settings) is KIND
    whole = run_slice(KIND, settings, scenes, None, {}, None)
    checkpoint, finished = None, False
    while not finished:
        part = run_slice(KIND, settings, scenes, checkpoint, {}, None, steps=5)
        checkpoint, finished = part.checkpoint, part.finished
    assert part.events[-1]["validation_loss"] == whole.events[-1]["validation_loss"]


@pytest.mark.parametrize("model", MODELS)
def test_a_held_out_scene_is_looked_at(scenes, trained, model):
    checkpoint, event = trained(model)
    found = questions.look(checkpoint, scenes, scene=0)
    assert found["probabilities"] == pytest.approx(event.sample.probabilities, abs=1e-3)
    assert found["classes"] == list(LABELS["colour and shape"].classes)
    assert found["right"] == found["classes"][event.sample.right]
    layers = [layer.astype(float) for layer in found["layers"]]
    assert read_by_head(layers, found["grid"]) == pytest.approx(event.sample.read, abs=1e-3)
    assert found["region"].sum() > 0
    with pytest.raises(SceneError, match="30 held-out"):
        questions.look(checkpoint, scenes, scene=30)


def test_a_scene_of_ones_own_is_looked_at(scenes, trained):
    groups = [[1, "red", "circle"], [2, "blue", "square"]]
    found = questions.look(trained()[0], scenes, groups=groups, relation="above", seed=3)
    assert found["right"] == "red circle"
    for odd in ([], [[9, "red", "circle"]]):
        with pytest.raises(SceneError):
            questions.look(trained()[0], scenes, groups=odd)


def test_an_uploaded_picture_is_looked_at(scenes, trained):
    pixels = scenes.held_out.images[0].tolist()
    found = questions.look_at_upload(trained()[0], scenes, pixels)
    assert found["probabilities"] == questions.look(trained()[0], scenes, scene=0)["probabilities"]
    assert "right" not in found
    for odd in ([[1]], [[1, 2], [3]], [[[300] * 3] * 48] * 48, [[["x"] * 3] * 48] * 48, "x"):
        with pytest.raises(ValueError, match="48 x 48 pixels"):
            questions.look_at_upload(trained()[0], scenes, odd)


def test_another_architecture_is_no_continuation(scenes, trained):
    settings = VisionSettings.default(**{**SMALL, "what": "relation"}).to_dict()
    result = run_slice(KIND, settings, scenes, trained()[0], {}, None, steps=1)
    assert "what colour and shape, not relation" in result.failure


@pytest.mark.parametrize(
    "change",
    [
        {"read": [0.5]},
        {"read": [2.0] * 36},
        {"rolled": [0.1] * 25},
        {"right": 12},
        {"right": -1},
        {"scene": "x"},
        {"probabilities": None},
    ],
)
def test_a_sample_from_a_file_is_distrusted(trained, change):
    values = json.loads(json.dumps(trained()[1].sample.to_dict()))
    with pytest.raises((ValueError, KeyError, TypeError)):
        KIND.sample({**values, **change})
