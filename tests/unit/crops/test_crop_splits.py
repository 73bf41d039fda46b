"""No parcel in two parts, shares as wanted: for many layouts."""

from __future__ import annotations

import numpy as np
import pytest

from lab.crops.splits import PARTS, homes, parts, tiles
from lab.crops.stack import UNKNOWN, CropError


def layout(seed: int, side: int = 100, count: int = 200) -> np.ndarray:
    """Return parcels as the cells of random points, some of them cut out."""
    random = np.random.default_rng(seed)
    places = random.uniform(0, side, (count, 2))
    grid = np.stack(np.indices((side, side)), -1).reshape(-1, 1, 2)
    parcels = ((grid - places) ** 2).sum(-1).argmin(1).reshape(side, side) + 1
    return np.where(random.random(count + 1)[parcels] < 0.1, 0, parcels).astype(np.int32)


def test_tiles_by_hand():
    assert tiles((3, 5), 2).tolist() == [[0, 0, 1, 1, 2], [0, 0, 1, 1, 2], [3, 3, 4, 4, 5]]
    assert tiles((3, 5), 2).dtype == np.int32


def test_a_parcel_belongs_to_the_tile_of_its_centroid():
    parcels = np.zeros((4, 8), int)
    parcels[0, 1:7] = 2  # centre in column 3.5: the first tile, though it reaches into the second
    parcels[3, 3:8] = 5
    assert homes(parcels, 4).tolist() == [-1, -1, 0, -1, -1, 1]


@pytest.mark.parametrize("seed", range(6))
def test_no_parcel_is_in_two_parts_and_shares_are_close(seed):
    parcels = layout(seed)
    split = parts(parcels, 10, seed)
    assert split.dtype == np.uint8
    assert ((split == UNKNOWN) == (parcels == 0)).all()
    for number in np.unique(parcels[parcels > 0]):
        assert len(np.unique(split[parcels == number])) == 1
    found = np.bincount(split[split < 3], minlength=3) / (split < 3).sum()
    assert np.abs(found - (0.6, 0.2, 0.2)).max() < 0.04
    assert len(PARTS) == 3


def test_the_seed_decides():
    parcels = layout(0)
    assert (parts(parcels, 20, 1) == parts(parcels, 20, 1)).all()
    assert (parts(parcels, 20, 1) != parts(parcels, 20, 2)).any()


def test_no_part_is_empty_with_three_tiles_and_two_tiles_are_refused():
    parcels = np.repeat([[1, 2, 3]], 4, 0).repeat(4, 1)
    for seed in range(5):
        assert set(np.unique(parts(parcels, 4, seed))) == {0, 1, 2}
    with pytest.raises(CropError, match="smaller blocks"):
        parts(parcels[:, :8], 4)
    assert set(np.unique(parts(parcels[:, :8], 4, shares=(0.5, 0, 0.5)))) == {0, 2}
