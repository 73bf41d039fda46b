"""Rice by physics, without learning: a flooded field is dark, then its plants make it bright.

Thresholds on the VH series of a pixel, after GeoRice (CESBIO and GISAT): rice where VH rises by
more than 5 dB from a minimum in the first half of the season to a maximum at least 20 days later;
trees and towns never get dark, water never gets bright. Rice that is flooded late, or sown dry,
hardly rises: the rule misses it by construction.
"""

from __future__ import annotations

import numpy as np

from lab.crops.stack import UNKNOWN, CropError, Stack

RICE, NO_RISE, LATE, SOON, TREES, WATER = range(6)
VERDICTS = (
    "rice",
    "no rise",
    "minimum too late",
    "maximum too soon",
    "trees or town",
    "water",
)
RISE = 5.0  # dB between the season's minimum and maximum of VH
LEVEL = -18.0  # dB of VH: never below it are trees and towns, never above it is water
DAYS = 20.0  # at least, from minimum to maximum


def verdicts(stack: Stack) -> np.ndarray:
    """Return which clause of the rule decides each pixel.

    Args:
        stack: with VH; a period's day is its middle.

    Returns:
        (H, W) uint8, a place in `VERDICTS`: 0 rice, 1 no rise, 2 minimum too late, 3 maximum too
        soon, 4 trees or town, 5 water; `UNKNOWN` where a period has no data. Where several clauses
        refuse a pixel, water is said first, then trees or town, no rise, minimum, maximum.

    Raises:
        CropError: the stack has no VH.
    """
    values = stack.take(("VH",)).values[0]  # (T, H, W)
    known = np.isfinite(values).all(0)
    values = np.where(known, values, 0.0)
    days = np.array([period.middle for period in stack.periods])
    lowest, highest = values.argmin(0), values.argmax(0)
    low, high = values.min(0), values.max(0)
    codes = np.full(stack.shape, RICE, np.uint8)
    codes[days[highest] - days[lowest] < DAYS] = SOON
    codes[days[lowest] > half_time(stack)] = LATE
    codes[high - low <= RISE] = NO_RISE
    codes[low > LEVEL] = TREES
    codes[high < LEVEL] = WATER
    codes[~known] = UNKNOWN
    return codes


def rice(stack: Stack) -> np.ndarray:
    """Return where the rule says rice, (H, W) bool; False where a period has no data."""
    return verdicts(stack) == RICE


def half_time(stack: Stack) -> float:
    """Return the day of the year that halves the season, from its first day to its last."""
    if not stack.periods:
        raise CropError(f"{stack.name} has no dates: the rule needs them.")
    return (stack.periods[0].days()[0] + stack.periods[-1].days()[1]) / 2
