"""A scene predicted tile by tile is the scene predicted at once; it can stop, and go on."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
import torch
from raster_files import NORTH_UP, UTM, scene, write
from rasterio import Affine

from lab.crops.network import net
from lab.crops.network.lean import Lean
from lab.crops.rasters import geotiff, held, whole
from lab.crops.rasters.source import Source
from lab.crops.stack import PERIODS, CropError
from lab.models.recurrent_unet import RecurrentUNet

ASKED = {"unit": "dB", "quantity": "sigma0"}


def mean(values):
    """Stand in for a network: from the mean of all images, between 0 and 1."""
    return np.clip(-values.mean((0, 1)) / 30, 0, 1)


def blurred(values):
    """Stand in for one that looks 16 pixels around."""
    from scipy.ndimage import uniform_filter

    return uniform_filter(mean(np.nan_to_num(values, nan=-15)), 33, mode="constant")


def run(job, seconds=60.0, predict=mean):
    while job["state"] == "running":
        job = whole.advance(json.loads(json.dumps(job)), seconds, predict)
    return job


def large(path, size=(150, 200), **facts):
    """Write two bands of noise with a hole and an empty corner, as int16 in steps of 0.01 dB."""
    stack = scene(size, **facts)
    stack.values[:, :, 100:, 150:] = np.nan
    return geotiff.write(stack, path, scaled=True)


def at_once(path, predict=mean):
    with Source([path]) as source:
        values = source.read(0, 0, *source.grid.shape)
    return np.where(np.isfinite(values).all((0, 1)), predict(values), np.nan)


@pytest.mark.parametrize("predict", [mean, blurred])
def test_by_tiles_is_the_same_as_at_once(tmp_path, predict):
    path = large(tmp_path / "s.tif")
    job = whole.begin([path], tmp_path / "j", {}, tile=64, margin=16, dtype="float32")
    assert (job["tiles"], job["next"]) == (12, 0)
    job = run(job, predict=predict)
    assert (job["state"], job["pixels"], job["empty"]) == ("ready", 150 * 200, 1)
    with rasterio.open(whole.finish(job)) as file:
        np.testing.assert_allclose(file.read(1), at_once(path, predict), atol=2e-7)
        assert file.crs.to_string() == UTM
        assert file.transform == NORTH_UP
        assert file.tags()["quantity"] == "sigma0"


def test_a_byte_holds_steps_of_one_in_250(tmp_path):
    path = large(tmp_path / "s.tif", (600, 520), bands=1, images=2, synthetic=True)
    job = run(whole.begin([path], tmp_path / "j", {"name": "korea"}, tile=256, name="my/../map"))
    finished = whole.finish(job)
    assert finished.parent == tmp_path / "j"
    with rasterio.open(finished) as file:
        found = file.read(1).astype(float)
        expected = at_once(path)
        np.testing.assert_array_equal(found == 255, np.isnan(expected))
        known = found != 255
        np.testing.assert_allclose(found[known] * file.scales[0], expected[known], atol=0.0021)
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.overviews(1) == [2]
        assert (file.tags()["model"], file.tags()["synthetic"]) == ("korea", "yes")
        assert file.tags()["unit"] == "probability"
    assert {p.name for p in (tmp_path / "j").iterdir()} == {finished.name, "job.json"}
    assert whole.resume(tmp_path / "j")["state"] == "finished"
    assert whole.finish(whole.resume(tmp_path / "j")) == finished


def test_it_goes_on_where_another_worker_stopped(tmp_path):
    path = large(tmp_path / "s.tif")
    begun = whole.begin([path], tmp_path / "j", {}, tile=64, dtype="float32")
    first = whole.advance(begun, 0, mean)
    assert first["next"] == 1  # at least one, however short the time
    again = whole.resume(tmp_path / "j")
    assert again == first
    with pytest.raises(CropError, match="Only 1 of 12 tiles"):
        whole.finish(again)
    whole.advance(begun, 0, mean)  # the same slice twice does no harm
    with rasterio.open(whole.finish(run(again, 0))) as file:
        np.testing.assert_allclose(file.read(1), at_once(path), atol=2e-7)


def test_cancel_removes_what_was_predicted(tmp_path):
    path = large(tmp_path / "s.tif")
    job = whole.advance(whole.begin([path], tmp_path / "j", {}, tile=64), 0, mean)

    def cancelling(values):
        whole.cancel(job)
        return mean(values)

    after = whole.advance(job, 60, cancelling)  # while a slice is running
    assert (after["state"], after["next"]) == ("cancelled", 2)
    assert list((tmp_path / "j").iterdir()) == []
    assert whole.advance(job, 60, mean)["state"] == "cancelled"
    with pytest.raises(CropError, match="Only 2 of 12"):
        whole.finish(after)


def test_other_projections_files_of_dates_and_no_place(tmp_path):
    degrees = Affine(1e-4, 0, 4.0, 0, -1e-4, 40.0)
    rng = np.random.default_rng(0)
    values = rng.normal(-15, 3, (8, 70, 90)).astype(np.float32)
    for name, place in (("d", {"crs": "EPSG:4326", "transform": degrees}), ("n", {"crs": None})):
        path = write(tmp_path / f"{name}_VH.tif", values, **place)
        folder = tmp_path / name
        job = whole.begin([path], folder, {}, tile=32, dtype="float32", **ASKED)
        with rasterio.open(whole.finish(run(job))) as file:
            np.testing.assert_allclose(file.read(1), mean(values[None]), atol=2e-7)
            assert (file.crs and file.crs.to_string()) == place["crs"]
    days = [f"2021-{p.first[0]:02d}-{p.first[1]:02d}" for p in PERIODS]
    files = [write(tmp_path / f"{day}_VH.tif", values[i : i + 1]) for i, day in enumerate(days)]
    files.append(write(tmp_path / "2021-05-20_VH.tif", values[:1] + 5))  # the minimum stays
    job = whole.begin(files, tmp_path / "t", {}, tile=32, dtype="float32", periods=PERIODS, **ASKED)
    with rasterio.open(whole.finish(run(job))) as file:
        np.testing.assert_allclose(file.read(1), mean(values[None]), atol=2e-7)


def test_a_network_of_one_band_has_one_band_read(tmp_path):
    path = large(tmp_path / "s.tif")
    for name, bands in (("korea", ["VH"]), ("none", ["VH", "VV"]), ("../korea", ["VH", "VV"])):
        job = whole.begin([path], tmp_path / "j", {"name": name}, tile=64)
        assert job["reading"]["bands"] == bands
        # Blocks of 512 under 64 + 2 x 80 rows: the whole file, in two bytes a value.
        assert job["cache"] == held.CACHE[0]
    with Source([path]) as source:
        assert source.bytes_of_rows(224) == 150 * 200 * 16 * 2


def test_what_cannot_begin_or_go_on_is_told(tmp_path):
    path = large(tmp_path / "s.tif")
    with pytest.raises(CropError, match="multiples of 16"):
        whole.begin([path], tmp_path / "j", {}, margin=8)
    with pytest.raises(CropError, match="uint8 or float32"):
        whole.begin([path], tmp_path / "j", {}, dtype="int64")
    wrong = write(tmp_path / "w_VH.tif", np.full((8, 20, 20), 40, np.float32))
    with pytest.raises(CropError, match="No value is below 0 dB"):
        whole.begin([wrong], tmp_path / "k", {}, **ASKED)
    job = whole.begin([path], tmp_path / "j", {}, tile=64)
    large(path, (100, 100))
    with pytest.raises(CropError, match="have changed"):
        whole.advance(job, 1, mean)
    path.unlink()
    with pytest.raises(CropError, match="There is no file"):
        whole.advance(job, 1, mean)


@pytest.fixture
def network(monkeypatch):
    torch.manual_seed(0)
    model = RecurrentUNet(2).eval()
    monkeypatch.setattr(net, "load", lambda name: model)
    held._loaded.cache_clear()
    yield model
    held._loaded.cache_clear()


def test_the_lean_network_is_the_network(network):
    x = torch.randn(1, 8, 2, 32, 48)
    with torch.no_grad():
        torch.testing.assert_close(Lean(network)(x), network(x))


def test_the_network_by_tiles_differs_little_from_the_whole(tmp_path, network):
    path = large(tmp_path / "s.tif", (200, 230))
    job = whole.begin([path], tmp_path / "j", {"name": "any"}, tile=96, dtype="float32")
    with rasterio.open(whole.finish(run(job, predict=None))) as file:
        found = file.read(1)
    stack = geotiff.read(path)
    expected = np.where(stack.valid, net.probabilities(network, stack, tile=1024), np.nan)
    np.testing.assert_allclose(found, expected, atol=1e-2)
