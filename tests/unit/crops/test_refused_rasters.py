"""What cannot be read is refused in one sentence, and no file may make us read another."""

from __future__ import annotations

import itertools
import json
import shutil

import numpy as np
import pytest
import rasterio
from raster_files import NORTH_UP, SIGMA, UTM, eight, scene, write
from rasterio import Affine

from lab.crops.rasters import refusals
from lab.crops.rasters.labels import labels_for
from lab.crops.rasters.source import Source
from lab.crops.rasters.stacks import describe, open_stack
from lab.crops.stack import PERIODS, CropError
from tests.conftest import SHARED_DATA

NASTY = SHARED_DATA / "nasty" / "rasterio"
FILES = sorted(NASTY.glob("*")) if NASTY.exists() else [None]


def is_a_sentence(text: str) -> bool:
    return text[:1].isprintable() and text.endswith(".") and "\n" not in text and len(text) < 350


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name if path else "absent")
def test_an_odd_file_gives_a_result_or_one_sentence(path):
    if path is None:
        pytest.skip("needs shared/data/nasty/rasterio beside the project")
    said, bands = [], 8
    try:
        found = describe(str(path))
        json.dumps(found, allow_nan=False)
        bands = found["bands"]
    except CropError as error:
        said.append(str(error))
    for unit, alpha in itertools.product(("dB", "power", "amplitude"), (0, 1)):
        try:
            periods = PERIODS[: max(1, bands - alpha)]  # one of the bands may be no data
            stack = open_stack([path], bands=["VH"], unit=unit, quantity="sigma0", periods=periods)
            assert np.isfinite(stack.values).any()
        except CropError as error:
            said.append(str(error))
    try:
        assert labels_for(path, scene()).labels.shape == (24, 32)
    except CropError as error:
        said.append(str(error))
    assert all(map(is_a_sentence, said)), said


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("corrupt.tif", r"block row 1 column 1 \(pixel rows 512 to 1,023"),
        ("all-nodata.tif", "no data in any pixel"),
        ("RGB.nc", "is no GeoTIFF"),
        ("two-subs.h5", "it is HDF5 or NetCDF"),
        ("white-gemini-iv.vrt", "a VRT, which only names other files"),
        ("alpha.tif", "below 0 dB: choose linear power"),
        ("byte.tif", "below 0 dB"),
    ],
)
def test_known_odd_files(name, says):
    if not NASTY.exists():
        pytest.skip("needs shared/data/nasty/rasterio beside the project")
    bands = {"all-nodata.tif": 4, "byte.tif": 1}.get(name, 3)
    with pytest.raises(CropError, match=says):
        open_stack([NASTY / name], periods=PERIODS[:bands], **SIGMA)


def test_a_vrt_in_the_clothes_of_a_tiff_reads_nothing(tmp_path):
    secret = write(tmp_path / "secret.tif", eight())
    vrt = tmp_path / "upload.tif"
    vrt.write_text(
        '<VRTDataset rasterXSize="5" rasterYSize="6"><VRTRasterBand dataType="Float32" band="1">'
        f"<SimpleSource><SourceFilename>{secret}</SourceFilename></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )
    with rasterio.open(vrt) as file:  # so it would without the fixed driver
        assert file.read(1)[0, 0] == -15
    for use in (describe, lambda p: open_stack([p], **SIGMA), lambda p: labels_for(p, scene())):
        with pytest.raises(CropError, match="a VRT, which only names other files"):
            use(str(vrt))
    # A real GeoTIFF can name a VRT as its smaller copy, and GDAL would open that.
    trap = write(tmp_path / "trap.tif", eight())
    with rasterio.open(trap, "r+") as file:
        file.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=str(vrt))
    with pytest.raises(CropError, match="names another file"):
        open_stack([trap], **SIGMA)


def test_files_beside_a_file_are_not_read(tmp_path):
    path = write(tmp_path / "a.tif", eight(), tags={"quantity": "sigma0"})
    nothing = np.zeros((1, 6, 5), np.uint8)
    write(tmp_path / "a.tif.msk", nothing, tags={"INTERNAL_MASK_FLAGS_1": "2"})
    (tmp_path / "a.tif.aux.xml").write_text(
        '<PAMDataset><Metadata><MDI key="quantity">gamma0</MDI></Metadata></PAMDataset>'
    )
    with rasterio.open(path) as file:  # so it would otherwise
        assert file.tags()["quantity"] == "gamma0"
        assert not file.read_masks(1).any()
    stack = open_stack([path], **SIGMA)
    np.testing.assert_array_equal(stack.values[0], eight())


@pytest.mark.parametrize(
    "path", ["/vsicurl/http://127.0.0.1/a.tif", "zip://a.zip!a.tif", "/vsimem/a", "no.tif", ".", ""]
)
def test_only_files_of_this_disk_are_opened(path):
    with pytest.raises(CropError, match="There is no file"):
        open_stack([path], **SIGMA)


