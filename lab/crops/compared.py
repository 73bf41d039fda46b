"""Figures and curves beside the maps: what a map is worth, and what its errors are made of.

A page asks these of a worker by a model's name, or directly where it has the prediction itself:
what predicts (torch, scikit-learn, rasterio) is imported only when it is asked for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lab.crops.iou import KINDS, bootstrap, by_unit, confusion
from lab.crops.missed import reasons
from lab.crops.rule import VERDICTS, verdicts
from lab.crops.scenes.scene import scene
from lab.crops.series import mean_series, of_mask
from lab.crops.shown import inside, picture, placed, said
from lab.crops.splits import tiles
from lab.crops.stack import PIXEL, Stack, decibels, power

FOREST_SEED, FOREST_SIZE = 1000, 256  # of the scene that the forest learned from


@lru_cache(maxsize=12)
def probability(
    model: str, region: str, seed: int = 0, size: int = 256, acquisitions: int | None = None
) -> np.ndarray:
    """Return the probability (H, W) of the crop in a scene.

    Args:
        model: of `lab.crops.network.predict.MODELS`. The forest has learned from another scene of
            Spain, of seed 1000: no model here has seen a field of a scene with a seed under 1000.
        region, seed, size, acquisitions: as for `lab.crops.scenes.scene.scene`.
    """
    from lab.crops.network.predict import of_stack

    stack = scene(region, seed=seed, size=size, acquisitions=acquisitions)
    return of_stack(model, stack, seed=FOREST_SEED, size=FOREST_SIZE)


def seen(
    region: str,
    model: str,
    seed: int = 0,
    size: int = 256,
    acquisitions: int | None = None,
    **how: Any,
) -> dict[str, Any]:
    """Return a region as a model sees it: picture, see `lab.crops.shown.picture`, and figures.

    One answer for both, so that a page waits for one worker only.

    Args:
        region, seed, size, acquisitions: as for `scene`.
        model: of `lab.crops.network.predict.MODELS`.
        how: the rest of `picture`'s arguments.

    Returns:
        {"picture": dict, "figures": dict of `judged`}
    """
    stack = scene(region, seed=seed, size=size, acquisitions=acquisitions)
    return told(stack, probability(model, region, seed, size, acquisitions), **how)


def told(stack: Stack, probability: np.ndarray, **how: Any) -> dict[str, Any]:
    """Return the same of any stack with labels and parcels, and the crop's probability."""
    return {"picture": picture(stack, probability, **how), "figures": judged(stack, probability)}


def judged(stack: Stack, probability: np.ndarray) -> dict[str, Any]:
    """Return what a map is worth, and what its errors are made of.

    Args:
        stack: with labels and parcels.
        probability: (H, W) of the crop.

    Returns:
        hectares of TP, FN, FP, TN; iou and f1 as (value, low, high), the interval a bootstrap
        over tiles; classes: rows of class, crop (bool), and hectares of TP, FN, FP, TN; reasons:
        of `lab.crops.missed.reasons`.
    """
    yes = said(probability)
    codes = confusion(stack.truth, yes)
    joint, union = by_unit(stack.truth, yes, tiles(stack.shape)).T
    hectare = (placed(stack, 1)["pixel"] or PIXEL) ** 2 / 10_000
    return {
        "hectares": {kind: float((codes == code).sum() * hectare) for kind, code in KINDS.items()},
        "iou": _ratio(joint, union),
        "f1": _ratio(2 * joint, joint + union),
        "classes": [
            {
                "class": name,
                "crop": name in stack.targets,
                **{
                    kind: float(((codes == code) & (stack.labels == number)).sum() * hectare)
                    for kind, code in KINDS.items()
                },
            }
            for number, name in enumerate(stack.classes)
        ],
        "reasons": reasons(stack, codes),
    }


def series(
    region: str,
    model: str,
    seed: int = 0,
    size: int = 256,
    acquisitions: int | None = None,
    band: str = "VH",
) -> list[dict[str, Any]]:
    """Return the mean series of a model's TP, FN, FP and TN; arguments as for `scene`."""
    stack = scene(region, seed=seed, size=size, acquisitions=acquisitions)
    return series_of(stack, probability(model, region, seed, size, acquisitions), band)


def series_of(stack: Stack, probability: np.ndarray, band: str = "VH") -> list[dict[str, Any]]:
    """Return the same of any stack with labels, rows of `lab.crops.series.mean_series`."""
    return mean_series(stack, confusion(stack.truth, said(probability)), band)


