"""Transfer: what is frozen stays to the bit, over a pause too; weights that ship; models named."""

import json

import numpy as np
import pytest
import torch

from assets.recorded.make_crops_transfer import gathered, jobs, measure, printed
from lab.crops import compared
from lab.crops.network import net
from lab.crops.network.data import CropData
from lab.crops.network.kind import KIND
from lab.crops.network.layers import METHODS, trains
from lab.crops.network.predict import MODELS, predict
from lab.crops.network.questions import load, maps
from lab.crops.network.settings import STARTS, WEIGHTS, CropSettings
from lab.crops.stack import CropError
from lab.training import SettingsError, run_slice
from lab.training.checkpoint import unpack

torch.set_num_threads(1)
SMALL = {"patch": 32, "batch": 2, "device": "cpu", "steps": 4}


@pytest.fixture(scope="module")
def data():
    return CropData.of("spain", size=64, seed=3)


def run(method, data, **changes):
    """Train in two slices with a pause between; return the last checkpoint."""
    settings = CropSettings.default(method, **{**SMALL, **changes}).to_dict()
    checkpoint = None
    for _ in range(2):
        part = run_slice(KIND, settings, data, checkpoint, {}, None, steps=2)
        assert part.failure is None
        checkpoint = part.checkpoint
    assert part.finished
    return checkpoint


@pytest.mark.parametrize("method", METHODS)
def test_what_is_frozen_stays_to_the_bit_and_the_rest_moves(method, data):
    found = load(run(method, data, weight_decay=0.5, learning_rate=1e-3)).state_dict()
    start = net.load("korea").state_dict()
    moved = {name for name, tensor in found.items() if not torch.equal(tensor, start[name])}
    assert moved == {name for name in found if trains(method, name)}


def test_a_pause_changes_nothing(data):
    settings = CropSettings.default("FT_D", **SMALL).to_dict()
    whole = run_slice(KIND, settings, data, None, {}, None)
    tensors = [unpack(c, CropSettings).tensors for c in (whole.checkpoint, run("FT_D", data))]
    assert all(torch.equal(tensors[0][name], tensors[1][name]) for name in tensors[0])


def test_two_channels_begin_as_eq_3_says():
    one = net.load("korea")
    two = net.begin("FT_E", "korea", 4, 2).eval()
    x = torch.randn(1, 8, 1, 16, 16)
    with torch.no_grad():
        torch.testing.assert_close(two(x.repeat(1, 1, 2, 1, 1)), one(x))
    assert two.encoder[0].conv.weight.requires_grad
    assert not two.decoder.head.weight.requires_grad


def test_on_the_device_of_shapes_nothing_is_read_and_the_same_is_frozen(monkeypatch):
    monkeypatch.setattr(net, "load", lambda name: pytest.fail("read"))
    with torch.device("meta"):
        model = net.begin("FT_D", "korea", 4, 1)
    for name, parameter in model.named_parameters():
        assert parameter.requires_grad == trains("FT_D", name)


def test_random_beginnings_follow_the_seed(data):
    first, again, other = (
        load(run("RI", data, seed=seed, width=2)).state_dict() for seed in (1, 1, 2)
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["bottleneck.weight"], other["bottleneck.weight"])


def test_weights_that_are_missing_get_one_sentence(monkeypatch, data, tmp_path):
    monkeypatch.setattr("lab.crops.network.task.WEIGHTS", tmp_path)
    result = run_slice(KIND, CropSettings.default("FT", **SMALL).to_dict(), data, None, {}, None)
    assert result.failure == "There are no weights called 'korea' here."


def test_zero_shot_is_what_the_weights_say(data):
    settings = CropSettings.default("zero", **{**SMALL, "steps": 1})
    result = run_slice(KIND, settings.to_dict(), data, None, {}, None)
    found = maps(result.checkpoint, data, "spain", seed=3, size=64)
    expected = predict("korea", "spain", seed=3, size=64)
    np.testing.assert_array_equal(found["probability"], expected["probability"])
    assert CropSettings.default("zero").steps == 1


