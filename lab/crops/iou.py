"""How well a crop map fits the ground: intersection over union, F1, and how sure of it one is.

IoU = TP / (TP + FN + FP), F1 = 2 TP / (2 TP + FN + FP), of pixels. Pixels of which the truth or
the prediction is not known are left out. "Mean IoU" here is the mean over tiles of the IoU of the
crop, not a mean over the classes crop and rest: Jo et al. 2022 report 0 for a network that finds
no barley, and the rest's IoU would have kept a mean over classes well above 0.
"""

from __future__ import annotations

import numpy as np

from lab.crops.stack import UNKNOWN, CropError

TN, TP, FN, FP = 0, 1, 2, 3
KINDS = {"TP": TP, "FN": FN, "FP": FP, "TN": TN}
_AT_ONCE = 4_000_000  # numbers drawn in one piece of the bootstrap: 32 MB


def confusion(truth: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Return what each pixel is: 1 TP, 2 FN, 3 FP, 0 TN, 255 not known.

    Args:
        truth: (H, W), 1 (or True) the crop, 0 another, `UNKNOWN`.
        predicted: (H, W), of the same values.

    Returns:
        (H, W) uint8.

    Raises:
        CropError: the shapes differ.
    """
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    if truth.shape != predicted.shape:
        raise CropError(f"A map of {predicted.shape} cannot be judged by labels of {truth.shape}.")
    is_crop, said_crop = truth == 1, predicted == 1
    codes = np.full(truth.shape, TN, np.uint8)
    codes[is_crop & said_crop] = TP
    codes[is_crop & ~said_crop] = FN
    codes[~is_crop & said_crop] = FP
    codes[(truth == UNKNOWN) | (predicted == UNKNOWN)] = UNKNOWN
    return codes


def counts(truth: np.ndarray, predicted: np.ndarray) -> dict[str, int]:
    """Return the numbers of pixels that are TP, FN, FP and TN."""
    found = np.bincount(confusion(truth, predicted).ravel(), minlength=256)
    return {kind: int(found[code]) for kind, code in KINDS.items()}


def iou(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return TP / (TP + FN + FP) of the crop; NaN where it neither grows nor is said to."""
    n = counts(truth, predicted)
    return _ratio(n["TP"], n["TP"] + n["FN"] + n["FP"])


def f1(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return 2 TP / (2 TP + FN + FP) of the crop; NaN where it neither grows nor is said to."""
    n = counts(truth, predicted)
    return _ratio(2 * n["TP"], 2 * n["TP"] + n["FN"] + n["FP"])


def by_unit(truth: np.ndarray, predicted: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return intersection and union of the crop in each tile or parcel.

    Args:
        truth, predicted: (H, W) as in `confusion`.
        units: (H, W) integers, the number of the tile or parcel, negative outside all of them.

    Returns:
        (U, 2) int: pixels in the intersection and in the union, in the order of the numbers that
        occur. A unit without any is (0, 0).
    """
    codes, units = confusion(truth, predicted).ravel(), np.asarray(units).ravel()
    inside = units >= 0
    names, numbers = np.unique(units[inside], return_inverse=True)
    codes = codes[inside]
    joint = np.bincount(numbers[codes == TP], minlength=len(names))
    union = np.bincount(numbers[(codes >= TP) & (codes <= FP)], minlength=len(names))
    return np.stack([joint, union], 1)


def tile_ious(truth: np.ndarray, predicted: np.ndarray, tiles: np.ndarray) -> np.ndarray:
    """Return the crop's IoU in each tile, (U,) float; NaN where it neither grows nor is said to."""
    joint, union = by_unit(truth, predicted, tiles).T
    return np.where(union > 0, joint / np.maximum(union, 1), np.nan)


def mean_iou(truth: np.ndarray, predicted: np.ndarray, tiles: np.ndarray) -> float:
    """Return the crop's IoU, averaged over tiles.

    Tiles where the crop neither grows nor is said to are undefined, and left out; a tile where it
    is only said to grow counts as 0. NaN if no tile is left.

    Args:
        truth, predicted: (H, W) as in `confusion`.
        tiles: (H, W) int, as from `lab.crops.splits.tiles`.
    """
    values = tile_ious(truth, predicted, tiles)
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else float("nan")


def bootstrap(
    values: np.ndarray, *, draws: int = 2_000, level: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Return the percentile bootstrap interval over tiles or parcels.

    Whole units are drawn with replacement: pixels of one field are not independent, and an
    interval over pixels would be far too narrow (Efron and Tibshirani 1993, chapter 13).

    Args:
        values: (U,) numbers whose mean is judged, NaN is left out; or (U, 2) intersection and
            union as from `by_unit`, whose ratio of sums is.
        draws: resamples.
        level: of the interval.
        seed: of the draws.

    Returns:
        low, high; both NaN if no unit is left.
    """
    values = np.asarray(values, float)
    pooled = values.ndim == 2
    if not pooled:  # a mean is a ratio of sums too
        values = np.stack([values, np.ones_like(values)], 1)[np.isfinite(values)]
    values = values[values[:, 1] > 0]  # an empty unit changes neither sum
    if not len(values):
        return float("nan"), float("nan")
    generator = np.random.default_rng(seed)
    found, many = [], max(1, _AT_ONCE // len(values))
    for start in range(0, draws, many):
        drawn = generator.integers(0, len(values), (min(many, draws - start), len(values)))
        top, bottom = (column[drawn].sum(1) for column in values.T)
        found.append(top / bottom)
    outside = (1 - level) / 2
    low, high = np.quantile(np.concatenate(found), [outside, 1 - outside])
    return float(low), float(high)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
