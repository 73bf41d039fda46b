"""Mean backscatter through the season, of what a map got right and wrong (Jo et al. 2022, Fig. 1).

Means are taken in power and told in decibels: a mean of decibels would sit lower, by 0.9 dB for
5-look speckle, and more where a field is uneven.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lab.crops.iou import KINDS
from lab.crops.stack import CropError, Stack, decibels, power

SERIES = ("VH", "VV", "VH/VV")
_LEAST_PIXELS = 9  # of a parcel, for its mean to say more of the field than of the speckle
_LEAST_PARCELS = 5  # for percentiles of parcel means


def mean_series(stack: Stack, codes: np.ndarray, band: str = "VH") -> list[dict[str, Any]]:
    """Return the mean series of the true positives, false negatives, false and true positives.

    Args:
        stack: of composites.
        codes: (H, W) uint8 of `lab.crops.iou.confusion`.
        band: "VH", "VV" or "VH/VV" (the ratio of the mean powers, a difference in dB).

    Returns:
        rows as of `of_mask`, kinds TP, FN, FP, TN; none for a kind that no pixel is.

    Raises:
        CropError: the shapes differ, or the stack lacks the band.
    """
    if codes.shape != stack.shape:
        raise CropError(f"A map of {codes.shape} does not fit a scene of {stack.shape}.")
    return [
        row
        for kind, code in KINDS.items()
        for row in of_mask(stack, codes == code, band, kind=kind)
    ]


def of_mask(
    stack: Stack, mask: np.ndarray, band: str = "VH", *, kind: str = "chosen"
) -> list[dict[str, Any]]:
    """Return the mean series of the pixels of a mask: a polygon, a parcel, a single pixel.

    Args:
        stack: of composites.
        mask: (H, W) bool; pixels without data in some period are left out.
        band: "VH", "VV" or "VH/VV".
        kind: a name for the rows.

    Returns:
        one dict a period: region, kind, band, period (label), day (of the year, the middle),
        first, last (days), operator, stage, mean (dB; mean of the power), low, high (dB; 10th and
        90th percentile of the means of parcels with 9 pixels or more, or of single pixels where
        there are fewer than 5 such parcels), spread ("parcels" or "pixels"), pixels. Empty if no
        pixel with data is left.

    Raises:
        CropError: the stack lacks the band.
    """
    if band not in SERIES:
        raise CropError(f"No series is called {band}: choose VH, VV or VH/VV.")
    parts = stack.take(tuple(band.split("/")))
    mask = np.asarray(mask, bool) & parts.valid
    if not mask.any():
        return []
    seen = power(parts.values[:, :, mask].astype(np.float64))  # (P, T, N)
    units, spread = _units(stack, mask)
    of_units = _db(_means(seen, units))  # (T, U)
    low, high = np.percentile(of_units, [10, 90], axis=1)
    mean = _db(seen.mean(2))
    return [
        {
            "region": stack.name,
            "kind": kind,
            "band": band,
            "period": period.label,
            "day": period.middle,
            "first": period.days()[0],
            "last": period.days()[1],
            "operator": period.operator,
            "stage": period.stage,
            "mean": float(mean[t]),
            "low": float(low[t]),
            "high": float(high[t]),
            "spread": spread,
            "pixels": int(mask.sum()),
        }
        for t, period in enumerate(stack.periods)
    ]


def _units(stack: Stack, mask: np.ndarray) -> tuple[np.ndarray | None, str]:
    """Return for each pixel of the mask the number of its parcel, or None for single pixels."""
    if stack.parcels is None:
        return None, "pixels"
    numbers = stack.parcels[mask]
    area = np.bincount(numbers)
    area[0] = 0
    large = area >= _LEAST_PIXELS
    if large.sum() < _LEAST_PARCELS:
        return None, "pixels"
    place = np.where(large, np.cumsum(large) - 1, -1)
    return place[numbers], "parcels"


def _means(seen: np.ndarray, units: np.ndarray | None) -> np.ndarray:
    """Return means of (P, T, N) over units: (P, T, U)."""
    if units is None:
        return seen
    inside = units >= 0
    units = units[inside]
    area = np.bincount(units)
    flat = seen[:, :, inside].reshape(-1, inside.sum())
    sums = np.stack([np.bincount(units, weights=row) for row in flat])
    return (sums / area).reshape(*seen.shape[:2], -1)


def _db(seen: np.ndarray) -> np.ndarray:
    """Return decibels of (P, ...) powers: of the only band, or of the first over the second."""
    return decibels(seen[0] if len(seen) == 1 else seen[0] / seen[1])
