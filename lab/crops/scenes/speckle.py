"""Speckle: the grain of radar images, correlated between neighbours as in real products.

Measured on Sentinel-1 products: an equivalent number of looks of about 5.7, an autocorrelation of
0.64 to the next pixel and 0.16 to the one after. An exponential intensity, as of one look, blurred
by a Gaussian of 0.75 pixels has 6.9, 0.63 and 0.17; independent gamma noise would have 0 and 0, and
smoothing it away would be far too easy.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

BLUR = 0.75  # pixels
FLOOR = -22.0  # dB: noise-equivalent sigma0, about what Sentinel-1 has


def speckle(shape: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    """Draw a field of speckle: (H, W) float32, mean 1, by which power is multiplied."""
    grain = random.exponential(1.0, shape).astype(np.float32)
    return gaussian_filter(grain, BLUR, mode="reflect")


def looks(power: np.ndarray) -> float:
    """Return the equivalent number of looks of a homogeneous area: mean^2 / variance."""
    power = np.asarray(power, np.float64)
    return float(power.mean() ** 2 / power.var())


def floored(power: np.ndarray) -> np.ndarray:
    """Return the power that a radar with its noise floor reports on average.

    The lab's curves are observed means: they hold the floor already, and only what would be
    darker than the floor comes up to it.
    """
    return np.maximum(power, 10 ** (FLOOR / 10))
