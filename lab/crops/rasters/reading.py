"""Read a window of a raster: missing pixels as NaN, scale applied, a damaged block named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import MaskFlags
from rasterio.windows import Window

from lab.crops.rasters.refusals import GDAL_ERRORS, data_bands
from lab.crops.stack import CropError

ABSURD = 1e30  # some writers round their "no data" of -3.4e38 differently in header and pixels
_NAMED = 3  # damaged blocks that are named one by one


def read(
    dataset: rasterio.DatasetReader,
    bands: list[int],
    window: Window,
    dtype: type[np.floating] = np.float32,
) -> np.ndarray:
    """Return (n, h, w) values of a window inside the raster; NaN where there is no data.

    Missing is what the file says is missing (its no-data value, mask or alpha channel), what is
    not finite, and what is absurdly large. Scale and offset of the file are applied.

    Args:
        dataset: an open raster.
        bands: numbers from 1.
        window: whole pixels, inside the raster.
        dtype: float64 for codes of classes beyond 16 million.

    Raises:
        CropError: a block is damaged; it says which.
    """
    raw = _raw(dataset, bands, window)
    values = raw.astype(dtype)
    for i, band in enumerate(bands):
        missing = _missing(dataset, band, raw[i], values[i])
        scale, offset = dataset.scales[band - 1], dataset.offsets[band - 1]
        if scale != 1:
            values[i] *= scale
        if offset:
            values[i] += offset
        if missing is not None:
            values[i][missing] = np.nan
    for hidden in _hidden(dataset, window):
        values[:, hidden] = np.nan
    return values


def _missing(
    dataset: rasterio.DatasetReader, band: int, raw: np.ndarray, values: np.ndarray
) -> np.ndarray | None:
    nodata = dataset.nodatavals[band - 1]
    missing = None
    if nodata is not None and not np.isnan(nodata):
        missing = raw == np.asarray(nodata).astype(raw.dtype) if _holds(raw, nodata) else None
    if raw.dtype.kind == "f":
        absurd = ~(np.abs(values) < ABSURD)  # NaN too
        missing = absurd if missing is None else missing | absurd
    return missing


def _holds(raw: np.ndarray, number: float) -> bool:
    if raw.dtype.kind == "f":
        return True
    limits = np.iinfo(raw.dtype)
    return limits.min <= number <= limits.max and number == int(number)


def _hidden(dataset: rasterio.DatasetReader, window: Window) -> Iterator[np.ndarray]:
    """Yield (h, w) bool: what the file's mask and its alpha channels hide in all bands."""
    alpha = set(dataset.indexes) - set(data_bands(dataset))
    flags = dataset.mask_flag_enums[0]
    try:
        if MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags:
            yield dataset.read_masks(1, window=window) == 0
        for band in alpha:  # GDAL takes it for a mask beside one or three bands only
            yield dataset.read(band, window=window) == 0
    except GDAL_ERRORS as error:
        raise CropError(f"The mask of {_name(dataset)} is damaged: export it again.") from error


def _raw(dataset: rasterio.DatasetReader, bands: list[int], window: Window) -> np.ndarray:
    try:
        return dataset.read(bands, window=window)
    except GDAL_ERRORS as error:
        raise CropError(_damaged(dataset, bands, window)) from error


def _damaged(dataset: rasterio.DatasetReader, bands: list[int], window: Window) -> str:
    bad = damaged_blocks(dataset, bands, window)
    if not bad:
        return f"{_name(dataset)} could not be read: copy or export it again."
    rows, columns = dataset.block_shapes[bands[0] - 1]
    named = ", ".join(
        f"row {r} column {c} (pixel rows {r * rows:,} to {r * rows + rows - 1:,}, "
        f"columns {c * columns:,} to {c * columns + columns - 1:,})"
        for r, c in bad[:_NAMED]
    )
    rest = f" and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
    word = "block" if len(bad) == 1 else "blocks"
    return (
        f"{_name(dataset)} is damaged, {word} {named}{rest}, counted from 0: copy or export it "
        "again."
    )


def damaged_blocks(
    dataset: rasterio.DatasetReader, bands: list[int], window: Window
) -> list[tuple[int, int]]:
    """Return (row, column), from 0, of the blocks under a window that cannot be decoded."""
    height, width = dataset.block_shapes[bands[0] - 1]
    rows = range(window.row_off // height, -(-(window.row_off + window.height) // height))
    columns = range(window.col_off // width, -(-(window.col_off + window.width) // width))
    bad = []
    for row in rows:
        for column in columns:
            h = min(height, dataset.height - row * height)
            w = min(width, dataset.width - column * width)
            try:
                dataset.read(bands, window=Window(column * width, row * height, w, h))
            except GDAL_ERRORS:
                bad.append((row, column))
    return bad


def _name(dataset: rasterio.DatasetReader) -> str:
    return Path(dataset.name).name
