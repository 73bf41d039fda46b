"""A stack of radar composites of one place: what networks read, rules judge and pages draw.

Backscatter is in decibels here, because networks, rules and eyes read it so; whoever averages it
must go back to power first (`power`, `decibels`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

BANDS = ("VH", "VV")
OPERATORS = ("min", "mean", "max")
STAGES = ("planting", "tillering", "booting", "ripening")
UNKNOWN = 255  # in `labels` and `truth`: nobody knows what grows there
PIXEL = 10.0  # metres, of Sentinel-1 GRD and of the paper


class CropError(ValueError):
    """Something is wrong with a scene or a raster; the message is one sentence that says what."""


@dataclass(frozen=True)
class Period:
    """A part of the season of which one composite is made.

    Attributes:
        first, last: (month, day), both included.
        operator: "min", "mean" or "max" over the acquisitions of the period, taken in power.
        stage: of the rice: two periods to a stage.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    operator: str
    stage: str

    def days(self, year: int = 2021) -> tuple[int, int]:
        """Return first and last day of the year, 1 to 366."""
        begin, end = date(year, *self.first), date(year, *self.last)
        return begin.timetuple().tm_yday, end.timetuple().tm_yday

    @property
    def middle(self) -> float:
        """The day of the year in the middle."""
        first, last = self.days()
        return (first + last) / 2

    @property
    def label(self) -> str:
        """Such as "10-30 May, min"."""
        (month, day), (until, end) = self.first, self.last
        a, b = date(2021, month, day), date(2021, until, end)
        begin = f"{a.day}" if month == until else f"{a.day} {a:%b}"
        return f"{begin}-{b.day} {b:%b}, {self.operator}"


# Jo et al. 2022 (Korean data): eight composites with different operators.
PERIODS = (
    Period((5, 10), (5, 30), "min", STAGES[0]),
    Period((6, 1), (6, 20), "min", STAGES[0]),
    Period((6, 21), (7, 10), "mean", STAGES[1]),
    Period((7, 11), (7, 30), "mean", STAGES[1]),
    Period((8, 1), (8, 20), "max", STAGES[2]),
    Period((8, 21), (9, 10), "max", STAGES[2]),
    Period((9, 11), (9, 30), "mean", STAGES[3]),
    Period((10, 1), (10, 20), "mean", STAGES[3]),
)


@dataclass(frozen=True)
class Stack:
    """Composites of one place, aligned, with what is known of the ground.

    Attributes:
        name: of the place.
        values: (P, T, H, W) float32 backscatter in decibels; NaN where there is no data.
        bands: P of `BANDS`.
        periods: T periods.
        quantity: "sigma0" or "gamma0": about 1 dB apart, so they are never mixed.
        labels: (H, W) uint8, a number of `classes`, `UNKNOWN` where it is not known; None without.
        classes: names of the classes.
        targets: names of those classes that are the crop to be found.
        parcels: (H, W) int32 numbers of parcels from 1, 0 between them; None without.
        transform: (a, b, c, d, e, f) of rasterio's `Affine`: x = a col + b row + c; None without.
        crs: such as "EPSG:32631", or None.
        synthetic: whether it was drawn by `lab.crops.scenes.scene`; every page and file says so.
    """

    name: str
    values: np.ndarray
    bands: tuple[str, ...] = BANDS
    periods: tuple[Period, ...] = PERIODS
    quantity: str = "sigma0"
    labels: np.ndarray | None = None
    classes: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    parcels: np.ndarray | None = None
    transform: tuple[float, ...] | None = None
    crs: str | None = None
    synthetic: bool = False

    def __post_init__(self):
        if self.values.ndim != 4 or self.values.shape[:2] != (len(self.bands), len(self.periods)):
            raise CropError(
                f"Values of shape {self.values.shape} do not fit {len(self.bands)} bands and "
                f"{len(self.periods)} periods."
            )
        for part in (self.labels, self.parcels):
            if part is not None and part.shape != self.shape:
                raise CropError(f"Labels of shape {part.shape} do not fit a scene of {self.shape}.")

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.values.shape[2:]

    @property
    def truth(self) -> np.ndarray:
        """(H, W) uint8: 1 the crop to be found, 0 something else, `UNKNOWN`."""
        if self.labels is None:
            raise CropError(f"{self.name} has no labels: nothing says what grows where.")
        found = np.full(256, 0, np.uint8)
        found[[self.classes.index(name) for name in self.targets]] = 1
        found[UNKNOWN] = UNKNOWN
        return found[self.labels]

    @property
    def valid(self) -> np.ndarray:
        """(H, W) bool: every band and period has data."""
        return np.isfinite(self.values).all((0, 1))

    def take(self, bands: tuple[str, ...]) -> Stack:
        """Return the stack with some of its bands.

        Raises:
            CropError: it has no such band.
        """
        if missing := [band for band in bands if band not in self.bands]:
            raise CropError(f"{self.name} has no {missing[0]}: choose features without it.")
        chosen = [self.bands.index(band) for band in bands]
        return replace(self, values=self.values[chosen], bands=tuple(bands))


def power(decibels_: np.ndarray) -> np.ndarray:
    """Return linear power of backscatter in decibels."""
    return 10 ** (np.asarray(decibels_) / 10)


def decibels(power_: np.ndarray) -> np.ndarray:
    """Return backscatter in decibels of linear power (> 0)."""
    return 10 * np.log10(power_)
