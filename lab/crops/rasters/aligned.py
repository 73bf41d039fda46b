"""Lay one raster onto the grid of another: by transform and projection, never by shape.

Where two grids differ by whole pixels (or one has its south up) nothing is interpolated: the pixels
are taken as they are. Otherwise backscatter is interpolated bilinearly in POWER, because a mean of
decibels is not the decibels of a mean, and class codes take their nearest pixel.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.warp import reproject, transform
from rasterio.windows import Window

from lab.crops.catalogs.box import Grid
from lab.crops.rasters.reading import read
from lab.crops.rasters.refusals import GDAL_ERRORS, has_place, is_rotated, unplaced
from lab.crops.stack import CropError, decibels, power

UNITS = ("dB", "power", "amplitude")
FARTHEST = 100.0  # dB: what is beyond, such as an undeclared -9999, is no backscatter
MOST_SOURCE = 40_000_000  # pixels of a file under one window of a grid that is far coarser
_SAME = 0.01  # of a pixel
_NO_CRS = "EPSG:3857"  # stands for "the same, whatever it is" where a turned grid names none


def grid_of(dataset: rasterio.DatasetReader) -> Grid:
    """Return the north-up grid of a raster: its own, flipped, or around it when it is turned.

    A turned grid keeps the area of its pixels. Without coordinates the grid has no projection and
    rows that run down.
    """
    shape = dataset.height, dataset.width
    crs = crs_name(dataset)
    matrix = dataset.transform
    if not has_place(dataset):
        return Grid(crs, tuple(Affine.identity())[:6], shape)
    if is_rotated(dataset) or matrix.a < 0:
        return _around(matrix, shape, crs)
    if matrix.e > 0:  # south up
        matrix = Affine(matrix.a, 0, matrix.c, 0, -matrix.e, matrix.f + matrix.e * shape[0])
    return Grid(crs, tuple(matrix)[:6], shape)


def _around(matrix: Affine, shape: tuple[int, int], crs: str | None) -> Grid:
    rows, columns = shape
    corners = [matrix @ corner for corner in ((0, 0), (columns, 0), (0, rows), (columns, rows))]
    xs, ys = zip(*corners, strict=True)
    pixel = abs(matrix.determinant) ** 0.5
    size = (
        max(1, round((max(ys) - min(ys)) / pixel)),
        max(1, round((max(xs) - min(xs)) / pixel)),
    )
    return Grid(crs, (pixel, 0.0, min(xs), 0.0, -pixel, max(ys)), size)


def crs_name(dataset: rasterio.DatasetReader) -> str | None:
    """Return the projection as "EPSG:n" or, where it has no number, as WKT."""
    return _name_of(dataset.crs.to_wkt()) if dataset.crs else None


@lru_cache(maxsize=64)
def _name_of(wkt: str) -> str:
    return CRS.from_wkt(wkt).to_string()  # searches a database: a third of a second for some


def whole(grid: Grid) -> Window:
    """Return the window of all its pixels."""
    return Window(0, 0, grid.shape[1], grid.shape[0])


def shifted(dataset: rasterio.DatasetReader, grid: Grid) -> tuple[int, int] | None:
    """Return (rows, columns) that the raster's first pixel lies below and right of the grid's.

    For a raster with south up, its last row is the first. None where pixels do not coincide.
    """
    if is_rotated(dataset) or crs_name(dataset) != grid.crs:
        return None
    own, target = Affine(*grid_of(dataset).transform), Affine(*grid.transform)
    if dataset.transform.a < 0:
        return None
    # The pixel sizes may differ by so little that it does not add up over the raster.
    allowed = _SAME / max(dataset.width, dataset.height, *grid.shape)
    if abs(own.a / target.a - 1) > allowed or abs(own.e / target.e - 1) > allowed:
        return None
    column, row = (~target) @ (own.c, own.f)
    if abs(column - round(column)) > _SAME or abs(row - round(row)) > _SAME:
        return None
    return round(row), round(column)


def check_place(dataset: rasterio.DatasetReader, grid: Grid) -> None:
    """Refuse a raster that cannot be laid onto a grid.

    Raises:
        CropError: it has no coordinates, or lies elsewhere.
    """
    if said := unplaced(dataset):
        alike = has_place(dataset) and not grid.crs and shifted(dataset, grid) is not None
        if not alike:
            raise CropError(said)
    elif not grid.crs:
        raise CropError(
            f"{_name(dataset)} cannot be aligned: the other raster does not say where it lies."
        )
    if _source_window(dataset, grid, whole(grid)) is None:
        raise CropError(f"{_name(dataset)} lies elsewhere: no pixel of it overlaps the other.")


def backscatter_on(
    dataset: rasterio.DatasetReader, bands: list[int], grid: Grid, window: Window, unit: str
) -> np.ndarray:
    """Return (n, h, w) float32 decibels of a raster on a window of a grid; NaN outside of it.

    Args:
        dataset: an open raster.
        bands: numbers from 1.
        grid: north up.
        window: of the grid; may stick out of it.
        unit: of the raster, one of `UNITS`.
    """
    out = np.full((len(bands), window.height, window.width), np.nan, np.float32)
    if (by := shifted(dataset, grid)) is not None:
        if part := _shifted_part(dataset, bands, window, by):
            values, rows, columns = part
            out[:, rows, columns] = to_decibels(values, unit)
        return out
    source = _source_window(dataset, grid, window)
    if source is None:
        return out
    values = power(to_decibels(read(dataset, bands, source), unit)).astype(np.float32)
    warped = _warp(dataset, values, source, grid, window, Resampling.bilinear)
    return to_decibels(warped, "power")


def codes_on(dataset: rasterio.DatasetReader, band: int, grid: Grid) -> np.ndarray:
    """Return (H, W) float64 values of one band on a grid, nearest pixels, NaN outside."""
    window = whole(grid)
    out = np.full((1, *grid.shape), np.nan)
    if (by := shifted(dataset, grid)) is not None:
        if part := _shifted_part(dataset, [band], window, by, np.float64):
            values, rows, columns = part
            out[:, rows, columns] = values
        return out[0]
    source = _source_window(dataset, grid, window)
    if source is None:
        return out[0]
    values = read(dataset, [band], source, np.float64)
    return _warp(dataset, values, source, grid, window, Resampling.nearest)[0]


def to_decibels(values: np.ndarray, unit: str) -> np.ndarray:
    """Return float32 decibels of values in one of `UNITS`; NaN where they are no backscatter.

    An array of float32 decibels is changed in place.
    """
    if unit != "dB":
        values = decibels(np.where(values > 0, values, np.nan))
        if unit == "amplitude":
            values *= 2
    values = values.astype(np.float32, copy=False)
    values[np.abs(values) > FARTHEST] = np.nan
    return values


def _shifted_part(
    dataset: rasterio.DatasetReader,
    bands: list[int],
    window: Window,
    by: tuple[int, int],
    dtype: type[np.floating] = np.float32,
) -> tuple[np.ndarray, slice, slice] | None:
    """Read what of a window lies in the raster; and where in the window it belongs."""
    top, left = window.row_off - by[0], window.col_off - by[1]
    first, last = max(top, 0), min(top + window.height, dataset.height)
    west, east = max(left, 0), min(left + window.width, dataset.width)
    if first >= last or west >= east:
        return None
    flipped = dataset.transform.e > 0 and has_place(dataset)
    row = dataset.height - last if flipped else first
    values = read(dataset, bands, Window(west, row, east - west, last - first), dtype)
    if flipped:
        values = values[:, ::-1]
    return values, slice(first - top, last - top), slice(west - left, east - left)


def _source_window(dataset: rasterio.DatasetReader, grid: Grid, window: Window) -> Window | None:
    """Return the raster's pixels that a window of the grid needs, or None where they part."""
    steps = np.linspace(0, 1, 21)
    columns, rows = np.meshgrid(
        window.col_off + steps * window.width, window.row_off + steps * window.height
    )
    x, y = _pixels_of(dataset, grid, columns.ravel(), rows.ravel())
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return None
    x, y = x[known], y[known]
    # Bilinear interpolation looks at neighbours: more of them where the grid is coarser.
    coarse = max(np.ptp(x) / window.width, np.ptp(y) / window.height, 1.0)
    edge = int(np.ceil(2 * coarse)) + 1
    west, east = max(0, int(x.min()) - edge), min(dataset.width, int(np.ceil(x.max())) + edge)
    top, low = max(0, int(y.min()) - edge), min(dataset.height, int(np.ceil(y.max())) + edge)
    touches = x.max() > 0 and y.max() > 0 and x.min() < dataset.width and y.min() < dataset.height
    if not touches or west >= east or top >= low:
        return None
    if (east - west) * (low - top) > MOST_SOURCE:
        raise CropError(
            f"{_name(dataset)} has much finer pixels than the other raster: resample it first, "
            "such as with gdalwarp -tr 10 10."
        )
    return Window(west, top, east - west, low - top)


