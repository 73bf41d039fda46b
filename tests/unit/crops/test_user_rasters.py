"""Rasters of the user's: what bands mean, units, missing pixels, grids, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from raster_files import NORTH_UP, SIGMA, UTM, eight, write
from rasterio import Affine
from rasterio.enums import ColorInterp

from lab.crops import own
from lab.crops.rasters.composing import Composer
from lab.crops.rasters.source import Source
from lab.crops.rasters.stacks import describe, open_stack
from lab.crops.stack import PERIODS, CropError, Period, power

DATES = ("2021-05-15", "2021-06-10", "2021-07-01", "2021-07-20")
DATES += ("2021-08-05", "2021-09-01", "2021-09-20", "2021-10-10")


def test_the_order_of_named_bands_does_not_matter(tmp_path):
    values = np.concatenate([eight(), eight() - 20])
    turn = [i // 2 + 8 * (i % 2) for i in range(16)]  # VH, VV, VH, VV ..
    names = [f"{'VV' if i % 2 else 'VH'}_t{i // 2}" for i in range(16)]
    path = write(tmp_path / "a.tif", values[turn], descriptions=names)
    stack = open_stack([path], unit="dB", quantity="sigma0")
    assert stack.bands == ("VH", "VV")
    np.testing.assert_array_equal(stack.values.reshape(16, 6, 5), values)


@pytest.mark.parametrize("order", ["one band after the other", "in turn"])
def test_unnamed_bands_are_as_the_user_says(tmp_path, order):
    values = np.concatenate([eight(), eight() - 20])
    turned = values[[i // 2 + 8 * (i % 2) for i in range(16)]] if order == "in turn" else values
    path = write(tmp_path / "a.tif", turned)
    asked = {"bands": ["VH", "VV"], "unit": "dB", "quantity": "sigma0"}
    stack = open_stack([path], order=order, **asked)
    np.testing.assert_array_equal(stack.values.reshape(16, 6, 5), values)
    with pytest.raises(CropError, match="how these 16 bands are ordered"):
        open_stack([path], **asked)


def test_a_file_for_each_band_named_by_its_tags_or_its_name(tmp_path):
    tags = {"polarisation": "VV", "quantity": "sigma0", "units": "dB"}
    vv = write(tmp_path / "one.tif", eight(-12), tags=tags)
    vh = write(tmp_path / "scene_vh.tif", eight(-20), tags={**tags, "polarisation": ""})
    stack = open_stack([vv, vh])
    np.testing.assert_array_equal(stack.values, [eight(-20), eight(-12)])
    assert open_stack([vv, vh], bands=["VV"]).values[0, 0, 0, 0] == -12


def test_files_of_dates_are_composed_in_power(tmp_path):
    files = [
        write(tmp_path / f"S1A_IW_GRDH_1SDV_{d.replace('-', '')}T0555_VH.tif", eight()[:1] + i)
        for i, d in enumerate(DATES)
    ]
    later = {"2021-06-20": -40.0, "2021-06-21": -8.0, "2021-08-20": -3.0, "2021-11-01": 0.0}
    for day, value in later.items():
        files.append(write(tmp_path / f"{day}_VH.tif", np.full((1, 6, 5), value, np.float32)))
    stack = open_stack(files, unit="dB", quantity="gamma0")
    first = eight()[0]
    np.testing.assert_allclose(stack.values[0, 0], first)
    np.testing.assert_allclose(stack.values[0, 1], -40)  # the minimum of June
    mean = 10 * np.log10((power(first + 2) + power(-8.0)) / 2)
    np.testing.assert_allclose(stack.values[0, 2], mean, rtol=1e-6)
    np.testing.assert_allclose(stack.values[0, 4], -3)  # the maximum of August
    np.testing.assert_allclose(stack.values[0, 7], first + 7)
    assert stack.quantity == "gamma0"


def test_composites_pass_over_missing_pixels():
    a, b = np.array([[-10.0, np.nan, np.nan]]), np.array([[-20.0, -7.0, np.nan]])
    mean = 10 * np.log10((0.1 + 0.01) / 2)
    for operator, expected in (("min", -20), ("max", -10), ("mean", mean)):
        composer = Composer(operator)
        for image in (a, b):
            composer.add(image)
        np.testing.assert_allclose(composer.result(), [[expected, -7, np.nan]], rtol=1e-6)


def test_dates_that_do_not_fill_the_season_are_told(tmp_path):
    bands = write(tmp_path / "a_VH.tif", eight(), descriptions=[f"{d}" for d in DATES])
    assert open_stack([bands], unit="dB", quantity="sigma0").values[0, 3, 0, 0] == -16.5
    late = write(tmp_path / "b_VH.tif", eight(), descriptions=["2021-05-31", *DATES[1:]])
    with pytest.raises(
        CropError, match=r"No image falls into 10-30 May, min: add files.*2021-05-31"
    ):
        open_stack([late], **SIGMA)
    other = write(tmp_path / "c_VH.tif", eight(), descriptions=["2019-05-15", *DATES[1:]])
    with pytest.raises(CropError, match="2019-05-15 to 2021-10-10: choose a year"):
        open_stack([other], **SIGMA)
    some = write(tmp_path / "d_VH.tif", eight(), descriptions=[*DATES[:7], "x"])
    with pytest.raises(CropError, match="7 of the 8 VH bands say their date"):
        open_stack([some], **SIGMA)
    months = [Period((m, 1), (m, 28), "mean", "planting") for m in (5, 6)]
    assert len(open_stack([bands], periods=months, **SIGMA).periods) == 2


def test_monthly_composites_fill_periods_without_an_image_of_their_own(tmp_path):
    days = ["2020-11-01", "2020-12-01", *(f"2021-{month:02}-01" for month in range(1, 11))]
    values = -np.arange(1, 13, dtype=np.float32)[:, None, None] * np.ones((12, 6, 5), np.float32)
    path = write(tmp_path / "a_VH.tif", values, descriptions=days)
    stack = open_stack([path], **SIGMA)
    # May, June, July twice, August, September twice, October: November is layer 1.
    assert stack.values[0, :, 0, 0].tolist() == [-7, -8, -9, -9, -10, -11, -11, -12]
    said = own.describe([str(path)])[0]["monthly"]
    assert said == (
        "Monthly images: 10-30 May takes May, 11-30 Jul takes July, 11-30 Sep takes September."
    )
    few = write(tmp_path / "b_VH.tif", values[:6], descriptions=days[:6])
    with pytest.raises(CropError, match=r"10-30 May, min; 1-20 Jun, min; .*2020-11-01, 2020-12-01"):
        open_stack([few], **SIGMA)


@pytest.mark.parametrize(
    ("stored", "profile"),
    [
        (np.round(eight() * 100).astype(np.int16), {"scales": 0.01, "nodata": -32768}),
        (np.round((eight() + 40) * 100).astype(np.uint16), {"scales": 0.01, "offsets": -40.0}),
        (eight().astype(np.float64), {"nodata": -9999.0}),
    ],
)
def test_scale_offset_and_no_data(tmp_path, stored, profile):
    if "nodata" in profile:
        stored[:, 1, 1] = profile["nodata"]
    values = open_stack([write(tmp_path / "a.tif", stored, **profile)], **SIGMA).values[0]
    expected = eight()
    if "nodata" in profile:
        assert np.isnan(values[:, 1, 1]).all()
        expected[:, 1, 1] = np.nan
    np.testing.assert_allclose(values, expected, atol=1e-4)


def test_masks_alpha_and_what_nobody_declared_are_missing(tmp_path):
    seen = np.full((6, 5), 255, np.uint8)
    seen[0] = 0
    masked = write(tmp_path / "m.tif", eight())
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(masked, "r+") as file:
        file.write_mask(seen)
    alpha = np.concatenate([eight(), seen[None].astype(np.float32)])
    alpha = write(tmp_path / "a.tif", alpha)
    with rasterio.open(alpha, "r+") as file:
        file.colorinterp = [*file.colorinterp[:-1], ColorInterp.alpha]
    wild = eight()
    wild[:, 0, :3], wild[:, 0, 3:] = -9999, np.inf
    for path in (masked, alpha, write(tmp_path / "w.tif", wild)):
        values = open_stack([path], **SIGMA).values[0]
        assert np.isnan(values[:, 0]).all()
        np.testing.assert_array_equal(values[:, 1:], eight()[:, 1:])


def test_units(tmp_path):
    linear = power(eight()).astype(np.float32)
    linear[:, 0, 0] = 0
    path = write(tmp_path / "p.tif", linear)
    values = open_stack([path], **{**SIGMA, "unit": "power"}).values[0]
    assert np.isnan(values[:, 0, 0]).all()
    np.testing.assert_allclose(values[:, 1], eight()[:, 1], rtol=1e-5)
    root = write(tmp_path / "r.tif", np.sqrt(linear))
    values = open_stack([root], **{**SIGMA, "unit": "amplitude"}).values[0]
    np.testing.assert_allclose(values[:, 1], eight()[:, 1], rtol=1e-5)
    with pytest.raises(CropError, match="choose linear power or amplitude"):
        open_stack([path], **{**SIGMA, "unit": None})
    with pytest.raises(CropError, match="No value is below 0 dB"):
        open_stack([path], **SIGMA)
    said = write(tmp_path / "s.tif", eight(), tags={"unit": "dB"})
    with pytest.raises(CropError, match="file says dB and you said power"):
        open_stack([said], **{**SIGMA, "unit": "power"})
    counts = np.full((8, 4, 4), 300, np.float32)
    counts[0, 0, 0] = 0.1
    counts = write(tmp_path / "c.tif", counts)
    with pytest.raises(CropError, match="calibrate the images"):
        open_stack([counts], **{**SIGMA, "unit": "amplitude"})


def test_south_up_is_turned_over(tmp_path):
    values = eight()
    up = Affine(10, 0, 600_000, 0, 10, 4_500_000 - 60)
    stack = open_stack([write(tmp_path / "a.tif", values[:, ::-1], transform=up)], **SIGMA)
    np.testing.assert_array_equal(stack.values[0], values)
    assert stack.transform == tuple(NORTH_UP)[:6]
    # and together with one that is north up, pixel on pixel
    north = write(tmp_path / "b_VV.tif", values - 1)
    south = write(tmp_path / "b_VH.tif", values[:, ::-1], transform=up)
    both = open_stack([north, south], unit="dB", quantity="sigma0")
    np.testing.assert_array_equal(both.values[0] - 1, both.values[1])


def test_a_turned_grid_is_laid_north_up(tmp_path):
    # Power grows with x alone; a grid turned by 30 degrees must show that again.
    turned = Affine.translation(500, 800) @ Affine.rotation(30) @ Affine.scale(10, -10)
    columns, rows = np.meshgrid(np.arange(40) + 0.5, np.arange(30) + 0.5)
    x, _ = turned @ (columns, rows)
    values = np.repeat(10 * np.log10(x[None] / 10_000), 8, 0).astype(np.float32)
    stack = open_stack([write(tmp_path / "a.tif", values, transform=turned)], **SIGMA)
    a, b, left, d, e, _ = stack.transform
    assert (round(a, 9), b, d, round(e, 9)) == (10, 0, 0, -10)
    here = np.broadcast_to(left + a * (np.arange(stack.shape[1]) + 0.5), stack.shape)
    found = power(stack.values[0, 0]) * 10_000
    known = np.isfinite(found)
    assert 0.35 < known.mean() < 0.75  # corners of the box around it have no data
    inside = known & (np.roll(known, 3, 0) & np.roll(known, -3, 0))
    np.testing.assert_allclose(found[inside], here[inside], atol=0.6)


def test_another_grid_is_interpolated_in_power(tmp_path):
    first = write(tmp_path / "a_VH.tif", np.full((1, 4, 4), -15, np.float32))
    values = np.zeros((1, 4, 4), np.float32)
    values[..., 2:] = 10 * np.log10(3)  # power 1 on the left, 3 on the right
    half = NORTH_UP @ Affine.translation(0.5, 0)
    second = write(tmp_path / "b_VV.tif", values, transform=half)
    asked = {"unit": "dB", "quantity": "sigma0", "periods": PERIODS[:1]}
    found = open_stack([first, second], **asked).values[1, 0, 1]
    # Each pixel lies halfway between two of the other file: (1 + 3) / 2 = 2 in power.
    np.testing.assert_allclose(power(found), [1, 1, 2, 3], rtol=1e-5)


def test_another_projection_and_windows_agree_with_the_whole(tmp_path):
    rng = np.random.default_rng(0)
    first = write(tmp_path / "a_VH.tif", rng.normal(-15, 2, (8, 40, 40)).astype(np.float32))
    with rasterio.open(first) as file:
        box = rasterio.warp.transform_bounds(file.crs, "EPSG:4326", *file.bounds)
    degrees = rasterio.transform.from_bounds(*box, 50, 50)
    other = rng.normal(-9, 2, (8, 50, 50)).astype(np.float32)
    second = write(tmp_path / "b_VV.tif", other, crs="EPSG:4326", transform=degrees)
    with Source([first, second], unit="dB", quantity="sigma0") as source:
        whole = source.read(0, 0, 40, 40)
        part = source.read(16, 8, 20, 30)
        beyond = source.read(-3, -2, 10, 10)
    assert np.isfinite(whole[1, 0, 5:-5, 5:-5]).all()
    assert abs(np.nanmean(whole[1]) + 8.6) < 0.4
    # GDAL's kernel differs in the last digits; a hundredth of a decibel is nothing.
    np.testing.assert_allclose(part, whole[:, :, 16:36, 8:38], atol=0.01)
    assert np.isnan(beyond[:, :, :3]).all()
    np.testing.assert_allclose(beyond[:, :, 3:, 2:], whole[:, :, :7, :8], atol=0.01)


def test_a_part_of_a_scene_lies_in_its_place(tmp_path):
    path = write(tmp_path / "a.tif", eight(size=(20, 30)))
    part = open_stack([path], part=(4, 6, 10, 8), **SIGMA)
    np.testing.assert_array_equal(part.values[0], eight(size=(20, 30))[:, 4:14, 6:14])
    assert part.transform[2] == NORTH_UP.c + 60
    assert part.transform[5] == NORTH_UP.f - 40
    with pytest.raises(CropError, match="sticks out"):
        open_stack([path], part=(15, 0, 10, 8), **SIGMA)


def test_a_file_is_described_before_it_is_used(tmp_path):
    tags = {"quantity": "gamma0", "secret": "x" * 900}
    path = write(tmp_path / "a_VH.tif", eight(), descriptions=DATES, tags=tags)
    found = describe(str(path))
    assert found["guess"] == {
        "bands": ["VH"],
        "dates": list(DATES),
        "periods": [],
        "unit": "dB",
        "quantity": "gamma0",
        "synthetic": False,
        "range": found["guess"]["range"],
    }
    assert found["guess"]["range"][2] == -15
    assert (found["width"], found["height"], found["crs"]) == (5, 6, UTM)
    assert found["bounds"] == [600_000, 4_499_940, 600_050, 4_500_000]
    assert found["degrees"][0] == pytest.approx(4.1826, abs=1e-3)
    assert found["small"] is True
    assert found["problems"] == []
    assert len(found["tags"]["secret"]) == 200
    linear = write(tmp_path / "b.tif", power(eight()))
    assert describe(str(linear))["guess"]["unit"] == "power"
    assert describe(str(linear))["guess"]["quantity"] is None
