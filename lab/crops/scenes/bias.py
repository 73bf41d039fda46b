"""What the operator of a composite does to speckle: how far minimum and maximum miss the truth.

Backscatter of an even field, seen with L looks, is a gamma variable of shape L around its mean
(Goodman 1976; Ulaby and Long 2014). The smallest of n such values lies below the mean on average,
the largest above, and the more so the more acquisitions there are: the composite of the same
field depends on how often it was looked at. A mean over acquisitions only gets smoother.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.integrate import quad
from scipy.special import digamma
from scipy.stats import gamma

from lab.crops.stack import OPERATORS, CropError, Stack, decibels, power

LOOKS = 5.0  # independent looks of Sentinel-1's GRD in IW mode, rounded; 4.4 to 5.7 are reported
MOST = 12  # acquisitions that an expectation is given for


@lru_cache(maxsize=256)
def expected(operator: str, count: int, looks: float = LOOKS) -> dict[str, float]:
    """Return how far a composite of an even field lies from the truth, in dB.

    Args:
        operator: "min", "mean" or "max" over the acquisitions, in power.
        count: acquisitions, independent of each other.
        looks: L, the shape of the gamma distribution of speckle.

    Returns:
        field: of the field's mean, taken in power over many pixels, 10 log10 E[X];
        pixel: of a single pixel on average, E[10 log10 X]: what networks and forests read;
        spread: of a single pixel, the standard deviation of 10 log10 X.

    Raises:
        CropError: there is no such operator, or the numbers are out of range.
    """
    if operator not in OPERATORS:
        raise CropError(f"No operator is called {operator}: choose {', '.join(OPERATORS)}.")
    if not 1 <= count <= MOST or not looks > 0:
        raise CropError(f"Choose 1 to {MOST} acquisitions, and more than 0 looks.")
    if operator == "mean":  # the mean of n gamma variables of shape L is one of shape n L
        law, count = gamma(count * looks, scale=1 / (count * looks)), 1
    else:
        law = gamma(looks, scale=1 / looks)
    if count == 1:
        shape = law.args[0]
        variance = quad(lambda x: decibels(x) ** 2 * law.pdf(x), 0, np.inf)[0]
        pixel = float(10 / np.log(10) * (digamma(shape) - np.log(shape)))
        return {"field": 0.0, "pixel": pixel, "spread": float(np.sqrt(variance - pixel**2))}
    tail = law.sf if operator == "min" else law.cdf

    def mean_of(value) -> float:
        # Density of the smallest (largest) of n: n f(x) (1 - F(x))^(n-1), or F in its place.
        return quad(
            lambda x: value(x) * count * law.pdf(x) * tail(x) ** (count - 1), 0, np.inf, limit=200
        )[0]

    pixel = mean_of(decibels)
    return {
        "field": float(decibels(mean_of(lambda x: x))),
        "pixel": pixel,
        "spread": float(np.sqrt(mean_of(lambda x: decibels(x) ** 2) - pixel**2)),
    }


def measured(seen: Stack, truth: Stack, mask: np.ndarray, band: str = "VH") -> list[dict]:
    """Return how far each composite of a scene lies from the same one without speckle.

    Args:
        seen: with speckle.
        truth: the same scene without, of the same periods.
        mask: (H, W) bool, the pixels to look at, such as those of a class.
        band: "VH" or "VV".

    Returns:
        one dict a period: period, day, operator, field (dB, of the means taken in power), pixel
        (dB, mean of the pixels' differences), spread (dB, their standard deviation). Empty if the
        mask is.
    """
    pair = [stack.take((band,)).values[0] for stack in (seen, truth)]  # 2 x (T, H, W)
    mask = np.asarray(mask, bool) & np.isfinite(pair).all((0, 1))
    if not mask.any():
        return []
    one, other = (values[:, mask].astype(np.float64) for values in pair)  # (T, N)
    field = decibels(power(one).mean(1)) - decibels(power(other).mean(1))
    apart = one - other
    return [
        {
            "period": period.label,
            "day": period.middle,
            "operator": period.operator,
            "field": float(field[t]),
            "pixel": float(apart[t].mean()),
            "spread": float(apart[t].std()),
        }
        for t, period in enumerate(seen.periods)
    ]
