"""Files say what they are, and come back as they went."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import rasterio
from raster_files import scene, write

from lab.crops.rasters import geotiff
from lab.crops.stack import PERIODS, CropError


def labelled():
    stack = scene(synthetic=True, quantity="gamma0")
    labels = np.random.default_rng(1).integers(0, 3, stack.shape).astype(np.uint8)
    labels[0, :4] = 255
    return replace(stack, labels=labels, classes=("maize", "rice", "water"), targets=("rice",))


@pytest.mark.parametrize(("scaled", "off"), [(False, 0), (True, 0.00501)])
def test_a_scene_comes_back(tmp_path, scaled, off):
    stack = labelled()
    path = geotiff.write(stack, tmp_path / "s.tif", year=2021, scaled=scaled)
    labels = geotiff.write_labels(stack, tmp_path / "l.tif")
    back = geotiff.read(path, labels)
    np.testing.assert_allclose(back.values, stack.values, atol=off, rtol=0)
    assert np.isnan(back.values[:, :, 2:4, 5:8]).all()
    np.testing.assert_array_equal(back.labels, stack.labels)
    for fact in ("name", "bands", "periods", "quantity", "classes", "targets", "crs", "synthetic"):
        assert getattr(back, fact) == getattr(stack, fact), fact
    assert back.transform == stack.transform
    assert sorted(p.name for p in tmp_path.iterdir()) == ["l.tif", "s.tif"]


def test_a_file_says_what_it_holds(tmp_path):
    stack = scene((520, 530), images=2, synthetic=True)
    with rasterio.open(geotiff.write(stack, tmp_path / "s.tif", year=2021)) as file:
        tags = file.tags()
        assert (tags["quantity"], tags["unit"], tags["synthetic"]) == ("sigma0", "dB", "yes")
        assert tags["year"] == "2021"
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.overviews(1) == [2]
        assert file.block_shapes[0] == (512, 512)
        assert file.compression.value == "DEFLATE"
        assert file.units[0] == "dB"
        last = file.tags(4)
        assert (last["band"], last["operator"]) == ("VV", "min")
        assert (last["first"], last["last"]) == ("2021-06-01", "2021-06-20")
        assert file.descriptions[0] == "VH 10-30 May, min"
        # Not averaged: a mean of decibels is not the decibels of a mean.
        small = file.read(1, out_shape=(260, 265))
        assert np.isin(small[~np.isnan(small)], stack.values[0, 0]).all()


def test_labels_have_names_and_colours(tmp_path):
    with rasterio.open(geotiff.write_labels(labelled(), tmp_path / "l.tif")) as file:
        assert file.dtypes == ("uint8",)
        assert file.nodata == 255
        assert file.tags()["classes"] == '["maize", "rice", "water"]'
        assert file.colormap(1)[0] == (*geotiff.PALETTE[0], 255)
    with pytest.raises(CropError, match="no labels"):
        geotiff.write_labels(scene(), tmp_path / "m.tif")


def test_a_map_lies_where_its_scene_lies(tmp_path):
    stack = scene(synthetic=True)
    probability = np.random.default_rng(0).random(stack.shape)
    probability[0, 0] = np.nan
    path = geotiff.write_map(probability, stack, tmp_path / "p.tif", tags={"model": "korea"})
    with rasterio.open(path) as file:
        np.testing.assert_array_equal(file.read(1), probability.astype(np.float32))
        assert tuple(file.transform)[:6] == stack.transform
        assert file.crs.to_string() == stack.crs
        assert file.tags()["model"] == "korea"
        assert file.tags()["synthetic"] == "yes"
    codes = np.ones(stack.shape, np.uint8)
    orange = {1: (213, 94, 0)}
    path = geotiff.write_map(codes, stack, tmp_path / "c.tif", classes=["a", "b"], colours=orange)
    with rasterio.open(path) as file:
        assert file.colormap(1)[1] == (213, 94, 0, 255)
    with pytest.raises(CropError, match="does not lie"):
        geotiff.write_map(codes[1:], stack, tmp_path / "d.tif")


def test_a_scene_without_a_place_stays_without(tmp_path, recwarn):
    stack = scene(transform=None, crs=None)
    back = geotiff.read(geotiff.write(stack, tmp_path / "s.tif"))
    assert back.transform is None
    assert back.crs is None
    np.testing.assert_array_equal(back.values, stack.values)


def test_other_files_and_other_grids_are_refused(tmp_path):
    plain = write(tmp_path / "p.tif", np.zeros((8, 4, 4), np.float32))
    with pytest.raises(CropError, match="does not say its bands"):
        geotiff.read(plain)
    stack = labelled()
    path = geotiff.write(stack, tmp_path / "s.tif")
    a, b, c, d, e, f = stack.transform
    moved = replace(stack, transform=(a, b, c + 10, d, e, f))
    with pytest.raises(CropError, match="another grid"):
        geotiff.read(path, geotiff.write_labels(moved, tmp_path / "l.tif"))


def test_periods_of_ones_own_come_back(tmp_path):
    own = replace(scene(images=2), periods=(PERIODS[4], PERIODS[6]))
    assert geotiff.read(geotiff.write(own, tmp_path / "s.tif")).periods == own.periods
