"""What the map viewer gets: rasters as single bytes, packed; and which pixels a polygon holds."""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from lab.crops.iou import confusion
from lab.crops.stack import UNKNOWN, CropError, Stack

FLOOR, STEP = -40.0, 0.2  # dB of code 1 of the base, and from code to code; 0 is no data
GREYS = {"VH": (-26, -10), "VV": (-20, -4)}  # dB that are drawn black and white
THRESHOLD = 0.5  # of the probability, from which a map says yes
SURE = 254  # code of probability 1
MOST = 512  # pixels a side that travel; of larger scenes every n-th is shown
_DEGREES = ("EPSG:4326", "EPSG:4258", "OGC:CRS84")
_METRES_OF_DEGREE = 111_320.0  # of latitude


def packed(codes: np.ndarray) -> str:
    """Return bytes (H, W) as they travel: deflated, in base64."""
    codes = np.ascontiguousarray(codes, np.uint8)
    return base64.b64encode(zlib.compress(codes.tobytes(), 6)).decode()


def said(probability: np.ndarray, threshold: float = THRESHOLD) -> np.ndarray:
    """Return a map's yes (1) and no (0), (H, W) uint8; `UNKNOWN` where it has no data."""
    yes = (np.nan_to_num(probability, nan=0.0) >= threshold).astype(np.uint8)
    yes[~np.isfinite(probability)] = UNKNOWN
    return yes


def picture(
    stack: Stack,
    probability: np.ndarray | None = None,
    *,
    name: str = "",
    period: int = 0,
    band: str = "VH",
    found: str = "",
    threshold: float = THRESHOLD,
) -> dict[str, Any]:
    """Return a map for `lab.lesson.components.maps`.

    Args:
        stack: with or without labels; without a CRS places are told in pixels.
        probability: (H, W) of the crop, NaN where it is not known; None without a prediction.
        name: above the map; the stack's own if empty.
        period: number of the composite that is drawn in grey, from 0.
        band: of it, one of the stack's.
        found: the crop that the prediction means, such as "rice"; the stack's own if empty.
        threshold: from which the prediction says yes.

    Raises:
        CropError: no such band or period, or a prediction of another shape.
    """
    if not 0 <= period < len(stack.periods):
        raise CropError(f"{stack.name} has {len(stack.periods)} composites, not {period + 1}.")
    if probability is not None and probability.shape != stack.shape:
        raise CropError(f"A map of {probability.shape} does not fit a scene of {stack.shape}.")
    step = max(1, math.ceil(max(stack.shape) / MOST))
    values = stack.take((band,)).values[0, period, ::step, ::step]
    low, high = _greys(values, band)
    crop = stack.targets[0].split(",")[0] if stack.targets else "the crop"
    sent: dict[str, Any] = {
        "name": name or stack.name,
        "crop": crop,
        "found": found or crop,
        "rows": values.shape[0],
        "columns": values.shape[1],
        "step": step,
        "synthetic": stack.synthetic,
        "band": band,
        "what": f"{band}, {stack.periods[period].label}",
        "low": low,
        "high": high,
        "base": packed(_codes(values)),
        **placed(stack, step),
    }
    if stack.labels is not None:
        sent["truth"] = packed(stack.truth[::step, ::step])
        sent["labels"] = packed(stack.labels[::step, ::step])
        sent["classes"] = list(stack.classes)
    if stack.parcels is not None:
        sent["parcels"] = packed(_borders(stack.parcels[::step, ::step]))
    if probability is not None:
        sent |= _predicted(stack, probability, threshold, step)
    return sent


def _greys(values: np.ndarray, band: str) -> tuple[float, float]:
    if band in GREYS:
        return GREYS[band]
    known = values[np.isfinite(values)]
    low, high = np.percentile(known, [2, 98]).round(1).tolist() if known.size else (0.0, 1.0)
    return low, max(high, low + 1)


def _codes(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    codes = np.round((np.where(known, values, FLOOR) - FLOOR) / STEP) + 1
    return np.where(known, codes.clip(1, 255), 0).astype(np.uint8)


def _borders(parcels: np.ndarray) -> np.ndarray:
    """Return 1 where the pixel on the right is of another field, 2 where that below is, added."""
    codes = np.zeros(parcels.shape, np.uint8)
    codes[:, :-1] |= (parcels[:, 1:] != parcels[:, :-1]).astype(np.uint8)
    codes[:-1] |= (parcels[1:] != parcels[:-1]).astype(np.uint8) * 2
    return codes


def placed(stack: Stack, step: int) -> dict[str, Any]:
    """Return transform, whether it counts in degrees, and metres of a pixel (None unknown)."""
    if stack.transform is None:
        return {"transform": None, "degrees": False, "pixel": None}
    a, b, c, d, e, f = stack.transform
    degrees = (stack.crs or "").upper() in _DEGREES
    side = math.hypot(a, d) * step
    if degrees:
        middle = d * stack.shape[1] / 2 + e * stack.shape[0] / 2 + f
        side *= _METRES_OF_DEGREE * math.cos(math.radians(middle))
    return {
        "transform": [a * step, b * step, c, d * step, e * step, f],
        "degrees": degrees,
        "pixel": side if stack.crs else None,
    }


def _predicted(
    stack: Stack, probability: np.ndarray, threshold: float, step: int
) -> dict[str, Any]:
    shown = probability[::step, ::step]
    known = np.isfinite(shown)
    codes = np.where(known, np.round(np.nan_to_num(shown).clip(0, 1) * SURE), UNKNOWN)
    sent: dict[str, Any] = {
        "probability": packed(codes),
        # A pixel rounded up to the threshold must not turn from no to yes: the map is told.
        "said": packed(said(shown, threshold)),
        "certain": bool(np.isin(shown[known], (0, 1)).all()),
    }
    if stack.labels is not None:
        codes = confusion(stack.truth, said(probability, threshold))
        sent["errors"] = packed(codes[::step, ::step])
    return sent


def inside(points: Sequence[Sequence[float]], shape: tuple[int, int]) -> np.ndarray:
    """Return the pixels of a pixel or polygon, (H, W) bool.

    Args:
        points: (row, column) from the upper left corner, the middle of the first pixel being
            (0.5, 0.5); one is a pixel, three or more a polygon, of which those pixels count whose
            middle lies inside (even-odd rule). A polygon too small for any has its first corner's.
        shape: (H, W).
    """
    mask = np.zeros(shape, bool)
    row, column = (min(int(value), most - 1) for value, most in zip(points[0], shape, strict=True))
    if len(points) > 1:
        rows, columns = np.arange(shape[0]) + 0.5, np.arange(shape[1]) + 0.5
        for (r0, c0), (r1, c1) in zip(points, [*points[1:], points[0]], strict=True):
            crosses = (r0 > rows) != (r1 > rows)
            with np.errstate(divide="ignore", invalid="ignore"):
                edge = c0 + (rows - r0) * (c1 - c0) / (r1 - r0)
            mask ^= crosses[:, None] & (columns[None] < edge[:, None])
    if not mask.any():
        mask[row, column] = True
    return mask
