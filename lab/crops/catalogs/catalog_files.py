"""Reading a catalog's images over http onto one grid, with odc-stac and rasterio.

Files are opened as GeoTIFF and nothing else: other formats of GDAL may name files of this machine
in their text, and a server may send any of them under the name of a .tif.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import odc.stac
import pystac
import rasterio
from odc.geo.geobox import GeoBox
from odc.loader import RioDriver
from rasterio.errors import RasterioError
from rasterio.warp import Resampling, reproject

from lab.crops.catalogs.box import Grid
from lab.crops.catalogs.catalog_http import AGAIN, Patience
from lab.crops.catalogs.catalog_relay import LATE, Relay
from lab.crops.catalogs.known import Endpoint
from lab.crops.stack import CropError

LARGEST_BLOCK = 64_000_000  # bytes of one block of a file once it is unpacked


@dataclass(frozen=True)
class Files:
    """How files of a catalog are read: onto which grid, which bands, how patiently, what token."""

    endpoint: Endpoint
    grid: Grid
    bands: tuple[str, ...]
    patience: Patience
    token: str = ""

    @property
    def gdal(self) -> dict[str, str]:
        """GDAL's settings for reading parts of files over http."""
        patience = self.patience
        return {
            "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",  # no side-car files, no listing
            "GDAL_GEOREF_SOURCES": "INTERNAL",
            # The relay waits for the catalog's server and asks it again; GDAL waits for the relay.
            "GDAL_HTTP_TIMEOUT": f"{patience.connect + patience.total + patience.read:g}",
            "GDAL_HTTP_MAX_RETRY": "0",
            "GDAL_HTTP_PROXY": "",  # none between here and the relay, whatever the environment says
            "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",  # a failure is not remembered
        }

    def signed(self, href: str) -> str:
        """Return the address of a file with the token that it wants."""
        return f"{href}{'&' if '?' in href else '?'}{self.token}" if self.token else href


class _Unusable(Exception):
    """This file will not be read at another try either."""


class _Driver(RioDriver):
    """Odc-stac's driver, for GeoTIFF alone; it notes why a file was not read."""

    def __init__(self, files: Files, relay: Relay) -> None:
        super().__init__()
        self._files, self.relay = files, relay
        self.unusable: list[str] = []

    def capture_env(self) -> dict:
        return self._files.gdal

    def open(self, src, ctx):
        return _Reader(src.uri, self)

    @property
    def unit(self) -> str:
        """Of the files: "power", "dB" or "amplitude"."""
        return self._files.endpoint.unit


class _Reader:
    def __init__(self, address: str, driver: _Driver) -> None:
        self._address, self._driver = address, driver

    def read(self, cfg, dst_geobox, *, dst=None, selection=None):
        """Return where in the grid the file lies, here everywhere, and its power there."""
        try:
            values = _read(self._address, dst_geobox, self._driver)
        except _Unusable as error:
            self._driver.unusable.append(str(error))
            values = np.full(dst_geobox.shape, np.nan, np.float32)
        if dst is not None:
            np.copyto(dst, values)
            values = dst
        return np.s_[0 : values.shape[0], 0 : values.shape[1]], values


def _read(address: str, where: GeoBox, driver: _Driver) -> np.ndarray:
    """Return (H, W) float32 power of the grid, NaN without data.

    The nearest pixel is taken: a mean of neighbours would take speckle away, and a minimum over
    acquisitions would then lie higher.
    """
    out = np.full(where.shape, np.nan, np.float32)
    try:
        with rasterio.open(address, driver="GTiff", sharing=False) as file:
            if file.crs is None:
                raise _Unusable("its file has no map projection")
            size = np.prod(file.block_shapes[0]) * np.dtype(file.dtypes[0]).itemsize
            if size > LARGEST_BLOCK or not np.issubdtype(file.dtypes[0], np.number):
                raise _Unusable("its file cannot be read in parts")
            reproject(
                rasterio.band(file, 1),
                out,
                dst_crs=str(where.crs),
                dst_transform=where.transform,
                src_nodata=file.nodata,
                dst_nodata=np.nan,
                resampling=Resampling.nearest,
            )
            scale, offset = file.scales[0], file.offsets[0]
    except RasterioError as error:
        if failure := driver.relay.failure(address):
            raise failure from None
        _say(str(error))
    return _power(out * np.float32(scale) + np.float32(offset), driver.unit)


def _power(values: np.ndarray, unit: str) -> np.ndarray:
    if unit == "dB":
        return np.float32(10) ** (values / 10)
    with np.errstate(invalid="ignore"):
        values = np.where(values > 0, values, np.nan)  # nothing comes back from no data
    return values**2 if unit == "amplitude" else values


def _say(error: str) -> None:
    """Raise what a failure of GDAL means: gone for good, or worth another try later."""
    code = re.search(r"(?:response code|HTTP error code)\s*:?\s*(\d{3})", error)
    status = int(code.group(1)) if code else 0
    if status in (401, 403):
        raise CropError(f"The catalog's files want an account ({status}): this lab has none there.")
    if status in AGAIN:
        raise CropError(
            f"The server of the catalog's files is overloaded or down (it answers {status}): "
            "try again later."
        )
    if re.search(r"timed? ?out|too slow", error, re.IGNORECASE):
        raise CropError(LATE)
    raise _Unusable("its file is missing" if status in (404, 410) else "its file cannot be read")


def read_acquisition(files: Files, items: list[dict]) -> tuple[np.ndarray | None, list[str]]:
    """Read one acquisition: the slices of one pass, put together.

    Args:
        files: how.
        items: of `lab.crops.catalogs.catalog.Found`, of one pass.

    Returns:
        (P, H, W) float32 power, NaN without data, or None where a file of it cannot be used or
        none of its pixels lies in the box; and the sentences that say why.

    Raises:
        CropError: the files are late or refused; another try may help.
    """
    with Relay(files.endpoint, files.patience) as relay:
        return _acquisition(_Driver(files, relay), files, items)


def _acquisition(
    driver: _Driver, files: Files, items: list[dict]
) -> tuple[np.ndarray | None, list[str]]:
    (height, width), crs = files.grid.shape, files.grid.crs
    try:
        read = odc.stac.load(
            [_item(files, item, driver.relay) for item in items],
            bands=list(files.bands),
            geobox=GeoBox((height, width), rasterio.Affine(*files.grid.transform), crs),
            groupby=lambda *_: 0,  # slices of one pass: the first that has data
            dtype="float32",
            nodata=float("nan"),
            driver=driver,
            pool=2,
            stac_cfg={"*": {"assets": {"*": {"data_type": "float32", "nodata": float("nan")}}}},
        )
    except RasterioError as error:  # outside of one file
        raise CropError("The catalog's files could not be put on the map.") from error
    name = items[0]["id"]
    if driver.unusable:
        return None, [f"{name}: {driver.unusable[0]}, so this acquisition is left out."]
    values = np.stack([read[band].values[0] for band in files.bands])
    if not np.isfinite(values).any():
        return None, [f"{name}: it has no data in this box, so it is left out."]
    return values, []


def _item(files: Files, entry: dict, relay: Relay) -> pystac.Item:
    west, south, east, north = entry["bounds"]
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    item = pystac.Item(
        entry["id"],
        {"type": "Polygon", "coordinates": [ring]},
        entry["bounds"],
        pystac.utils.str_to_datetime(entry["time"]),
        {},
    )
    for band in files.bands:
        address = relay.address(files.signed(entry["files"][band]))
        item.add_asset(band, pystac.Asset(address, media_type=pystac.MediaType.COG))
    return item