def test_a_damaged_block_is_named(tmp_path):
    rng = np.random.default_rng(0)
    values = rng.normal(-15, 3, (8, 64, 48)).astype(np.float32)
    layout = {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate"}
    path = write(tmp_path / "a.tif", values, interleave="pixel", **layout)
    with rasterio.open(path) as file:
        where = int(file.get_tag_item("BLOCK_OFFSET_2_3", "TIFF", bidx=1))
    data = bytearray(path.read_bytes())
    data[where + 8 : where + 200] = b"\xff" * 192
    path.write_bytes(data)
    with pytest.raises(CropError, match=r"block row 3 column 2 \(pixel rows 48 to 63, columns 32"):
        open_stack([path], **SIGMA)
    part = open_stack([path], part=(0, 0, 48, 48), **SIGMA)  # the rest is as good as it was
    np.testing.assert_array_equal(part.values[0], values[:, :48])


def test_decoded_blocks_are_kept(tmp_path):
    values = np.random.default_rng(0).normal(-15, 3, (8, 64, 64)).astype(np.float32)
    path = write(tmp_path / "a.tif", values, compress="deflate")
    with Source([path], **SIGMA) as source:
        first = source.read(0, 0, 64, 64)
        path.write_bytes(bytes(path.stat().st_size))  # nothing is left to be decoded
        np.testing.assert_array_equal(source.read(0, 0, 64, 64), first)


def test_bombs_are_refused_by_their_header(tmp_path, monkeypatch):
    big = {"sparse_ok": True, "tiled": True, "compress": "deflate", "bigtiff": "yes"}

    def header(name, size, count, **more):
        path = tmp_path / name
        profile = {"width": size, "height": size, "count": count, "dtype": "int16", **more}
        with rasterio.open(path, "w", driver="GTiff", crs=UTM, transform=NORTH_UP, **profile):
            pass
        return path

    with pytest.raises(CropError, match=r"unfolds into 3\.2 GB"):
        open_stack([header("a.tif", 20_000, 4, **big)], **SIGMA)
    with pytest.raises(CropError, match="more than 4 billion values"):
        open_stack([header("b.tif", 60_000, 2, **big)], **SIGMA)
    with pytest.raises(CropError, match="513 bands"):
        open_stack([header("c.tif", 4, 513)], **SIGMA)
    monkeypatch.setattr(refusals, "MOST_BLOCK", 3_000)
    with pytest.raises(CropError, match="gdal_translate -co TILED=YES"):
        open_stack([header("d.tif", 200, 8, interleave="pixel")], **SIGMA)
    monkeypatch.undo()
    with pytest.raises(CropError, match="choose a part of it"):
        open_stack([header("e.tif", 2000, 8, **big)], **SIGMA)


def test_two_quantities_are_never_mixed(tmp_path):
    a = write(tmp_path / "a_VH.tif", eight(), tags={"quantity": "sigma0"})
    b = write(tmp_path / "b_VV.tif", eight(), tags={"quantity": "gamma0"})
    with pytest.raises(CropError, match="about 1 dB apart"):
        open_stack([a, b], unit="dB")
    with pytest.raises(CropError, match="says gamma0 and you said sigma0"):
        open_stack([b], unit="dB", quantity="sigma0")
    with pytest.raises(CropError, match="sigma0 or gamma0: choose"):
        open_stack([write(tmp_path / "c_VH.tif", eight())], unit="dB")


def test_places_that_do_not_fit_are_refused(tmp_path):
    a = write(tmp_path / "a_VH.tif", eight())
    far = write(tmp_path / "b_VV.tif", eight(), transform=Affine(10, 0, 9e5, 0, -10, 9e6))
    asked = {"unit": "dB", "quantity": "sigma0"}
    with pytest.raises(CropError, match=r"b_VV.tif lies elsewhere"):
        open_stack([a, far], **asked)
    none = write(tmp_path / "c_VV.tif", eight(), crs=None)
    with pytest.raises(CropError, match="in which projection"):
        open_stack([a, none], **asked)
    twin = write(tmp_path / "d_VH.tif", eight(), crs=None)  # the same grid, whatever it is
    assert open_stack([none, twin], **asked).values.shape == (2, 8, 6, 5)
    points = [
        rasterio.control.GroundControlPoint(r, c, 4.0 + c, 40.0 - r)
        for r, c in ((0, 0), (0, 5), (6, 0), (6, 5))
    ]
    gcps = write(tmp_path / "e.tif", eight(), transform=Affine.identity())
    with rasterio.open(gcps, "r+") as file:
        file.gcps = points, "EPSG:4326"
    with pytest.raises(CropError, match="ground control points instead of a grid"):
        open_stack([gcps], **SIGMA)


def test_what_is_no_backscatter_is_refused(tmp_path):
    complex_ = write(tmp_path / "c.tif", np.ones((8, 4, 4), np.complex64))
    with pytest.raises(CropError, match="complex numbers"):
        open_stack([complex_], **SIGMA)
    seven = write(tmp_path / "s.tif", eight()[:7])
    with pytest.raises(CropError, match="VH without dates: 7; 8 are needed"):
        open_stack([seven], **SIGMA)
    with pytest.raises(CropError, match="VH or VV: choose"):
        open_stack([seven], unit="dB", quantity="sigma0")
    with pytest.raises(CropError, match="No band says that it is VV"):
        open_stack([shutil.copy(seven, tmp_path / "s_VH.tif")], **{**SIGMA, "bands": ["VV"]})
    cut = tmp_path / "cut.tif"
    cut.write_bytes(b"II*\0" + bytes(40))
    with pytest.raises(CropError, match=r"cut\.tif is damaged: its header"):
        open_stack([cut], **SIGMA)
    with pytest.raises(CropError, match="Bring 1 to 200 files"):
        open_stack([], **SIGMA)
