"""Open a raster that somebody brings: as GeoTIFF and nothing else, bounded, with no file beside it.

GDAL reads some two hundred formats, and several of them (VRT first of all) name other files to be
read. So the driver is fixed, whatever the file is called; masks, tags and overviews from files that
lie beside it are not looked at; and what its header promises is checked before a pixel is decoded.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from lab.crops.stack import CropError

CACHE = 256  # MB of decoded blocks that GDAL may keep
MOST_BANDS = 512
MOST_VALUES = 4_000_000_000  # pixels x bands: a 10,980 x 10,980 scene of 33 bands
MOST_BLOCK = 256_000_000  # bytes of one decoded block: a file without tiles may be one block
BOMB = 5_000  # times its own size that a file may unfold into; deflate alone reaches 1,032,
BOMB_FROM = 1_000_000_000  # bytes: and small ones do no harm
SMALL = 2_250_000  # pixels that are read at once: 1,500 x 1,500

_MAGIC = {
    b"\x89HDF": "HDF5 or NetCDF",
    b"CDF": "NetCDF",
    b"PK": "a ZIP archive",
    b"<VRT": "a VRT, which only names other files",
    b"<PAM": "a list of statistics (.aux.xml)",
    b"\x89PNG": "PNG",
    b"\xff\xd8": "JPEG",
    b"\x00\x00\x00\x0cjP": "JPEG 2000",
}
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
GDAL_ERRORS = (RasterioError, CPLE_BaseError)


def guarded(cache: int = CACHE) -> rasterio.Env:
    """Return the GDAL environment in which files of others are read.

    Args:
        cache: MB of decoded blocks that are kept.
    """
    return rasterio.Env(
        GDAL_CACHEMAX=cache * 1_000_000,  # rasterio hands bytes to GDAL
        GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR",  # no .ovr, .msk, .tfw, .aux.xml beside it
        GDAL_PAM_ENABLED="NO",
        GDAL_NUM_THREADS="1",
    )


def local_file(path: str | os.PathLike) -> Path:
    """Return the absolute path of a file on this disk.

    Raises:
        CropError: it is none; GDAL's names for archives, memory and addresses are none.
    """
    text = os.fspath(path)
    found = Path(text)
    if text.startswith("/vsi") or "://" in text or not found.is_file():
        raise CropError(f"There is no file {found.name!r} here: choose it again.")
    return found.absolute()


@contextmanager
def opened(path: str | os.PathLike, cache: int = CACHE) -> Iterator[rasterio.DatasetReader]:
    """Open a GeoTIFF for reading.

    Args:
        path: of a file on this disk.
        cache: MB of decoded blocks that GDAL may keep.

    Raises:
        CropError: it is no GeoTIFF, damaged, or its header promises what cannot be read.
    """
    with guarded(cache), sound(path) as dataset:
        yield dataset


@contextmanager
def sound(path: str | os.PathLike) -> Iterator[rasterio.DatasetReader]:
    """Open as `opened` does, in an environment that the caller has made and makes for each use."""
    with _dataset(local_file(path)) as dataset:
        if found := problems(dataset):
            raise CropError(found[0])
        yield dataset


@contextmanager
def _dataset(file: Path) -> Iterator[rasterio.DatasetReader]:
    try:
        with warnings.catch_warnings():
            # Not silenced for good: `problems` of the readers say it where a place is needed.
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(file, driver="GTiff", sharing=False)
    except GDAL_ERRORS as error:
        raise CropError(_foreign(file)) from error
    with dataset:
        yield dataset


def _foreign(file: Path) -> str:
    with file.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(_TIFF):
        return f"{file.name} is damaged: its header cannot be read; copy or export it again."
    looks = next((what for magic, what in _MAGIC.items() if start.startswith(magic)), None)
    said = f" (it is {looks})" if looks else ""
    return f"{file.name} is no GeoTIFF{said}: export it as GeoTIFF, such as with gdal_translate."


def problems(dataset: rasterio.DatasetReader) -> list[str]:
    """Return why a file cannot be read at all, one sentence each; nothing of it is decoded."""
    name, found = Path(dataset.name).name, []
    bands, pixels = dataset.count, dataset.width * dataset.height
    if dataset.tags(ns="OVERVIEWS"):  # GDAL would open the file named there, with any driver
        found.append(f"{name} names another file as its overview: export it again without.")
    if not bands:
        return [*found, f"{name} has no bands: export the bands that you need as GeoTIFF."]
    if bands > MOST_BANDS:
        said = f"{name} has {bands:,} bands, {MOST_BANDS} can be read: export those you need."
        return [*found, said]
    kinds = {np.dtype(kind).kind if _known(kind) else "c" for kind in dataset.dtypes}
    if "c" in kinds:
        found.append(
            f"{name} holds complex numbers (single-look complex data): calibrate and detect it "
            "first, so that it holds backscatter."
        )
    if pixels * bands > MOST_VALUES:
        found.append(
            f"{name} has {dataset.width:,} x {dataset.height:,} pixels in {bands} bands, more than "
            f"{MOST_VALUES / 1e9:g} billion values: cut a part out of it."
        )
    unfolded = sum(pixels * _bytes(kind) for kind in dataset.dtypes)
    size = max(os.path.getsize(dataset.name), 1)
    if unfolded > BOMB_FROM and unfolded > BOMB * size:
        found.append(
            f"{name} has {size / 1e6:.1f} MB and unfolds into {unfolded / 1e9:.1f} GB: that is "
            "nearly empty or a trap; cut out the part that has data."
        )
    if (block := largest_block(dataset)) > MOST_BLOCK:
        found.append(
            f"{name} is stored in blocks of {block / 1e6:,.0f} MB: write it again with tiles, "
            "such as with gdal_translate -co TILED=YES."
        )
    return found


def _known(kind: str) -> bool:
    return not kind.startswith("complex")


def _bytes(kind: str) -> int:
    return np.dtype(kind).itemsize if _known(kind) else 8


def largest_block(dataset: rasterio.DatasetReader) -> int:
    """Return the bytes of the largest decoded block."""
    sizes = [
        rows * columns * _bytes(kind)
        for (rows, columns), kind in zip(dataset.block_shapes, dataset.dtypes, strict=True)
    ]
    together = dataset.tags(ns="IMAGE_STRUCTURE").get("INTERLEAVE") == "PIXEL"
    return sum(sizes) if together else max(sizes)


def is_rotated(dataset: rasterio.DatasetReader) -> bool:
    """Return whether rows and columns do not run along the map's axes."""
    a, b, _, d, e, _ = tuple(dataset.transform)[:6]
    return abs(b) + abs(d) > 1e-9 * (abs(a) + abs(e))


def has_place(dataset: rasterio.DatasetReader) -> bool:
    """Return whether its pixels lie on a grid of their own choice, in some projection or none."""
    return not dataset.transform.is_identity


def unplaced(dataset: rasterio.DatasetReader) -> str | None:
    """Return why it cannot be laid onto a map, a sentence, or None."""
    name = Path(dataset.name).name
    if not has_place(dataset) and (dataset.gcps[0] or dataset.rpcs):
        what = "ground control points" if dataset.gcps[0] else "a camera model (RPC)"
        return f"{name} has {what} instead of a grid: warp it first, such as with gdalwarp."
    if not has_place(dataset):
        return f"{name} does not say where it lies: export it with its coordinates."
    if not dataset.crs:
        return (
            f"{name} does not say in which projection its coordinates are: set it, such as with "
            "gdal_edit.py -a_srs EPSG:32631."
        )
    return None


def data_bands(dataset: rasterio.DatasetReader) -> list[int]:
    """Return the numbers of the bands that hold data, from 1: all but an alpha channel."""
    kinds: tuple[Any, ...] = dataset.colorinterp
    return [i for i, kind in enumerate(kinds, 1) if kind != ColorInterp.alpha]
