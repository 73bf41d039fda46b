"""The drawing of the recurrent U-Net: shapes and weights from the widths, frozen parts named."""

import pytest

from lab.charts.network import FROZEN, TRAINED, network, state, told
from lab.crops.network.layers import METHODS, parameters
from lab.lesson.transfer.network_drawing import boxes


def spec_of(method, width=4, wide=780, features="VH"):
    made = boxes(method, width, features, 256)
    return made, network(made, "8 × 1 × 256 × 256", "256 × 256", wide).to_dict()


def words(spec):
    return {row["text"] for rows in spec["datasets"].values() for row in rows if "text" in row}


@pytest.mark.parametrize("width", [4, 16])
@pytest.mark.parametrize("method", METHODS)
def test_boxes_hold_every_weight_once(method, width):
    made = boxes(method, width, "VH+VV", 256)
    assert sum(box["parameters"] for box in made) == parameters(method, width, "VH+VV")[1]
    assert len(made) == 4 + 1 + 4 + 1


def test_shapes_follow_from_the_widths():
    shapes = {(box["part"], box["level"]): box["shape"] for box in boxes("FT", 16, "VH", 256)}
    assert shapes["encoder", 1] == "8 × 16 × 256 × 256"
    assert shapes["encoder", 4] == "8 × 128 × 32 × 32"
    assert shapes["bottleneck", 0] == "256 × 16 × 16"
    assert shapes["head", 0] == "1 × 256 × 256"
    skips = {box["level"]: box["skip"] for box in boxes("FT", 16, "VH", 256)
             if box["part"] == "decoder"}  # fmt: skip
    assert skips == {4: 512, 3: 256, 2: 128, 1: 64}


def test_what_is_frozen_says_so_and_not_by_colour_alone():
    made, spec = spec_of("FT_E")
    assert {"Encoder 1 · trained", "Bottleneck · trained", "Decoder 1 · frozen"} <= words(spec)
    assert "skip, 16 channels" in words(spec)
    assert "Decoder 4" in told(made, "a", "b")
    assert "frozen" in told(made, "a", "b")
    colours = str(spec)
    assert TRAINED in colours
    assert FROZEN in colours
    assert "strokeDash" in colours


def test_the_last_layers_colour_half_a_level():
    made, spec = spec_of("last2", wide=340)
    (first,) = [box for box in made if (box["part"], box["level"]) == ("decoder", 1)]
    assert first["parts"] == [False, True]
    assert state(first) == "in part"
    assert "Decoder 1 · in part" in words(spec)
    assert not any("skip" in text for text in words(spec))  # no room on a phone


def test_random_weights_are_named():
    made, _ = spec_of("RI")
    assert {state(box, True) for box in made} == {"random"}
    drawn = network(made, "in", "out", 340, random=True).to_dict()
    assert "Encoder 2 · random" in words(drawn)
