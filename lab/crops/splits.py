"""Training, validation and test parts of a scene that share no field.

Neighbouring pixels of one field share its sowing date, its soil and their speckle. A split by
pixels lets a model look its answers up; a split by blocks of whole parcels does not
(Roberts et al. 2017, Ecography 40; `lab.crops.leak` shows the difference).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.crops.stack import UNKNOWN, CropError

PARTS = ("train", "validation", "test")
TRAIN, VALIDATION, TEST = range(3)


def tiles(shape: tuple[int, int], side: int = 64) -> np.ndarray:
    """Return the number of the square tile that each pixel lies in.

    Args:
        shape: (H, W).
        side: of a tile in pixels; the last row and column of tiles may be smaller.

    Returns:
        (H, W) int32 from 0, row by row.
    """
    height, width = shape
    across = -(-width // side)
    rows, columns = np.arange(height) // side, np.arange(width) // side
    return (rows[:, None] * across + columns).astype(np.int32)


def homes(parcels: np.ndarray, side: int = 64) -> np.ndarray:
    """Return the tile in which the centroid of each parcel lies.

    Args:
        parcels: (H, W) numbers from 1, 0 between parcels.
        side: of a tile in pixels.

    Returns:
        (largest number + 1,) int32; -1 for numbers that do not occur, and for 0.
    """
    parcels = np.asarray(parcels)
    flat, size = parcels.ravel(), int(parcels.max(initial=0)) + 1
    area = np.bincount(flat, minlength=size)
    rows, columns = (axis.ravel() for axis in np.indices(parcels.shape))
    row, column = (
        np.bincount(flat, weights=axis, minlength=size) / np.maximum(area, 1)
        for axis in (rows, columns)
    )
    across = -(-parcels.shape[1] // side)
    home = (row // side * across + column // side).astype(np.int32)
    home[area == 0] = -1
    home[0] = -1
    return home


def parts(
    parcels: np.ndarray,
    side: int = 64,
    seed: int = 0,
    shares: Sequence[float] = (0.6, 0.2, 0.2),
) -> np.ndarray:
    """Return the part that each pixel belongs to; a parcel is never in two of them.

    Tiles are drawn in a random order, each goes to the part that lacks most of its share; a parcel
    goes with the tile of its centroid.

    Args:
        parcels: (H, W) numbers from 1, 0 between parcels.
        side: of a tile in pixels; parcels across a border stay whole.
        seed: of the order.
        shares: of the parcels' area: training, validation, test; they add to 1.

    Returns:
        (H, W) uint8: 0 train, 1 validation, 2 test, 255 no parcel.

    Raises:
        CropError: there are fewer tiles with parcels than parts.
    """
    parcels = np.asarray(parcels)
    home = homes(parcels, side)
    area = np.bincount(parcels.ravel(), minlength=len(home))
    used = home >= 0
    weight = np.bincount(home[used], weights=area[used])
    order = np.random.default_rng(seed).permutation(np.flatnonzero(weight))
    wanted = [part for part, share in enumerate(shares) if share > 0]
    if len(order) < len(wanted):
        raise CropError(
            f"{len(order)} blocks of {side} pixels hold parcels, and {len(wanted)} parts need one "
            "each: take smaller blocks or a larger scene."
        )
    lack = np.asarray(shares, float) * weight.sum()
    part_of_tile = np.full(len(weight), UNKNOWN, np.uint8)
    empty = set(wanted)
    for position, tile in enumerate(order):
        # No part may end up empty, so the last tiles are kept for those that still are.
        open_to = empty if len(order) - position == len(empty) else wanted
        part = max(open_to, key=lambda part: (lack[part], -part))
        part_of_tile[tile] = part
        lack[part] -= weight[tile]
        empty.discard(part)
    part_of_parcel = np.full(len(home), UNKNOWN, np.uint8)
    part_of_parcel[used] = part_of_tile[home[used]]
    return part_of_parcel[parcels]
