"""A box on the globe, and the grid of square pixels that is laid into it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lab.crops.stack import PIXEL, CropError

MOST_PIXELS = 1_048_576  # of a box that a catalog fills: 1,024 x 1,024, 10 km a side
LEAST_SIDE = 16  # pixels: below it no network can look


@dataclass(frozen=True)
class Grid:
    """Square pixels in a map projection, north up.

    Attributes:
        crs: such as "EPSG:32631".
        transform: (a, b, c, d, e, f): x = a col + b row + c, y = d col + e row + f, in metres.
        shape: height and width in pixels.
    """

    crs: str
    transform: tuple[float, ...]
    shape: tuple[int, int]


@dataclass(frozen=True)
class Box:
    """A rectangle of longitudes and latitudes in degrees (WGS 84).

    Raises:
        CropError: it is none, or too near a pole for the projection.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self):
        values = (self.west, self.south, self.east, self.north)
        if not all(math.isfinite(value) for value in values):
            raise CropError("A box needs four numbers: west, south, east and north in degrees.")
        if not (-180 <= self.west <= 180 and -180 <= self.east <= 180):
            raise CropError("Longitudes of a box lie between -180 and 180 degrees.")
        if not (-80 <= self.south <= 84 and -80 <= self.north <= 84):
            raise CropError("Latitudes of a box lie between -80 and 84 degrees: fields do too.")
        if self.west >= self.east:
            raise CropError("West of the box must be smaller than east (no box over 180 degrees).")
        if self.south >= self.north:
            raise CropError("South of the box must be smaller than north.")

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return self.west, self.south, self.east, self.north

    @property
    def utm(self) -> str:
        """The zone of the Universal Transverse Mercator that its middle lies in."""
        zone = min(int(((self.west + self.east) / 2 + 180) // 6) + 1, 60)
        return f"EPSG:{326 if self.south + self.north >= 0 else 327}{zone:02d}"

    @property
    def kilometres(self) -> tuple[float, float]:
        """Width and height, on a sphere."""
        middle = math.radians((self.south + self.north) / 2)
        degree = 2 * math.pi * 6371 / 360
        width = (self.east - self.west) * degree * math.cos(middle)
        return width, (self.north - self.south) * degree

    def meets(self, bounds: tuple[float, ...]) -> bool:
        """Return whether it overlaps (west, south, east, north), or a box with heights too."""
        half = len(bounds) // 2
        west, south, east, north = bounds[0], bounds[1], bounds[half], bounds[half + 1]
        return west < self.east and east > self.west and south < self.north and north > self.south


def grid(box: Box, pixel: float = PIXEL, most: int = MOST_PIXELS) -> Grid:
    """Return the grid of a box in its UTM zone, its corner on a multiple of the pixel.

    Args:
        box: what is to be covered.
        pixel: metres.
        most: pixels that are allowed.

    Raises:
        CropError: the box is too large or too small.
    """
    width, height = (side * 1000 / pixel for side in box.kilometres)
    if width * height > most * 1.2:  # before any library is asked
        raise CropError(_too_large(box, pixel, most))
    from rasterio.warp import transform_bounds

    left, bottom, right, top = transform_bounds("EPSG:4326", box.utm, *box.bounds)
    left, bottom = math.floor(left / pixel) * pixel, math.floor(bottom / pixel) * pixel
    columns = math.ceil((right - left) / pixel)
    rows = math.ceil((top - bottom) / pixel)
    if rows * columns > most:
        raise CropError(_too_large(box, pixel, most))
    if min(rows, columns) < LEAST_SIDE:
        raise CropError(
            f"The box has {columns} x {rows} pixels of {pixel:g} m: make it {LEAST_SIDE} or more."
        )
    return Grid(box.utm, (pixel, 0.0, left, 0.0, -pixel, bottom + rows * pixel), (rows, columns))


def _too_large(box: Box, pixel: float, most: int) -> str:
    width, height = box.kilometres
    side = math.sqrt(most) * pixel / 1000
    return (
        f"The box is {width:,.0f} x {height:,.0f} km: at {pixel:g} m a pixel, at most about "
        f"{side:.0f} x {side:.0f} km are fetched."
    )
