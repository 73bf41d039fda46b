"""The forest: a balanced sample, the part it may see, and the leak of a split by pixels."""

from __future__ import annotations

import numpy as np
import pytest

from lab.crops import leak as leaking
from lab.crops.forest import fit
from lab.crops.stack import UNKNOWN, CropError, Stack


def field(seed: int = 0, side: int = 20, apart: float = 6.0) -> Stack:
    """Return a scene whose left half is rice, brighter in the last period."""
    random = np.random.default_rng(seed)
    values = random.normal(-17, 1, (2, 8, side, side)).astype(np.float32)
    labels = np.ones((side, side), np.uint8)
    labels[:, : side // 2] = 0
    values[:, -1][:, labels == 0] += apart
    parcels = np.arange(side * side, dtype=np.int32).reshape(side, side) // 10 + 1
    return Stack("here", values, labels=labels, classes=("rice", "else"), targets=("rice",),
                 parcels=parcels)  # fmt: skip


def test_it_learns_and_says_nothing_where_nothing_is_known():
    seen, other = field(), field(1)
    model = fit(seen, ("VH",), np.ones(seen.shape, bool), 0, trees=10)
    holed = other.values.copy()
    holed[0, 3, 0, 0] = np.nan
    chance = model.probability(Stack("there", holed))
    assert chance.dtype == np.float32
    assert np.isnan(chance[0, 0])
    chance[0, 0] = 1
    assert ((chance > 0.5) == (other.truth == 1)).mean() > 0.95


def test_the_sample_is_balanced_bounded_and_from_its_part_alone():
    seen = field()
    mask = np.zeros(seen.shape, bool)
    mask[:, 8:16] = True  # 40 pixels of rice, 120 others
    assert fit(seen, ("VH", "VV"), mask, 0, trees=2).pixels == 80
    assert fit(seen, ("VH", "VV"), mask, 0, trees=2, most=30).pixels == 30
    with pytest.raises(CropError, match="no pixel of the crop"):
        fit(seen, ("VH",), seen.labels == 1, 0)
    with pytest.raises(CropError, match="no pixel of anything else"):
        fit(seen, ("VH",), seen.labels == 0, 0)


def test_the_seed_decides_and_unknown_pixels_teach_nothing():
    seen = field(apart=1.0)
    whole = np.ones(seen.shape, bool)
    one, same, other = (
        fit(seen, ("VH",), whole, seed, trees=5).probability(seen) for seed in (0, 0, 1)
    )
    assert (one == same).all()
    assert (one != other).any()
    labels = seen.labels.copy()
    labels[:, :9] = UNKNOWN
    holed = Stack("here", seen.values, labels=labels, classes=seen.classes, targets=seen.targets)
    assert fit(holed, ("VH",), whole, 0, trees=2).pixels == 40


def test_a_split_by_pixels_has_every_parcel_on_both_sides():
    parcels = np.repeat(np.arange(0, 12), 400).reshape(-1, 40).astype(np.int32)
    split = leaking.pixel_parts(parcels, 0)
    assert ((split == UNKNOWN) == (parcels == 0)).all()
    assert set(np.unique(parcels[split == 0])) == set(np.unique(parcels[split == 2]))
    shares = np.bincount(split[split < 3]) / (split < 3).sum()
    assert np.abs(shares - (0.6, 0.2, 0.2)).max() < 0.03


def test_the_leak_is_told_in_plain_numbers():
    found = leaking.leak("spain", 0, 96, side=16, trees=5, most=400)
    assert set(found) == {"pixels", "blocks"}
    assert found["pixels"]["shared"] > 0.9
    assert found["blocks"]["shared"] == 0
    for figures in found.values():
        assert all(isinstance(value, int | float) for value in figures.values())
        assert 0 <= figures["new_iou"] <= figures["new_f1"] <= 1
        assert figures["learned"] == 400
