"""Fields: blocks of parallel strips between tracks, cut finer than pixels so that edges mix.

A landscape is cut into blocks (the cells of random points), each with a direction of its own; a
block is cut into rows of fields whose widths vary. All of it is laid out on a grid finer than the
pixels, and pixels later average over it: a pixel on an edge is a mixture, as in real images.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from lab.crops.scenes.regions import Region
from lab.crops.stack import PIXEL

FINER = 2  # points of the fine grid to a pixel, each way
_FIELDS = 18  # in a block, about
_LONG = 2.5  # times as long as wide
_CUT = 1.6  # fields are laid out larger than wanted: edges of blocks cut many of them
_TRACK = 6.0  # metres to each side of a block's edge
_CLUSTERED = 2.5  # the smaller, the more alike the fields of a block
WILD = ("trees or town", "water")  # whole blocks of them


@dataclass(frozen=True)
class Fields:
    """The fields of a scene.

    Attributes:
        fine: (FINER H, FINER W) int32, number of the field at each fine point; 0 is the tracks.
        kinds: (N + 1) uint8, class of each field; that of the tracks first.
    """

    fine: np.ndarray
    kinds: np.ndarray

    @property
    def parcels(self) -> np.ndarray:
        """(H, W) int32: the field at the middle of each pixel."""
        return self.fine[FINER // 2 :: FINER, FINER // 2 :: FINER]

    def mixed(self, values: np.ndarray) -> np.ndarray:
        """Return (H, W) means over each pixel of values (N + 1) of the fields, as power mixes."""
        high, wide = (side // FINER for side in self.fine.shape)
        return values[self.fine].reshape(high, FINER, wide, FINER).mean((1, 3))


def lay_out(region: Region, size: int, random: np.random.Generator) -> Fields:
    """Draw the fields of a scene of `size` x `size` pixels."""
    metres = (np.arange(size * FINER) + 0.5) * PIXEL / FINER
    x, y = (grid.ravel() for grid in np.meshgrid(metres, metres))
    area = _CUT * region.parcel * 1e4  # square metres
    side = size * PIXEL
    count = max(6, round((side**2) / (area * _FIELDS)))
    # Beyond the edges too: otherwise the outermost blocks would all be larger.
    seeds = random.uniform(-0.2 * side, 1.2 * side, (max(4, round(count * 1.96)), 2))
    distance, block = cKDTree(seeds).query(np.stack([x, y], 1), k=2)
    track = distance[:, 1] - distance[:, 0] < 2 * _TRACK
    rows = _rows(x, y, block[:, 0], len(seeds), area, random)
    fields = _strips(rows, area, random)
    fine = np.where(track, 0, fields + 1).astype(np.int32)
    used, fine = np.unique(np.concatenate([[0], fine]), return_inverse=True)
    owner = np.zeros(len(used), np.int64)
    owner[fine[1:]] = block[:, 0]
    kinds = _kinds(region, owner, len(seeds), random)
    return Fields(fine[1:].reshape(size * FINER, -1).astype(np.int32), kinds)


def _rows(
    x: np.ndarray,
    y: np.ndarray,
    block: np.ndarray,
    blocks: int,
    area: float,
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the row of fields of each point, numbered over all blocks, and how far along it is."""
    angle = random.normal(random.uniform(0, np.pi), 0.25, blocks)[block]
    along = np.cos(angle) * x + np.sin(angle) * y
    across = np.cos(angle) * y - np.sin(angle) * x
    deep = np.sqrt(area * _LONG) * random.uniform(0.8, 1.25, blocks)
    row = np.floor(across / deep[block] + random.uniform(0, 1, blocks)[block]).astype(np.int64)
    _, row = np.unique(np.stack([block, row]), axis=1, return_inverse=True)
    return row, along


def _strips(
    rows: tuple[np.ndarray, np.ndarray], area: float, random: np.random.Generator
) -> np.ndarray:
    """Cut rows into fields of varying width; return the field of each point, from 0."""
    row, along = rows
    width = np.sqrt(area / _LONG)
    order = np.argsort(row, kind="stable")
    ends = np.cumsum(np.bincount(row))
    fields, before = np.empty(len(row), np.int64), 0
    for first, last in zip(np.r_[0, ends[:-1]], ends, strict=True):
        mine = order[first:last]
        low, high = along[mine].min(), along[mine].max()
        count = int((high - low) / width * 2) + 2
        edges = (
            low
            - width * random.uniform(0, 1)
            + np.cumsum(width * random.lognormal(-0.08, 0.4, count))
        )
        fields[mine] = before + np.searchsorted(edges, along[mine])
        before += count + 1
    return fields


def _kinds(
    region: Region, owner: np.ndarray, blocks: int, random: np.random.Generator
) -> np.ndarray:
    """Draw the classes of fields: woods and water by the block, crops in clusters."""
    names, shares = list(region.shares), np.array(list(region.shares.values()))
    shares = shares / shares.sum()
    wild = np.array([name in WILD for name in names])
    chances = np.append(np.where(wild, shares, 0), shares[~wild].sum())
    # Spread evenly over the chances, in random order: a scene has few blocks, and all uses.
    even = random.permutation((np.arange(blocks) + random.uniform(0, 1)) / blocks)
    use = np.searchsorted(np.cumsum(chances / chances.sum()), even).clip(0, len(names))
    farmed = np.where(wild, 0, shares)
    weights = np.zeros((blocks, len(names)))
    if farmed.sum() > 0:
        mixed = random.gamma(
            np.maximum(farmed / farmed.sum() * _CLUSTERED, 1e-9), size=weights.shape
        )
        weights = mixed / np.maximum(mixed.sum(1, keepdims=True), 1e-12)
    weights[use < len(names)] = 0
    found = use < len(names)
    weights[found, use[found]] = 1
    draws = random.uniform(0, 1, len(owner))[:, None]
    kinds = (weights[owner].cumsum(1) < draws * weights[owner].sum(1, keepdims=True)).sum(1)
    kinds = np.minimum(kinds, len(names) - 1).astype(np.uint8)
    # Tracks have grassy edges; where nothing is grass, they look like the first class.
    kinds[0] = names.index("meadow") if "meadow" in names else kinds[0]
    return kinds