def test_a_run_is_compared_as_the_weights_it_began_with_are(data):
    settings = CropSettings.default("zero", **{**SMALL, "steps": 1})
    checkpoint = run_slice(KIND, settings.to_dict(), data, None, {}, None).checkpoint
    scene = {"region": "spain", "seed": 3, "size": 64}
    for what, given in (
        ("seen", {"period": 1, "band": "VV", "found": "rice"}),
        ("series", {"band": "VV"}),
        ("drawn", {"places": [[[2.5, 3.5]]]}),
    ):
        expected = getattr(compared, what)(model="korea", **scene, **given)
        found = compared.of_run(checkpoint, None, what, **scene, **given)
        assert json.dumps(found, sort_keys=True) == json.dumps(expected, sort_keys=True)


@pytest.mark.parametrize("model", MODELS)
def test_models_by_name_give_a_map(model):
    found = predict(model, "spain", seed=3, size=64)["probability"]
    assert found.shape == (64, 64)
    assert found.dtype == np.float32
    assert 0 <= found.min() <= found.max() <= 1
    if model == "rule":
        assert set(np.unique(found)) <= {0, 1}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("paris", "spain"), "no model 'paris'"),
        (("korea", "atlantis"), "no region 'atlantis'"),
        (("korea", "spain", 0, 50), "multiple of 16"),
        (("korea", "spain", 0, 64, 9), "1 to 6 acquisitions"),
        (("korea", "spain", 0, 64, None, "spain", "HH"), "no features 'HH'"),
    ],
)
def test_maps_that_cannot_be_get_one_sentence(arguments, said):
    with pytest.raises(CropError, match=said):
        predict(*arguments)


@pytest.mark.parametrize("name", STARTS)
def test_the_weights_that_ship_know_their_own_region(name):
    """A scene that neither was trained on, smaller than the card's; chance is below 0.4."""
    from lab.crops.iou import iou
    from lab.crops.scenes.scene import scene

    stack = scene(name, seed=7, size=128)
    said = predict(name, name, seed=7, size=128)["probability"] >= 0.5
    assert iou(stack.truth, said) > 0.7
    assert net.load(name).widths == (4, 8, 16, 32)
    assert (WEIGHTS / "CARD.md").read_text(encoding="utf-8").count("synthetic") > 1


def test_a_row_of_the_table():
    asked = {"size": 64, "patch": 32, "batch": 2, "steps": 2}
    figures = [f for seed in (0, 1) for f in measure("last1", "VH", "france", seed, **asked)]
    figures += list(measure("rule", "VH", "netherlands", 0, size=64))
    rows = gathered(figures)
    assert [row["tested"] for row in rows] == ["france", "spain", "netherlands"]
    assert rows[0]["seeds"] == [0, 1]
    assert rows[0]["iou"] == [round(figures[0]["iou"], 4), round(figures[2]["iou"], 4)]
    rows[0]["tiles"] = [0.25, 0.75]
    lines = printed(rows).splitlines()
    assert "0.50 (0.25-0.75)" in lines[1]
    assert "last1" in lines[1]
    rows[0]["method"] = "FT"
    assert "0.50 (0.25-0.75) [0.82]" in printed(rows)


def test_everything_is_measured_once():
    every = list(jobs((0,)))
    assert len(every) == len(set(every)) == 3 * (2 * 9 + 1)


def test_another_method_is_no_continuation(data):
    settings = CropSettings.default("FT_E", **SMALL).to_dict()
    result = run_slice(KIND, settings, data, run("FT_D", data), {}, None)
    assert "model FT_D, not FT_E" in result.failure


def test_weights_of_another_width_are_refused():
    with pytest.raises(SettingsError, match="width 4"):
        CropSettings.default("FT", width=8)
