"""Charts of transfer: dots with ranges, kernels, promises, small maps."""

import numpy as np

from lab.charts.crop_transfer import (
    PARTS,
    dots,
    error_picture,
    kernels,
    part_picture,
    probability_picture,
    promises,
)

ROW = {"method": "FT", "mean": 0.5, "low": 0.4, "high": 0.6, "n": 3}


def values(spec):
    return [row for rows in spec["datasets"].values() for row in rows]


def test_dots_of_three_sources_are_apart_and_keep_the_order_of_methods():
    rows = [
        {**ROW, "source": "recorded"},
        {**ROW, "source": "paper", "n": 0},
        {**ROW, "source": "paper", "method": "RI", "n": 0},
    ]
    spec = dots(rows, "Spain → France", 300, ["RI", "FT", "Forest"]).to_dict()
    first = spec["layer"][0]["encoding"]
    assert first["y"]["scale"]["domain"] == ["RI", "FT"]
    assert first["x"]["title"] == "mean IoU"
    assert first["color"]["scale"]["domain"] == ["recorded", "paper"]
    offsets = {layer["mark"]["yOffset"] for layer in spec["layer"]}
    assert len(offsets) == 2
    assert sum(offsets) == 0
    assert {row["seeds"] for row in values(spec)} == {"3", "not said"}
    assert dots([], "none", 300).to_dict()


def test_kernels_are_drawn_cell_by_cell():
    known = np.arange(18.0).reshape(2, 3, 3)
    spec = kernels([("VH", known), ("half", known / 2)], 300).to_dict()
    cells = [row for row in values(spec) if "weight" in row]
    assert len(cells) == 2 * 2 * 9
    assert [c["weight"] for c in cells if c["channel"] == "half"][-1] == 8.5
    assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == [-17.0, 0, 17.0]


def test_a_promise_stands_beside_what_is_given():
    rows = [{"split": "pixels", "where": w, "iou": v} for w, v in (("own", 0.9), ("new", 0.6))]
    spec = promises(rows, 400).to_dict()
    assert spec["layer"][1]["encoding"]["x"]["title"] == "IoU of the crop"
    assert [row["iou"] for row in values(spec)] == [0.9, 0.6]


def test_maps_hide_what_nobody_knows():
    unknown = np.array([[False, True, False]])
    picture = probability_picture(np.array([[0.0, 0.5, 1.0]]), unknown)
    assert picture.shape == (1, 3, 4)
    assert picture[0, :, 3].tolist() == [255, 0, 255]
    assert picture[0, 0].tolist() == [0xD3, 0xD7, 0xD5, 255]
    assert picture[0, 2].tolist() == [0x00, 0x9E, 0x73, 255]
    truth, said = np.array([[1, 1, 0, 0]]), np.array([[True, False, True, False]])
    kinds = error_picture(truth, said, np.zeros((1, 4), bool))[0, :, :3].tolist()
    assert kinds == [[0, 158, 115], [213, 94, 0], [0, 114, 178], [211, 215, 213]]
    parts = part_picture(np.array([[0, 1, 2, 255]], np.uint8))
    assert [f"#{bytes(p[:3]).hex()}" for p in parts[0, :3]] == list(PARTS.values())
    assert parts[0, :, 3].tolist() == [255, 255, 255, 0]
