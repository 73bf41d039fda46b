"""Mean series: in power, over parcels, of what a map got right and wrong."""

from __future__ import annotations

import numpy as np
import pytest

from lab.crops.series import mean_series, of_mask
from lab.crops.stack import PERIODS, UNKNOWN, CropError, Stack


def stack(values: np.ndarray, **given) -> Stack:
    """Return a scene with (H, W) decibels in VH in every period, and VV 7 dB above."""
    whole = np.stack([np.repeat(v[None], 8, 0) for v in (values, values + 7)])
    return Stack("here", whole.astype(np.float32), **given)


def test_means_are_taken_in_power():
    rows = of_mask(stack(np.array([[-10.0, -20.0]])), np.ones((1, 2), bool))
    assert rows[0]["mean"] == pytest.approx(10 * np.log10((0.1 + 0.01) / 2))
    assert [row["period"] for row in rows] == [period.label for period in PERIODS]
    assert rows[0]["day"] == PERIODS[0].middle
    assert rows[0]["operator"] == "min"
    assert rows[0]["pixels"] == 2
    assert rows[0]["spread"] == "pixels"


def test_each_kind_has_its_own_rows_and_absent_ones_none():
    values = np.array([[-10.0, -12.0, -14.0, -99.0]])
    rows = mean_series(stack(values), np.array([[1, 2, 3, UNKNOWN]], np.uint8))
    means = {row["kind"]: row["mean"] for row in rows}
    assert means == pytest.approx({"TP": -10, "FN": -12, "FP": -14})
    assert len(rows) == 24


def test_bands_and_their_ratio():
    seen, mask = stack(np.array([[-10.0, -16.0]])), np.ones((1, 2), bool)
    assert of_mask(seen, mask, "VV")[0]["mean"] == pytest.approx(
        of_mask(seen, mask)[0]["mean"] + 7, abs=1e-4
    )
    assert of_mask(seen, mask, "VH/VV")[3]["mean"] == pytest.approx(-7, abs=1e-4)
    with pytest.raises(CropError, match="choose VH, VV or VH/VV"):
        of_mask(seen, mask, "HH")
    with pytest.raises(CropError, match="no VV"):
        of_mask(seen.take(("VH",)), mask, "VH/VV")


def test_spread_is_over_parcels_where_there_are_enough_of_them():
    levels = np.repeat(np.arange(-20.0, -9.0), 10)[None]  # 11 parcels of 10 pixels
    parcels = np.repeat(np.arange(1, 12), 10)[None].astype(np.int32)
    mask = np.ones(levels.shape, bool)
    rows = of_mask(stack(levels, parcels=parcels), mask)
    assert rows[0]["spread"] == "parcels"
    assert (rows[0]["low"], rows[0]["high"]) == pytest.approx((-19, -11), abs=1e-4)
    # Four parcels alone, or parcels of eight pixels, are too few to speak of.
    assert of_mask(stack(levels, parcels=parcels), parcels < 5)[0]["spread"] == "pixels"
    small = np.repeat(np.arange(1, 15), 8)[None, :110].astype(np.int32)
    assert of_mask(stack(levels, parcels=small), mask)[0]["spread"] == "pixels"


def test_pixels_between_parcels_are_in_the_mean_and_not_in_the_spread():
    parcels = np.repeat([0, 1, 2, 3, 4, 5], 10)[None].astype(np.int32)
    levels = np.where(parcels == 0, -3.0, -15.0)
    row = of_mask(stack(levels, parcels=parcels), np.ones(levels.shape, bool))[0]
    assert row["high"] == pytest.approx(-15, abs=1e-4)
    assert row["mean"] > -11


def test_pixels_without_data_are_left_out():
    seen = stack(np.array([[-10.0, np.nan]]))
    assert of_mask(seen, np.ones((1, 2), bool))[0]["pixels"] == 1
    assert of_mask(seen, np.array([[False, True]])) == []
    with pytest.raises(CropError, match="does not fit"):
        mean_series(seen, np.zeros((2, 2), np.uint8))
