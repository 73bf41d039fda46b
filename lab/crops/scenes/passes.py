"""The same scene, seen once or six times in each period: what its composites become.

Fields, weather and speckle of a date stay the same; only how many dates go into a composite
changes. Every number here is from one synthetic scene.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from lab.crops.iou import bootstrap, by_unit, counts
from lab.crops.scenes import scene as scenes
from lab.crops.scenes.regions import MOST_ACQUISITIONS, Region, region
from lab.crops.splits import tiles
from lab.crops.stack import BANDS, OPERATORS, PERIODS, UNKNOWN, CropError, Stack, decibels, power

COUNTS = tuple(range(1, MOST_ACQUISITIONS + 1))
WAYS = ("paper", "mean")  # the operators of Jo et al. 2022, or a mean in every period
_TILE = 32  # pixels a side: the unit of the bootstrap
_WINDOW = 40  # pixels of the picture around a field


@lru_cache(maxsize=4)
def acquisitions(place: Region, seed: int, size: int, band: str, noisy: bool) -> np.ndarray:
    """Return every acquisition of a scene: (T, 6, H, W) float32 power.

    The first n of a period are those that `lab.crops.scenes.scene.scene` makes its composites of.

    Args:
        place: a region.
        seed, size: of the scene.
        band: "VH" or "VV".
        noisy: with speckle and noise floor, or without.
    """
    fields = scenes._fields(place, seed, size)  # the generator shows its composites alone
    surface = scenes._Surface(place, fields, seed, size)
    number = BANDS.index(band)
    found = np.empty((len(PERIODS), len(COUNTS), size, size), np.float32)
    for place_, period in enumerate(PERIODS):
        for taken, day in enumerate(scenes.dates(period, len(COUNTS))):
            found[place_, taken] = surface.acquisition(number, place_, taken, day, noisy)
    found.flags.writeable = False
    return found


def operators(way: str) -> tuple[str, ...]:
    """Return the operator of each period: the paper's, or "mean" in all of them."""
    if way not in WAYS:
        raise CropError(f"Composites are made the way of {' or '.join(WAYS)}, not {way!r}.")
    return tuple(period.operator if way == "paper" else "mean" for period in PERIODS)


def composites(seen: np.ndarray, count: int, chosen: tuple[str, ...]) -> np.ndarray:
    """Return composites of the first acquisitions of each period.

    Args:
        seen: (T, 6, ...) power.
        count: acquisitions that are used, 1 to 6.
        chosen: the operator of each of the T periods.

    Returns:
        (T, ...) decibels.
    """
    if count not in COUNTS:
        raise CropError(f"A composite has 1 to {COUNTS[-1]} acquisitions, not {count}.")
    made = {name: getattr(np, name) for name in OPERATORS}
    return decibels(
        np.stack([made[op](part[:count], 0) for op, part in zip(chosen, seen, strict=True)])
    )


def stack(which: str, seed: int, size: int, count: int, way: str = "paper") -> Stack:
    """Return a scene in VH, its composites made in one of two ways, of `count` acquisitions."""
    known = scenes.scene(which, seed=seed, size=size, acquisitions=1).take(("VH",))
    seen = acquisitions(region(which), seed, size, "VH", True)
    chosen = operators(way)
    periods = tuple(replace(p, operator=op) for p, op in zip(PERIODS, chosen, strict=True))
    return replace(known, values=composites(seen, count, chosen)[None], periods=periods)


def look(region_: str, grown: str, seed: int, size: int, band: str = "VH") -> dict[str, Any]:
    """Return what composites of 1 to 6 acquisitions show of a class's fields, and what they should.

    Args:
        region_: a region's key, or its JSON.
        grown: a class of the region.
        seed, size: of the scene.
        band: "VH" or "VV".

    Returns:
        rows: one dict for each of who ("field", the largest, or "class", all fields of it), way,
            count and period: period, day, first, last, operator, stage; value (dB, mean in
            power), clean (dB, the same composite without speckle), truth (dB, mean of all six
            dates without speckle), pixel (dB, mean over pixels of their own decibels), truth_pixel.
        pixels: of "field" and "class".
        windows: way -> (6, T, h, w) float32 dB, the surroundings of the field; window_truth
            (T, h, w); inside (h, w) bool, where the field is.

    Raises:
        CropError: no such class in this scene.
    """
    place = region(region_)
    known = scenes.scene(region_, seed=seed, size=size, acquisitions=1)
    masks = _masks(known, grown)
    noisy, still = (acquisitions(place, seed, size, band, which) for which in (True, False))
    rows = []
    for who, mask in masks.items():
        seen, calm = noisy[:, :, mask], still[:, :, mask]  # (T, 6, N)
        truth = composites(calm, COUNTS[-1], operators("mean"))
        for way in WAYS:
            for count in COUNTS:
                made = composites(seen, count, operators(way))
                quiet = composites(calm, count, operators(way))
                rows += _rows(who, way, count, made, quiet, truth)
    window = _window(masks["field"])
    cut = noisy[:, :, *window]
    return {
        "rows": rows,
        "pixels": {who: int(mask.sum()) for who, mask in masks.items()},
        "windows": {
            way: np.stack([composites(cut, count, operators(way)) for count in COUNTS])
            for way in WAYS
        },
        "window_truth": composites(still[:, :, *window], COUNTS[-1], operators("mean")),
        "inside": masks["field"][window],
    }


