"""What needs no fine-tuning, measured where a run is: zero-shot, the forest, the physics rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lab.crops.iou import iou
from lab.crops.network.batches import TEST, VALIDATION, Parted, parted, shots
from lab.crops.network.data import CropData, Place
from lab.crops.network.layers import FEATURES
from lab.crops.network.predict import of_stack
from lab.crops.splits import PARTS
from lab.crops.stack import Stack

NAMES = ("zero", "forest", "rule")


def marks(
    recipe: str, features: str = "VH", start: str = "korea", count: int = 0, seed: int = 0
) -> dict[str, dict[str, float]]:
    """Measure the three beside which a fine-tuned network stands.

    Args:
        recipe: `lab.crops.network.data.CropData.to_bytes` as text; only scenes by recipe.
        features: a key of `FEATURES`; the rule always reads VH.
        start: weights for zero-shot.
        count: labelled tiles that the forest learns from, 0 for all.
        seed: of their draw and of the forest.

    Returns:
        Each of `NAMES` -> the metrics of a run: "iou" (validation part of the first scene),
        "iou_KEY" and "tiles_KEY" for each region KEY tested on.

    Raises:
        CropError: there is no such scene, or nothing to learn from.
    """
    from lab.crops.forest import fit
    from lab.crops.network.task import THRESHOLD, judge, tested_on

    data = CropData.from_bytes(recipe.encode())
    known = tested_on(data.train[0])
    forest = fit(known.stack, FEATURES[features], shots(known, count, seed), seed)

    found = {}
    # A region is tested on in the very scene that was learned from: it is predicted once.
    scenes = {place: tested_on(place) for place in (data.train[0], *data.tests)}
    for name in NAMES:
        maps = {
            place: forest.probability(_judged(scene))
            if name == "forest"
            else of_stack(start if name == "zero" else name, scene.stack, features=features)
            for place, scene in scenes.items()
        }
        mask = known.labelled(VALIDATION)
        said = maps[data.train[0]][mask] >= THRESHOLD
        figures = {"iou": iou(known.truth[mask][None], said[None])}
        for place in data.tests:
            figures |= judge(place.key, scenes[place], maps[place])
        found[name] = {key: float(v) for key, v in figures.items() if np.isfinite(v)}
    return found


def _judged(scene: Parted) -> Stack:
    """Return the scene without data where nothing is judged: a forest need not look there."""
    judged = (scene.part == VALIDATION) | (scene.part == TEST)
    return replace(scene.stack, values=np.where(judged, scene.stack.values, np.nan))


def part_map(region: str, seed: int = 0, size: int = 256) -> dict[str, Any]:
    """Return how a scene is divided.

    Args:
        region: a key, or the JSON of a region of one's own.
        seed, size: of the scene.

    Returns:
        "part" (H, W) uint8 0 training, 1 validation, 2 test, 255 none; "parcels": part -> how
        many; "crop": part -> share of its pixels.
    """
    scene = parted(Place.of({"region": region, "seed": seed, "size": size}).stack())
    numbers = {name: scene.labelled(code) for code, name in enumerate(PARTS)}
    return {
        "part": scene.part,
        "parcels": {
            name: len(np.unique(scene.stack.parcels[mask])) for name, mask in numbers.items()
        },
        "crop": {name: float((scene.truth[mask] == 1).mean()) for name, mask in numbers.items()},
    }