def _pixels_of(
    dataset: rasterio.DatasetReader, grid: Grid, columns: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return columns and rows of the raster for those of the grid; not finite where none are."""
    xs, ys = Affine(*grid.transform) @ (columns, rows)
    if dataset.crs and grid.crs and crs_name(dataset) != grid.crs:
        try:
            xs, ys = map(np.asarray, transform(grid.crs, dataset.crs, xs, ys))
        except GDAL_ERRORS:
            return np.full(len(columns), np.nan), np.full(len(rows), np.nan)
    return (~dataset.transform) @ (np.asarray(xs), np.asarray(ys))


def _scales(dataset: rasterio.DatasetReader, grid: Grid) -> dict[str, float]:
    """Return how many pixels of the grid go to one of the raster's, in its middle.

    The warper finds it out for each window by itself, a little different each time, and where the
    grid is coarser it averages over so many pixels: windows would then differ from the whole.
    """
    column, row = grid.shape[1] / 2, grid.shape[0] / 2
    x, y = _pixels_of(
        dataset, grid, np.array([column, column + 1, column]), np.array([row, row, row + 1])
    )
    across, along = np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0])
    if not (np.isfinite([across, along]).all() and across and along):
        return {}
    return {"XSCALE": float(1 / across), "YSCALE": float(1 / along)}


def _warp(
    dataset: rasterio.DatasetReader,
    values: np.ndarray,
    source: Window,
    grid: Grid,
    window: Window,
    how: Resampling,
) -> np.ndarray:
    out = np.full((len(values), window.height, window.width), np.nan, values.dtype)
    scales = _scales(dataset, grid)
    for band, target in zip(values, out, strict=True):  # each has missing pixels of its own
        reproject(
            band,
            target,
            src_transform=dataset.transform @ Affine.translation(source.col_off, source.row_off),
            src_crs=dataset.crs or _NO_CRS,
            src_nodata=np.nan,
            dst_transform=Affine(*grid.transform)
            @ Affine.translation(window.col_off, window.row_off),
            dst_crs=grid.crs or _NO_CRS,
            dst_nodata=np.nan,
            resampling=how,
            tolerance=0,  # exact places: a window then holds the same as the whole
            **scales,
        )
    return out


def _name(dataset: rasterio.DatasetReader) -> str:
    return Path(dataset.name).name
