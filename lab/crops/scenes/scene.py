"""Synthetic scenes: a region's fields as a radar would see them, acquisition by acquisition.

What real scenes have and a too simple generator lacks, each with its own random stream: fields
that differ from their class's mean, and are sown earlier or later; edges that mix; texture inside
fields; weather that moves a whole date; a ramp with the angle of incidence; correlated speckle and
a noise floor. The same seed always gives the same fields, whatever the number of acquisitions.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter

from lab.crops.scenes.calendar import CURVES, curve
from lab.crops.scenes.parcels import Fields, lay_out
from lab.crops.scenes.regions import MOST_ACQUISITIONS, Region, region
from lab.crops.scenes.speckle import floored, speckle
from lab.crops.stack import BANDS, PERIODS, PIXEL, CropError, Period, Stack, decibels, power

SIZES = (32, 1024)  # pixels a side
SOWING = 5.0  # days, standard deviation between fields of one class
LASTING = 0.85  # of a field's deviation from its class: the part that stays all season
BETWEEN_BANDS = 0.6  # correlation of a field's deviations in VH and VV
TEXTURE, GRAIN = 0.6, 3.0  # dB inside a field, over pixels
WEATHER = 0.4  # dB, of a whole date
RAMP = 0.5  # dB to each side, from near to far range
# Which of six dates of a period come first: any number of them is spread over the period.
_ORDER = (2, 5, 0, 3, 1, 4)


def scene(
    which: str | Region, *, seed: int = 0, size: int = 256, acquisitions: int | None = None
) -> Stack:
    """Draw a scene: eight composites in VH and VV, labels and fields.

    Args:
        which: a key of `lab.crops.scenes.regions.REGIONS`, a `Region`, or the JSON of one.
        seed: of everything that chance decides.
        size: pixels of 10 m a side.
        acquisitions: of each composite, 1 to 6; the region's own number if None.

    Raises:
        CropError: no such region, or a number that cannot be.
    """
    place, count = _checked(which, seed, size, acquisitions)
    return _scene(place, int(seed), int(size), count, True)


def clean(
    which: str | Region, *, seed: int = 0, size: int = 256, acquisitions: int | None = None
) -> Stack:
    """Return the same scene with no speckle and no noise floor: what composites should show.

    The operators are applied to what the fields really do at the dates; arguments as for `scene`.
    """
    place, count = _checked(which, seed, size, acquisitions)
    return _scene(place, int(seed), int(size), count, False)


def dates(period: Period, count: int) -> list[float]:
    """Return the days of the year of the first `count` acquisitions of a period."""
    first, last = period.days()
    return [first + (last - first) * (place + 0.5) / len(_ORDER) for place in _ORDER[:count]]


def _checked(which, seed, size, acquisitions) -> tuple[Region, int]:
    place = region(which)
    count = place.acquisitions if acquisitions is None else acquisitions
    if not 1 <= count <= MOST_ACQUISITIONS:
        raise CropError(f"A composite has 1 to {MOST_ACQUISITIONS} acquisitions, not {count}.")
    if not SIZES[0] <= size <= SIZES[1] or size % 16:
        raise CropError(f"A scene has {SIZES[0]} to {SIZES[1]} pixels a side, a multiple of 16.")
    if not 0 <= seed < 2**32:
        raise CropError("A seed is a whole number from 0 to 4,294,967,295.")
    return place, int(count)


@lru_cache(maxsize=6)
def _fields(place: Region, seed: int, size: int) -> Fields:
    return lay_out(place, size, _stream(place, seed, "fields"))


@lru_cache(maxsize=8)
def _scene(place: Region, seed: int, size: int, count: int, noisy: bool) -> Stack:
    fields = _fields(place, seed, size)
    surface = _Surface(place, fields, seed, size)
    values = np.stack(
        [surface.composites(band, count, noisy) for band in range(len(BANDS))]
    ).astype(np.float32)
    labels = fields.kinds[fields.parcels]
    for array in (values, labels):
        array.flags.writeable = False  # it is shared by everyone who asks again
    return Stack(
        place.name,
        values,
        labels=labels,
        classes=place.classes,
        targets=place.targets,
        parcels=fields.parcels,
        transform=(PIXEL, 0.0, 500_000.0, 0.0, -PIXEL, 4_400_000.0),
        crs=place.crs,
        synthetic=True,
    )


class _Surface:
    """What the ground reflects, at any day."""

    def __init__(self, place: Region, fields: Fields, seed: int, size: int):
        self.place, self.fields, self.seed, self.size = place, fields, seed, size
        random, count = self.stream("deviations"), len(fields.kinds)
        self.late = random.normal(0, SOWING, count) + place.shift
        self.lasting = self._pairs(random, count)
        texture = gaussian_filter(random.normal(0, 1, (size, size)), GRAIN)
        self.still = TEXTURE * texture / texture.std() + np.linspace(RAMP, -RAMP, size)

    def stream(self, *names: object) -> np.random.Generator:
        return _stream(self.place, self.seed, *names)

    @staticmethod
    def _pairs(random: np.random.Generator, count: int) -> np.ndarray:
        """Draw (2, N) standard normal deviations in VH and VV."""
        first, other = random.normal(0, 1, (2, count))
        return np.stack([first, BETWEEN_BANDS * first + (1 - BETWEEN_BANDS**2) ** 0.5 * other])

    def means(self, band: int, period: int, day: float) -> np.ndarray:
        """Return the mean power (N + 1) of each field at a day."""
        passing = self._pairs(self.stream("passing", period), len(self.late))[band]
        away = LASTING * self.lasting[band] + (1 - LASTING**2) ** 0.5 * passing
        levels = np.empty(len(self.late))
        for number, name in enumerate(self.place.classes):
            mine = self.fields.kinds == number
            late = self.late[mine] if CURVES[name].crop else 0.0
            spread = CURVES[name].spread(BANDS[band])
            levels[mine] = curve(name, BANDS[band], day - late) + spread * away[mine]
        return power(levels)

    def acquisition(self, band: int, period: int, number: int, day: float, noisy: bool):
        """Return the power (H, W) of one acquisition."""
        weather = self.stream("weather", period, number).normal(0, WEATHER)
        found = self.fields.mixed(self.means(band, period, day)) * power(self.still + weather)
        if not noisy:
            return found
        grain = speckle(found.shape, self.stream("speckle", band, period, number))
        return floored(found) * grain

    def composites(self, band: int, count: int, noisy: bool) -> np.ndarray:
        """Return the composites (T, H, W) of a band in dB."""
        return np.stack(
            [
                decibels(
                    compose(
                        (
                            self.acquisition(band, place, number, day, noisy)
                            for number, day in enumerate(dates(period, count))
                        ),
                        period.operator,
                    )
                )
                for place, period in enumerate(PERIODS)
            ]
        )


def compose(acquisitions, operator: str) -> np.ndarray:
    """Return the minimum, mean or maximum of acquisitions, one after the other, in power.

    Args:
        acquisitions: arrays (H, W) of power; one at a time is held.
        operator: "min", "mean" or "max".
    """
    total, count = None, 0
    step = {"min": np.minimum, "max": np.maximum, "mean": np.add}[operator]
    for found in acquisitions:
        total, count = (found if total is None else step(total, found)), count + 1
    return total / count if operator == "mean" else total


def _stream(place: Region, seed: int, *names: object) -> np.random.Generator:
    """Return a random stream of its own for each purpose: more draws of one move no other."""
    code = zlib.crc32(" ".join(map(str, (place.key, *names))).encode())
    return np.random.default_rng([seed, code])
