"""What tells the missed fields of a crop from those that were found: four measures of each field.

For every measure the area under the ROC curve says how often a missed field, drawn by lot, is
further that way than a found one: 0.5 is no better than a coin, 1 tells them all apart
(Hanley and McNeil 1982). It is a description of one map, not a cause.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.ndimage import distance_transform_edt
from scipy.stats import rankdata

from lab.crops.iou import FN, TP
from lab.crops.stack import Stack, decibels, power

STEADY, LATE, SMALL, WATER = MEASURES = (
    "its VH hardly moves",
    "its VH rises late",
    "its fields are small",
    "it grows beside water",
)
# Measure -> what it is of a field, and in which unit.
_TOLD = {
    STEADY: ("VH from minimum to maximum", "dB"),
    LATE: ("Maximum of VH", "(day of the year)"),
    SMALL: ("Size of the field", "ha"),
    WATER: ("Way to the next water", "m"),
}
_LEAST_PIXELS = 9  # of a field: fewer are more speckle than field
FEWEST = 3  # fields on each side, for a comparison


def auc(more: np.ndarray, than: np.ndarray) -> float:
    """Return how often a value of `more` is above one of `than`, ties counted half."""
    ranks = rankdata(np.concatenate([more, than]))[: len(more)]
    return float((ranks.sum() - len(more) * (len(more) + 1) / 2) / (len(more) * len(than)))


def reasons(stack: Stack, codes: np.ndarray) -> dict[str, Any]:
    """Return how well each measure tells missed fields of the crop from found ones.

    Args:
        stack: with labels, parcels and VH.
        codes: (H, W) of `lab.crops.iou.confusion`.

    Returns:
        missed, found: numbers of fields (a field is missed if less than half of it is found);
        noise: standard error of an AUC of 0.5 for so many fields, None with none on a side;
        measures: rows of name, what, unit, missed and found (medians), auc (in the direction that
        the name says: lower range, later maximum, smaller, nearer to water; None where fewer than 3
        fields are on one side, or there is no water). Fields under 9 pixels are left out.
    """
    fields = _fields(stack, codes)
    missed = fields.pop("share") < 0.5
    rows = []
    for name, (what, unit) in _TOLD.items():
        values = fields[name]
        enough = min(missed.sum(), (~missed).sum()) >= FEWEST and np.isfinite(values).all()
        # Only "late" means a larger value.
        sign = 1 if name == LATE else -1
        rows.append(
            {
                "name": name,
                "what": what,
                "unit": unit,
                "missed": float(np.median(values[missed])) if missed.any() else None,
                "found": float(np.median(values[~missed])) if (~missed).any() else None,
                "auc": auc(sign * values[missed], sign * values[~missed]) if enough else None,
            }
        )
    away, here = int(missed.sum()), int((~missed).sum())
    noise = ((away + here + 1) / (12 * away * here)) ** 0.5 if away and here else None
    return {"missed": away, "found": here, "noise": noise, "measures": rows}


def _fields(stack: Stack, codes: np.ndarray) -> dict[str, np.ndarray]:
    """Return share found, and the measures, of each field of the crop."""
    mine = (codes == TP) | (codes == FN)
    numbers = np.where(mine & stack.valid, stack.parcels, 0).ravel()
    area = np.bincount(numbers)
    area[0] = 0
    kept = area >= _LEAST_PIXELS
    area = area[kept]

    def means(values: np.ndarray) -> np.ndarray:
        return np.bincount(numbers, weights=values.ravel(), minlength=len(kept))[kept] / area

    vh = stack.take(("VH",)).values[0]
    curves = decibels(np.stack([means(power(np.nan_to_num(v).astype(float))) for v in vh], 1))
    days = np.array([period.middle for period in stack.periods])
    wet = np.isin(stack.labels, [n for n, name in enumerate(stack.classes) if name == "water"])
    side = abs(stack.transform[0]) if stack.transform else 10.0
    far = np.full(len(kept), np.inf)
    if wet.any():
        np.minimum.at(far, numbers, distance_transform_edt(~wet).ravel() * side)
    return {
        "share": means((codes == TP).astype(float)),
        STEADY: np.ptp(curves, 1) if len(area) else np.zeros(0),
        LATE: days[curves.argmax(1)] if len(area) else np.zeros(0),
        SMALL: area * side**2 / 10_000,
        WATER: far[kept],
    }
