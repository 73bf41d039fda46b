"""What a split by pixels promises, and what a new scene then gives.

The same forest is trained twice: on pixels drawn from everywhere, so that every field has some on
both sides; and on whole blocks of fields. Each is judged on the test part of its own split, and
both on a scene that neither has seen. What one wants to know is the last figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lab.crops import forest
from lab.crops.iou import f1, iou
from lab.crops.scenes.scene import scene
from lab.crops.splits import TEST, TRAIN, parts
from lab.crops.stack import UNKNOWN, Stack

_SHARES = (0.6, 0.2, 0.2)  # training, validation (unused here), test


def leak(
    region: str,
    seed: int = 0,
    size: int = 256,
    bands: Sequence[str] = ("VH", "VV"),
    side: int = 64,
    trees: int = 50,
    most: int = 20_000,
    others: int = 1,
) -> dict[str, Any]:
    """Compare a split by pixels with a split by blocks of parcels.

    Args:
        region: a region's key, or its JSON.
        seed: of the scene, the splits and the forests; new scenes have seed + 1000, + 1001 ...
        size: of all scenes in pixels.
        bands: that the forest reads.
        side: of a block in pixels.
        trees, most: of `lab.crops.forest.fit`; the trees are fully grown.
        others: new scenes; what is told of them is the mean over scenes.

    Returns:
        "pixels" and "blocks" -> iou, f1 (of the crop, on the test part of the own split),
        new_iou, new_f1 (on the parcels of new scenes), learned (pixels), tested (pixels),
        shared (share of the test part's parcels that the training part has pixels of).

    Raises:
        CropError: the scene is too small, or a part has pixels of one kind only.
    """
    bands = tuple(bands)
    known = scene(region, seed=seed, size=size)
    new = [scene(region, seed=seed + 1000 + n, size=size) for n in range(others)]
    splits = {
        "pixels": pixel_parts(known.parcels, seed),
        "blocks": parts(known.parcels, side, seed, _SHARES),
    }
    return {
        name: _judged(known, new, split, bands, seed, trees, most) for name, split in splits.items()
    }


def pixel_parts(parcels: np.ndarray, seed: int) -> np.ndarray:
    """Return a split that leaks: each pixel of a parcel is drawn on its own.

    Args:
        parcels: (H, W) numbers from 1, 0 between parcels.
        seed: of the draw.

    Returns:
        (H, W) uint8 as of `lab.crops.splits.parts`.
    """
    drawn = np.random.default_rng(seed).random(parcels.shape)
    part = np.searchsorted(np.cumsum(_SHARES)[:-1], drawn, side="right").astype(np.uint8)
    return np.where(parcels > 0, part, UNKNOWN).astype(np.uint8)


def _judged(
    known: Stack,
    new: Sequence[Stack],
    split: np.ndarray,
    bands: tuple[str, ...],
    seed: int,
    trees: int,
    most: int,
) -> dict[str, Any]:
    model = forest.fit(known, bands, split == TRAIN, seed, trees, most)
    inside, said = split == TEST, model.probability(known) > 0.5
    elsewhere = [_outside(model, stack) for stack in new]
    tested = np.unique(known.parcels[inside])
    learned = np.unique(known.parcels[split == TRAIN])
    return {
        "iou": iou(known.truth[inside], said[inside]),
        "f1": f1(known.truth[inside], said[inside]),
        "new_iou": float(np.mean([iou(*pair) for pair in elsewhere])),
        "new_f1": float(np.mean([f1(*pair) for pair in elsewhere])),
        "learned": model.pixels,
        "tested": int(inside.sum()),
        "shared": float(np.isin(tested, learned).mean()),
    }


def _outside(model: forest.Forest, stack: Stack) -> tuple[np.ndarray, np.ndarray]:
    """Return truth and map of the pixels in parcels, as the test part has no others either."""
    inside = stack.parcels > 0
    return stack.truth[inside], model.probability(stack)[inside] > 0.5
