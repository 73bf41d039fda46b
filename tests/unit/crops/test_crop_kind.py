"""Crop runs as the queue knows them: data there and back, samples and files that are distrusted."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from lab.crops.network.data import CropData, Place
from lab.crops.network.kind import KIND
from lab.crops.network.questions import maps
from lab.crops.network.settings import CropSettings
from lab.crops.scenes.regions import own
from lab.crops.stack import CropError, Stack
from lab.runs.kinds import kind_of
from lab.training import run_slice

torch.set_num_threads(1)
SMALL = {"width": 1, "patch": 16, "batch": 2, "device": "cpu", "steps": 2}
SAMPLE = {"step": 3, "top": 0, "left": 64, "probability": [[0.5, 1.0]], "truth": [[1, 255]]}


def mine(parcels=True):
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, (48, 48)).astype(np.uint8)
    return Stack(
        "My fields",
        random.normal(-16, 3, (1, 8, 48, 48)).astype(np.float32),
        ("VH",),
        labels=labels,
        classes=("wheat", "rice"),
        targets=("rice",),
        parcels=np.arange(48 * 48, dtype=np.int32).reshape(48, 48) // 24 if parcels else None,
    )


def test_the_queue_finds_it_by_name():
    assert kind_of(CropSettings.default("FT").to_dict()) is KIND


def test_recipes_come_back():
    region = own("Mine", shift=10)
    data = CropData.of(["spain", region], ["france"], seed=5, size=128)
    assert data.train[0] == Place("spain", 5, 128)
    assert data.train[1].key == "own"
    assert data.tests == (Place("france", 5, 128),)
    assert data.name == "Spain"
    again = KIND.data(data.to_bytes())
    assert (again.train, again.tests, again.digest) == (data.train, data.tests, data.digest)
    assert CropData.of("spain", seed=6).digest != CropData.of("spain", seed=5).digest
    assert CropData.of("spain").tests == CropData.of("spain").train
    about = json.loads(json.dumps(KIND.about(data)))
    assert KIND.from_about(about).digest == data.digest


@pytest.mark.parametrize("parcels", [True, False])
def test_a_stack_of_ones_own_comes_back(parcels):
    data = CropData.of(mine(parcels), ["spain"], size=64)
    again = KIND.data(data.to_bytes())
    assert again.digest == data.digest
    assert again.tests == data.tests
    assert again.name == "My fields"
    for name in ("values", "labels", "truth"):
        np.testing.assert_array_equal(getattr(again.own, name), getattr(data.own, name))
    assert (again.own.parcels is None) == (not parcels)
    assert again.own.periods == data.own.periods
    changed = mine(parcels)
    changed.labels[0, 0] ^= 1
    assert CropData.of(changed, ["spain"], size=64).digest != data.digest


def test_a_run_of_ones_own_stack_is_asked_for_maps():
    data = CropData.of(mine(), [{"region": "spain", "size": 64}])
    settings = CropSettings.default("RI", **SMALL)
    result = run_slice(KIND, settings.to_dict(), data, None, {}, None)
    assert result.failure is None
    assert {"iou_own", "iou_spain"} <= set(result.events[-1]["metrics"])
    found = maps(result.checkpoint, data)
    assert found["probability"].shape == (48, 48)
    np.testing.assert_array_equal(found["truth"], data.own.labels)
    other = maps(result.checkpoint, data, "france", seed=2, size=64, acquisitions=1)
    assert other["probability"].shape == other["truth"].shape == (64, 64)
    left = KIND.from_about(KIND.about(data))
    assert left.own is None
    with pytest.raises(ValueError, match="came from a file"):
        maps(result.checkpoint, left)
    again = run_slice(KIND, settings.to_dict(), left, None, {}, None)
    assert "not here any more" in again.failure


def changed(**values):
    return json.dumps({"train": [{"region": "spain", **values}], "tests": []}).encode()


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (b"", "not crop scenes"),
        (b"PK\x03\x04 cut short", "not crop scenes"),
        (b"[]", "not crop scenes"),
        (b"{}", "not crop scenes"),
        (changed(region="mars"), "no region 'mars'"),
        (changed(region=7), "not crop scenes"),
        (changed(size=9999), "multiple of 16"),
        (changed(size="256"), "not crop scenes"),
        (changed(seed=-1), "A seed is"),
        (changed(acquisitions=7), "1 to 6"),
        (changed(colour="red"), "not crop scenes"),
    ],
)
def test_bytes_that_are_something_else_get_one_sentence(stored, said):
    with pytest.raises(CropError, match=said):
        KIND.data(stored)


def test_an_archive_is_looked_at_before_it_is_unpacked(monkeypatch):
    stored = CropData.of(mine()).to_bytes()
    assert KIND.data(stored).tests == ()
    monkeypatch.setattr("lab.crops.network.data.LARGEST", 1000)
    with pytest.raises(CropError, match="cut a part of it out"):
        KIND.data(stored)
    monkeypatch.undo()
    for place in range(30, len(stored), len(stored) // 40):  # damaged anywhere
        odd = stored[:place] + bytes([stored[place] ^ 255]) + stored[place + 1 :]
        try:
            KIND.data(odd)
        except CropError:
            continue


def test_data_that_cannot_be_get_one_sentence():
    with pytest.raises(CropError, match="tested on once"):
        CropData.of("spain", ["france", "france"])
    with pytest.raises(CropError, match="tested on once"):
        CropData.of(mine(), [own()])
    with pytest.raises(CropError, match="40 scenes at most"):
        CropData.of(["spain"] * 41)
    nothing = Stack("Blank", np.zeros((1, 8, 32, 32), np.float32), ("VH",))
    with pytest.raises(CropError, match="Blank has no labels"):
        CropData.of(nothing)


def test_a_sample_from_a_file_is_taken_as_it_was():
    assert KIND.sample(SAMPLE) == SAMPLE


@pytest.mark.parametrize(
    "change",
    [
        {"probability": [[0.5, 1.2]]},
        {"probability": [[0.5, "x"]]},
        {"probability": [[0.5]]},
        {"probability": []},
        {"truth": [[1, 2]]},
        {"truth": [[1, 0], [1, 0]]},
        {"truth": None},
        {"step": "x"},
        {"probability": [[0.5] * 65], "truth": [[1] * 65]},
    ],
)
def test_a_sample_from_a_file_is_distrusted(change):
    with pytest.raises((ValueError, KeyError, TypeError)):
        KIND.sample({**SAMPLE, **change})


def test_pages_can_read_settings_and_data_without_torch():
    names = ("kind", "settings", "layers", "data", "batches", "published")
    code = "import sys, " + ", ".join(f"lab.crops.network.{name}" for name in names)
    code += "; assert not {'torch', 'sklearn', 'rasterio'} & set(sys.modules)"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-500:]