def of_run(
    checkpoint: bytes,
    data: Any,
    what: str,
    region: str,
    seed: int = 0,
    size: int = 256,
    acquisitions: int | None = None,
    **given: Any,
) -> Any:
    """Answer `seen`, `series` or `drawn` for the network of a run.

    Args:
        checkpoint, data: of the run; the data is not looked at.
        what: name of one of these functions.
        region, seed, size, acquisitions: as for `scene`.
        given: the other arguments of the function.
    """
    stack = scene(region, seed=seed, size=size, acquisitions=acquisitions)
    found = _of_checkpoint(checkpoint, region, seed, size, acquisitions)
    answers = {"seen": told, "series": series_of, "drawn": drawn_on}
    return answers[what](stack, found, **given)


@lru_cache(maxsize=8)
def _of_checkpoint(
    checkpoint: bytes, region: str, seed: int, size: int, acquisitions: int | None
) -> np.ndarray:
    from lab.crops.network.questions import maps

    return maps(checkpoint, None, region, seed, size, acquisitions)["probability"]


def _ratio(part: np.ndarray, whole: np.ndarray) -> tuple[float, float, float]:
    value = part.sum() / whole.sum() if whole.sum() else float("nan")
    return (float(value), *bootstrap(np.stack([part, whole], 1)))


def drawn(
    region: str,
    model: str,
    places: Sequence[Sequence[Sequence[float]]],
    seed: int = 0,
    size: int = 256,
    acquisitions: int | None = None,
    band: str = "VH",
) -> list[dict[str, Any]]:
    """Return what lies in pixels and polygons, see `drawn_on`; the rest as for `scene`."""
    stack = scene(region, seed=seed, size=size, acquisitions=acquisitions)
    return drawn_on(stack, probability(model, region, seed, size, acquisitions), places, band)


def drawn_on(
    stack: Stack,
    probability: np.ndarray,
    places: Sequence[Sequence[Sequence[float]]],
    band: str = "VH",
) -> list[dict[str, Any]]:
    """Return what lies in pixels and polygons.

    Args:
        stack: with labels.
        probability: (H, W) of the crop.
        places: points of each, as for `inside`.
        band: "VH", "VV" or "VH/VV".

    Returns:
        for each place rows (of `lab.crops.series.of_mask`), pixels, kinds (shares of TP, FN, FP,
        TN) and classes (shares of those that grow there, largest first).
    """
    codes, found = confusion(stack.truth, said(probability)), []
    for points in places:
        mask = inside(points, stack.shape)
        grown = np.bincount(stack.labels[mask], minlength=len(stack.classes)) / mask.sum()
        order = [n for n in np.argsort(-grown) if n < len(stack.classes) and grown[n]]
        found.append(
            {
                "rows": of_mask(stack, mask, band),
                "pixels": int(mask.sum()),
                "kinds": {
                    kind: float((codes[mask] == code).mean()) for kind, code in KINDS.items()
                },
                "classes": {stack.classes[n]: float(grown[n]) for n in order},
            }
        )
    return found


def clauses(
    region: str,
    seed: int = 0,
    size: int = 256,
    acquisitions: int | None = None,
    fields: bool = False,
) -> list[dict[str, Any]]:
    """Return which share of the pixels of each class each clause of the physics rule decides.

    Args:
        region, seed, size, acquisitions: as for `scene`.
        fields: whether each pixel is given the mean (in power) of its field.

    Returns:
        rows of the classes of the scene: class, crop (bool), hectares, and a share for each of
        `lab.crops.rule.VERDICTS`.
    """
    stack = scene(region, seed=seed, size=size, acquisitions=acquisitions)
    codes, rows = verdicts(of_fields(stack) if fields else stack), []
    for number, name in enumerate(stack.classes):
        mine = codes[stack.labels == number]
        if not mine.size:
            continue
        shares = np.bincount(mine, minlength=256)[: len(VERDICTS)] / mine.size
        rows.append(
            {"class": name, "crop": name in stack.targets, "hectares": mine.size / 100}
            | dict(zip(VERDICTS, shares.tolist(), strict=True))
        )
    return rows


def of_fields(stack: Stack) -> Stack:
    """Return the stack with each pixel at the mean (in power) of its field; tracks are one."""
    numbers = stack.parcels.ravel()
    area = np.maximum(np.bincount(numbers), 1)
    values = np.empty_like(stack.values)
    for band, period in np.ndindex(values.shape[:2]):
        sums = np.bincount(numbers, weights=power(stack.values[band, period].ravel()))
        values[band, period] = decibels(np.maximum(sums / area, 1e-9))[stack.parcels]
    return replace(stack, values=values)


def geotiff(region: str, seed: int = 0, size: int = 256, acquisitions: int | None = None) -> bytes:
    """Return a scene as a cloud-optimised GeoTIFF with its tags; arguments as for `scene`."""
    from lab.crops.rasters.geotiff import write

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.tif"
        write(scene(region, seed=seed, size=size, acquisitions=acquisitions), path)
        return path.read_bytes()
