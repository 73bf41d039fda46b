"""The bias of composites: by integration, by drawing, by the generator; and the maps it moves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lab.crops.iou import iou
from lab.crops.rule import rice
from lab.crops.scenes import passes
from lab.crops.scenes.bias import expected
from lab.crops.scenes.regions import REGIONS
from lab.crops.scenes.scene import clean, scene
from lab.crops.stack import PERIODS, CropError

# Speckle of 5 looks, what a single pixel shows on average, in dB.
KNOWN = {("min", 2): -1.6, ("min", 3): -2.2, ("min", 6): -3.2} | {
    ("max", 2): 0.7,
    ("max", 3): 1.2,
    ("max", 6): 2.0,
}


@pytest.mark.parametrize(("of", "value"), KNOWN.items())
def test_the_known_figures(of, value):
    assert expected(*of, looks=5)["pixel"] == pytest.approx(value, abs=0.05)


@pytest.mark.parametrize("operator", ["min", "mean", "max"])
def test_drawing_says_the_same(operator):
    drawn = np.random.default_rng(0).gamma(5, 1 / 5, (3, 200_000))
    made = getattr(np, operator)(drawn, axis=0)
    told = expected(operator, 3, 5.0)
    assert told["field"] == pytest.approx(10 * math.log10(made.mean()), abs=0.02)
    assert told["pixel"] == pytest.approx((10 * np.log10(made)).mean(), abs=0.02)
    assert told["spread"] == pytest.approx((10 * np.log10(made)).std(), abs=0.02)


def test_one_look_has_closed_forms():
    # The minimum of n exponential variables is exponential with mean 1 / n.
    for count in (1, 2, 6):
        found = expected("min", count, 1.0)
        assert found["field"] == pytest.approx(-10 * math.log10(count), abs=1e-6)
        assert found["pixel"] == pytest.approx(
            -10 * math.log10(count) - 10 / math.log(10) * np.euler_gamma, abs=1e-4
        )
        assert found["spread"] == pytest.approx(10 / math.log(10) * math.pi / 6**0.5, abs=1e-3)


def test_a_mean_stays_and_only_gets_smoother():
    found = [expected("mean", count) for count in range(1, 7)]
    assert all(one["field"] == 0 for one in found)
    spreads = [one["spread"] for one in found]
    assert spreads == sorted(spreads, reverse=True)
    assert expected("max", 1)["field"] == expected("min", 1)["field"] == 0


def test_what_cannot_be_is_refused():
    with pytest.raises(CropError, match="min, mean, max"):
        expected("median", 2)
    with pytest.raises(CropError, match="acquisitions"):
        expected("min", 0)
    with pytest.raises(CropError, match="way of paper or mean"):
        passes.operators("median")
    with pytest.raises(CropError, match="1 to 6"):
        passes.composites(np.ones((8, 6, 1)), 7, passes.operators("mean"))


@pytest.mark.parametrize("count", [1, 2, 6])
def test_composites_are_those_of_the_generator(count):
    made = passes.stack("spain", 3, 64, count)
    assert made.periods == PERIODS
    assert made.synthetic
    drawn = scene("spain", seed=3, size=64, acquisitions=count).take(("VH",))
    np.testing.assert_allclose(made.values, drawn.values, atol=1e-4)
    still = passes.acquisitions(REGIONS["spain"], 3, 64, "VV", False)
    np.testing.assert_allclose(
        passes.composites(still, count, passes.operators("paper")),
        clean("spain", seed=3, size=64, acquisitions=count).take(("VV",)).values[0],
        atol=1e-4,
    )


@pytest.fixture(scope="module")
def looked():
    return passes.look("korea", "trees or town", 0, 128)


def mean(rows, operator: str, count: int, key: str, way: str = "paper") -> float:
    return np.mean(
        [
            row[key] - row["truth"]
            for row in rows
            if (row["who"], row["way"], row["count"], row["operator"])
            == ("class", way, count, operator)
        ]
    )


def test_what_stands_still_moves_as_theory_says(looked):
    # The generator's speckle has 6.9 looks; the weather of a date adds to its spread.
    for operator, sign in (("min", -1), ("max", 1)):
        told = [expected(operator, count, 6.9)["field"] for count in (1, 2, 6)]
        seen = [mean(looked["rows"], operator, count, "value") for count in (1, 2, 6)]
        assert seen == pytest.approx(told, abs=0.5)
        assert sign * (seen[2] - seen[1]) > 0.6
    for way, operator in (("mean", "mean"), ("paper", "mean")):
        assert abs(mean(looked["rows"], operator, 6, "value", way)) < 0.1


def test_rows_windows_and_the_field(looked):
    assert len(looked["rows"]) == 2 * 2 * 6 * 8
    assert looked["pixels"]["class"] > looked["pixels"]["field"] > 9
    assert looked["windows"]["mean"].shape == (6, 8, 40, 40)
    assert looked["window_truth"].shape == (8, *looked["inside"].shape)
    at = looked["windows"]["paper"][5, 0][looked["inside"]]
    row = next(r for r in looked["rows"] if r["who"] == "field" and r["count"] == 6)
    if looked["inside"].sum() == looked["pixels"]["field"]:
        assert at.mean() == pytest.approx(row["pixel"], abs=1e-3)
    with pytest.raises(CropError, match="grows no cocoa"):
        passes.look("korea", "cocoa", 0, 64)


def test_the_rule_is_judged_as_it_would_be_by_hand():
    found = passes.judged("rule", "spain", 0, 128)
    rows = {(row["way"], row["count"]): row for row in found["rows"]}
    drawn = scene("spain", seed=0, size=128, acquisitions=6)
    assert rows["paper", 6]["iou"] == pytest.approx(iou(drawn.truth, rice(drawn)), abs=2e-3)
    assert rows["paper", 1]["iou"] == rows["mean", 1]["iou"]
    assert rows["paper", 6]["recall"] > rows["paper", 1]["recall"]
    assert rows["paper", 6]["precision"] < rows["mean", 6]["precision"]
    for row in found["rows"]:
        assert row["low"] <= row["iou"] <= row["high"]
