"""Crops of scenes to learn from: numpy only, a function of seed and step alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lab.crops.splits import TEST, TRAIN, VALIDATION, homes, parts, tiles
from lab.crops.stack import UNKNOWN, CropError, Stack
from lab.training.randomness import BATCHES, stream

TILE = 64  # pixels a side of a labelled tile: a shot
SPLIT_SEED = 0  # the same parts for every run, so that their figures can be compared
_WITH_CROP = 0.05  # share of a tile's labelled pixels: the first shots are drawn from such tiles


class Parted(NamedTuple):
    """A scene and its parts.

    Attributes:
        stack: with labels.
        truth: (H, W) uint8: 1 the crop, 0 another, `UNKNOWN`.
        part: (H, W) uint8: 0 training, 1 validation, 2 test, 255 none.
        home: (H, W) int32: the tile with the centroid of the pixel's parcel, -1 between parcels.
    """

    stack: Stack
    truth: np.ndarray
    part: np.ndarray
    home: np.ndarray

    def labelled(self, which: int) -> np.ndarray:
        """Return (H, W) bool: pixels of a part whose label is known."""
        return (self.part == which) & (self.truth != UNKNOWN)


def parted(stack: Stack) -> Parted:
    """Split a scene into parts by whole parcels, or by whole tiles if it has no parcels.

    A scene too small for blocks of 64 pixels is split by smaller ones.

    Raises:
        CropError: it is too small for that too, or has no labels.
    """
    parcels, side = stack.parcels, TILE
    while side > 8 and stack.shape[0] * stack.shape[1] < 9 * side * side:
        side //= 2
    if parcels is None:
        parcels = tiles(stack.shape, side) + 1
    part = parts(parcels, side, SPLIT_SEED)
    return Parted(stack, stack.truth, part, homes(parcels, side)[parcels])


def shots(scene: Parted, count: int, seed: int) -> np.ndarray:
    """Return which pixels may be learned from when only some tiles are labelled.

    Tiles in which the crop grows come first: nobody labels a tile without it to find it.

    Args:
        scene: to learn from.
        count: of tiles; 0 for the whole training part.
        seed: of the draw; more shots contain fewer of the same seed.

    Returns:
        (H, W) bool.

    Raises:
        CropError: nothing is labelled.
    """
    mask = scene.labelled(TRAIN)
    if not mask.any():
        raise CropError(f"The training part of {scene.stack.name} has no labels.")
    if not count:
        return mask
    tile = tiles(mask.shape, TILE)
    known = np.bincount(tile[mask], minlength=tile.max() + 1)
    crop = np.bincount(tile[mask & (scene.truth == 1)], minlength=len(known))
    order = np.random.default_rng(seed).permutation(np.flatnonzero(known))
    without = crop[order] < _WITH_CROP * known[order]
    chosen = order[np.argsort(without, kind="stable")][:count]
    return mask & np.isin(tile, chosen)


@dataclass(frozen=True)
class Cut:
    """A crop of a scene.

    Attributes:
        scene: its number.
        top, left: first row and column.
        turn: quarter turns, and 4 more if it is mirrored: one of 8 ways to look at it.
    """

    scene: int
    top: int
    left: int
    turn: int


class Crops:
    """Random crops, half of them around a pixel of the crop, half around any labelled pixel.

    Args:
        truths: (H, W) of each scene.
        masks: (H, W) bool of each: pixels to learn from.
        patch: pixels a side.
        batch: crops of a step.
        seed: of the run.

    Raises:
        CropError: a scene is smaller than a crop.
    """

    def __init__(
        self,
        truths: list[np.ndarray],
        masks: list[np.ndarray],
        patch: int,
        batch: int,
        seed: int,
    ):
        small = min(min(truth.shape) for truth in truths)
        if small < patch:
            raise CropError(f"A scene of {small} pixels is too small for crops of {patch}.")
        self.shapes = [truth.shape for truth in truths]
        self.patch, self.batch, self.seed = patch, batch, seed
        self.any = [np.flatnonzero(mask) for mask in masks]
        pairs = zip(truths, masks, strict=True)
        self.crop = [np.flatnonzero(mask & (truth == 1)) for truth, mask in pairs]

    def cuts(self, step: int) -> list[Cut]:
        """Return the crops of a step (from 0)."""
        random = stream(self.seed, BATCHES, step)
        return [self._cut(random, number % 2 == 0) for number in range(self.batch)]

    def _cut(self, random: np.random.Generator, with_crop: bool) -> Cut:
        scene = int(random.integers(len(self.shapes)))
        pixels = self.crop[scene] if with_crop and len(self.crop[scene]) else self.any[scene]
        height, width = self.shapes[scene]
        pixel = int(pixels[random.integers(len(pixels))])
        # The pixel lies anywhere in the crop, as far as the scene's edge allows.
        corner = [
            int(random.integers(max(0, at - self.patch + 1), min(at, size - self.patch) + 1))
            for at, size in zip(divmod(pixel, width), (height, width), strict=True)
        ]
        return Cut(scene, *corner, int(random.integers(8)))

    def take(self, arrays: list[np.ndarray], cuts: list[Cut]) -> np.ndarray:
        """Return the crops (B, ..., patch, patch) of arrays (..., H, W), one for each scene."""
        return np.stack([_turned(arrays[c.scene], c, self.patch) for c in cuts])


def _turned(array: np.ndarray, cut: Cut, patch: int) -> np.ndarray:
    found = array[..., cut.top : cut.top + patch, cut.left : cut.left + patch]
    found = np.rot90(found, cut.turn % 4, axes=(-2, -1))
    return found[..., ::-1] if cut.turn >= 4 else found


__all__ = ["TEST", "TRAIN", "VALIDATION", "Crops", "Cut", "Parted", "parted", "shots"]