def _masks(known: Stack, grown: str) -> dict[str, np.ndarray]:
    if grown not in known.classes:
        raise CropError(f"{known.name} grows no {grown}: choose {', '.join(known.classes)}.")
    everywhere = (known.labels == known.classes.index(grown)) & (known.parcels > 0)
    if not everywhere.any():
        raise CropError(f"No {grown} grows in this scene of {known.name}: take another seed.")
    # The largest: of several as large, the first.
    field = known.parcels == np.bincount(known.parcels[everywhere]).argmax()
    return {"field": field, "class": everywhere}


def _window(mask: np.ndarray) -> tuple[slice, slice]:
    found = []
    for axis, side in enumerate(mask.shape):
        places = np.flatnonzero(mask.any(1 - axis))
        middle = int(places[0] + places[-1]) // 2
        wide = min(_WINDOW, side)
        start = min(max(0, middle - wide // 2), side - wide)
        found.append(slice(start, start + wide))
    return tuple(found)


def _rows(who, way, count, made, quiet, truth) -> list[dict[str, Any]]:
    """Return a row for each period; values are (T, N) decibels of pixels."""
    value, clean, true = (
        decibels(power(v.astype(np.float64)).mean(1)) for v in (made, quiet, truth)
    )
    return [
        {
            "who": who,
            "way": way,
            "count": count,
            "period": period.label if way == "paper" else f"{period.label.split(',')[0]}, mean",
            "day": period.middle,
            "first": period.days()[0],
            "last": period.days()[1],
            "operator": operators(way)[t],
            "stage": period.stage,
            "value": float(value[t]),
            "clean": float(clean[t]),
            "truth": float(true[t]),
            "pixel": float(made[t].mean()),
            "truth_pixel": float(truth[t].mean()),
            "clean_pixel": float(quiet[t].mean()),
        }
        for t, period in enumerate(PERIODS)
    ]


def judged(model: str, region_: str, seed: int, size: int) -> dict[str, Any]:
    """Return how well one map maker does on the same scene, seen 1 to 6 times in a period.

    Args:
        model: of `lab.crops.network.predict`: "rule", or shipped weights of the network, "korea".
        region_: a region's key, or its JSON.
        seed, size: of the scene.

    Returns:
        rows: way, count; iou of the crop in the whole scene, low and high (95 %, bootstrap over
        tiles of 32 x 32 pixels), recall, precision, f1 (NaN where undefined).
        pixels: of the crop in the scene, and all.

    Raises:
        CropError: no such region or model.
    """
    truth = scenes.scene(region_, seed=seed, size=size, acquisitions=1).truth
    units = tiles(truth.shape, _TILE)
    rows = []
    for way in WAYS:
        for count in COUNTS:
            said = _said(model, stack(region_, seed, size, count, way), seed)
            rows.append({"way": way, "count": count, **_figures(truth, said, units)})
    return {"rows": rows, "pixels": {"crop": int((truth == 1).sum()), "all": truth.size}}


def _said(model: str, seen: Stack, seed: int) -> np.ndarray:
    from lab.crops.network import predict  # brings torch or scikit-learn: in a worker alone

    chance = predict.of_stack(model, seen, seed, seen.shape[0])
    return np.where(np.isfinite(chance), chance > 0.5, UNKNOWN).astype(np.uint8)


def _figures(truth: np.ndarray, said: np.ndarray, units: np.ndarray) -> dict[str, float]:
    n = counts(truth, said)
    low, high = bootstrap(by_unit(truth, said, units))

    def ratio(part: float, whole: float) -> float:
        return part / whole if whole else float("nan")

    found = n["TP"]
    return {
        "iou": ratio(found, found + n["FN"] + n["FP"]),
        "low": low,
        "high": high,
        "recall": ratio(found, found + n["FN"]),
        "precision": ratio(found, found + n["FP"]),
        "f1": ratio(2 * found, 2 * found + n["FN"] + n["FP"]),
    }
