"""What the map viewer gets, on scenes of a few pixels."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from lab.crops import compared, missed, shown
from lab.crops.stack import UNKNOWN, CropError, Stack

CLASSES = ("rice", "wheat", "water")


def stack(size: int = 6, **changes) -> Stack:
    values = np.full((2, 8, size, size), -15.0, np.float32)
    values[0, 0] = np.linspace(-30, 0, size * size).reshape(size, size)
    labels = np.ones((size, size), np.uint8)
    labels[:, : size // 2] = 0
    given = {"labels": labels, "classes": CLASSES, "targets": ("rice",), "parcels": None}
    place = {"transform": (10.0, 0, 500.0, 0, -10.0, 900.0), "crs": "EPSG:32631"}
    return Stack("Here", values, **{**given, **place, **changes})


def codes(text: str, shape=(6, 6)) -> np.ndarray:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(shape)


def test_decibels_come_back_within_a_tenth_and_nothing_is_zero():
    given = stack()
    given.values[0, 0, 2, 3] = np.nan
    base = codes(shown.picture(given)["base"])
    assert base[2, 3] == 0
    told = shown.FLOOR + (base.astype(float) - 1) * shown.STEP
    known = base > 0
    assert np.abs(told - given.values[0, 0])[known].max() <= shown.STEP / 2 + 1e-5
    assert known.sum() == 35


def test_what_is_said_and_what_is_wrong_by_hand():
    probability = np.zeros((6, 6), np.float32)
    probability[0] = 1  # three of rice, three of wheat
    probability[1, 0], probability[2, 0] = 0.5, 0.499
    probability[5, 5] = np.nan
    found = shown.picture(stack(), probability, found="rice")
    said, errors = codes(found["said"]), codes(found["errors"])
    assert said.sum(where=said == 1) == 7
    assert said[1, 0] == 1
    assert said[2, 0] == 0
    assert said[5, 5] == errors[5, 5] == codes(found["probability"])[5, 5] == UNKNOWN
    assert [(errors == code).sum() for code in (1, 2, 3, 0)] == [4, 14, 3, 14]
    assert not found["certain"]
    assert found["crop"] == found["found"] == "rice"


def test_a_large_scene_travels_thinned_and_says_where_it_lies():
    large = stack(1024, parcels=np.arange(1024 * 1024, dtype=np.int32).reshape(1024, 1024) // 2048)
    found = shown.picture(large, np.zeros((1024, 1024)))
    assert (found["rows"], found["columns"], found["step"]) == (512, 512, 2)
    assert found["transform"] == [20.0, 0, 500.0, 0, -20.0, 900.0]
    assert found["pixel"] == 20.0
    assert found["certain"]
    # Each pair of rows is a field, and every second row is shown: a border below each of them.
    assert (codes(found["parcels"], (512, 512))[:-1] == 2).all()


def test_a_place_in_degrees_and_one_without_a_place():
    degrees = stack(crs="EPSG:4326", transform=(1e-4, 0, 5.0, 0, -1e-4, 60.0))
    found = shown.picture(degrees)
    assert found["degrees"]
    assert found["pixel"] == pytest.approx(5.566, abs=1e-3)  # half of the equator's, at 60 degrees
    nowhere = shown.picture(stack(transform=None, crs=None, labels=None, targets=()))
    assert nowhere["transform"] is nowhere["pixel"] is None
    assert "truth" not in nowhere
    assert "errors" not in nowhere


@pytest.mark.parametrize(
    "wrong", [{"period": 8}, {"band": "HH"}, {"probability": np.zeros((3, 3))}]
)
def test_what_cannot_be_drawn_gets_a_sentence(wrong):
    with pytest.raises(CropError):
        shown.picture(stack(), **wrong)


def test_pixels_inside_by_hand():
    square = shown.inside([(1, 1), (1, 4), (3, 4), (3, 1)], (6, 6))
    assert square.sum() == 6
    assert square[1:3, 1:4].all()
    triangle = shown.inside([(0, 0), (4, 0), (4, 4)], (6, 6))
    assert triangle.sum() == 6  # the middles on its edge, from corner to corner, are not inside
    # A hole where a polygon crosses itself: the even-odd rule.
    twice = shown.inside(
        [(0, 0), (0, 6), (6, 6), (6, 0), (0, 0), (2, 2), (2, 4), (4, 4), (4, 2), (2, 2)], (6, 6)
    )
    assert twice.sum() == 36 - 4
    assert shown.inside([(2.5, 3.5)], (6, 6)).nonzero() == ([2], [3])
    assert shown.inside([(6, 6)], (6, 6))[5, 5]
    assert shown.inside([(2.1, 2.1), (2.2, 2.1), (2.1, 2.2)], (6, 6))[2, 2]


def test_what_lies_in_a_place():
    probability = np.zeros((6, 6), np.float32)
    probability[:, 2:4] = 1
    (found,) = compared.drawn_on(stack(), probability, [[(0, 1), (0, 4), (6, 4), (6, 1)]])
    assert found["pixels"] == 18
    assert found["kinds"] == pytest.approx({"TP": 1 / 3, "FN": 1 / 3, "FP": 1 / 3, "TN": 0})
    assert found["classes"] == pytest.approx({"rice": 2 / 3, "wheat": 1 / 3})
    assert len(found["rows"]) == 8


def test_figures_of_a_map_by_hand():
    fields = np.repeat(np.arange(1, 7, dtype=np.int32), 6).reshape(6, 6)
    probability = np.zeros((6, 6), np.float32)
    probability[:, 2:4] = 1
    found = compared.judged(stack(parcels=fields), probability)
    assert found["iou"][0] == pytest.approx(6 / 24)
    assert found["f1"][0] == pytest.approx(12 / 30)
    assert found["hectares"] == pytest.approx({"TP": 0.06, "FN": 0.12, "FP": 0.06, "TN": 0.12})
    rice, wheat, water = found["classes"]
    assert (rice["crop"], wheat["crop"]) == (True, False)
    assert (rice["FN"], wheat["FP"], water["TN"]) == pytest.approx((0.12, 0.06, 0))


def fields_of_rice(
    missed_ones: int, ranges: list[float], size: int = 4
) -> tuple[Stack, np.ndarray]:
    """Return a row of square fields of rice, the first of them missed, the last pixel water."""
    count = len(ranges)
    values = np.full((2, 8, size, size * count + 1), -15.0, np.float32)
    labels = np.zeros((size, size * count + 1), np.uint8)
    labels[:, -1] = 2
    parcels = np.zeros(labels.shape, np.int32)
    codes = np.where(labels == 0, 1, 0).astype(np.uint8)
    for n, depth in enumerate(ranges):
        mine = slice(n * size, (n + 1) * size)
        parcels[:, mine] = n + 1
        values[0, 0, :, mine] = -15 - depth
        codes[:, mine] = 2 if n < missed_ones else 1
    here = Stack("Here", values, labels=labels, classes=CLASSES, targets=("rice",), parcels=parcels)
    return here, codes


def test_steady_fields_are_told_from_rising_ones():
    found = missed.reasons(*fields_of_rice(3, [1, 2, 3, 7, 8, 9]))
    assert (found["missed"], found["found"]) == (3, 3)
    steady, late, small, water = found["measures"]
    assert steady["auc"] == 1
    assert (steady["missed"], steady["found"]) == pytest.approx((2, 8), abs=1e-4)
    assert late["auc"] == small["auc"] == 0.5  # all alike
    assert water["auc"] == 0  # the missed ones are furthest from it
    assert water["found"] == pytest.approx(50)  # metres, from the middle field of the last three
    assert small["found"] == pytest.approx(0.16)


def test_two_missed_fields_are_too_few_to_compare():
    found = missed.reasons(*fields_of_rice(2, [1, 2, 3, 7, 8]))
    assert {row["auc"] for row in found["measures"]} == {None}


def test_how_often_one_is_above_the_other():
    assert missed.auc(np.array([2, 3]), np.array([1, 2])) == 3.5 / 4


def test_pixels_at_the_mean_of_their_field():
    values = np.zeros((2, 8, 2, 2), np.float32)
    values[0, 0] = [[10, 20], [0, 0]]
    given = stack(2, parcels=np.array([[1, 1], [2, 0]], np.int32))
    given.values[:] = values
    smooth = compared.of_fields(given).values[0, 0]
    assert smooth[0] == pytest.approx(10 * np.log10(55), abs=1e-5)
    assert smooth[1] == pytest.approx(0, abs=1e-5)
