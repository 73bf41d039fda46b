"""The paper's table, the first layer without torch, and what needs no fine-tuning."""

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from lab.crops.network import first_layer, marks, published
from lab.crops.network.data import CropData
from lab.crops.network.net import FIRST, add_channel, load
from lab.crops.stack import CropError


def test_the_papers_table_is_whole():
    rows = published.rows()
    assert len(rows) == 4 * 5 * 2
    assert published.value("FT_E", "netherlands", "netherlands", "VH+VV") == 0.54
    assert published.value("RI", "netherlands", "netherlands", "VH+VV") == 0
    assert published.value("RF", "spain", "france", "VH") == 0.63
    with pytest.raises(KeyError):
        published.value("RF", "korea", "korea", "VH")


def test_the_first_layer_is_what_torch_reads():
    known = first_layer.of_weights("korea")
    state = load("korea").state_dict()
    assert np.array_equal(known, state[FIRST].numpy())
    two = add_channel(state)[FIRST].numpy()
    assert np.array_equal(first_layer.two_channels(known), two)
    stored = save({f"model.{FIRST}": two})
    assert np.array_equal(first_layer.of_checkpoint(stored), two)


@pytest.mark.parametrize("bad", [b"", b"no weights", save({"x": np.zeros(1, np.float32)})])
def test_other_files_hold_no_first_layer(bad):
    with pytest.raises(CropError, match="no first layer"):
        first_layer.of_checkpoint(bad)
    with pytest.raises(CropError, match="no weights called"):
        first_layer.of_weights("../korea")


def test_marks_have_the_metrics_of_a_run():
    torch.set_num_threads(1)
    recipe = CropData.of("spain", ("spain", "france"), seed=3, size=96).to_bytes().decode()
    found = marks.marks(recipe, "VH+VV", count=2)
    assert set(found) == {"zero", "forest", "rule"}
    for figures in found.values():
        assert {"iou", "iou_spain", "tiles_france"} <= set(figures)
        assert all(0 <= value <= 1 for value in figures.values())
    assert found["forest"]["iou_spain"] > found["forest"]["iou_france"]
    with pytest.raises(CropError):
        marks.marks("[]")


def test_no_field_is_in_two_parts():
    found = marks.part_map("spain", size=128)
    assert set(np.unique(found["part"])) <= {0, 1, 2, 255}
    assert all(found["parcels"][part] > 0 for part in ("train", "validation", "test"))
    assert found["crop"]["train"] > 0
