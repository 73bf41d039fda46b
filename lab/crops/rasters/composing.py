"""One composite of several images of a period: minimum, mean or maximum, taken in power."""

from __future__ import annotations

import numpy as np

from lab.crops.stack import OPERATORS, CropError, decibels, power


class Composer:
    """Composes images as they come, so that they are never all in memory.

    Minimum and maximum of decibels are those of power; the mean is not, and is taken in power.

    Args:
        operator: one of `lab.crops.stack.OPERATORS`.
    """

    def __init__(self, operator: str):
        if operator not in OPERATORS:
            raise CropError(f"There is no operator {operator!r}: take min, mean or max.")
        self.operator = operator
        self._value: np.ndarray | None = None
        self._count: np.ndarray | None = None

    def add(self, image: np.ndarray) -> None:
        """Take one image in, (H, W) decibels; NaN is passed over."""
        if self.operator == "mean":
            known = np.isfinite(image)
            linear = np.where(known, power(image), 0)
            if self._value is None or self._count is None:
                self._value, self._count = linear, known.astype(np.int32)
            else:
                self._value += linear
                self._count += known
        elif self._value is None:
            self._value = image.copy()
        else:
            smaller = self.operator == "min"
            (np.fmin if smaller else np.fmax)(self._value, image, out=self._value)

    def result(self) -> np.ndarray:
        """Return (H, W) float32 decibels; NaN where no image has data."""
        if self._value is None:
            raise CropError("There is no image to compose.")
        if self._count is None:
            return self._value.astype(np.float32, copy=False)
        some = np.where(self._count > 0, self._value, np.nan)
        return decibels(some / np.maximum(self._count, 1)).astype(np.float32)
