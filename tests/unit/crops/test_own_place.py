"""A region of one's own, as workers answer about it: from a recipe, from files, with and without
labels; and composites fetched from a catalog step by step."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import rasterio

from lab.crops import own
from lab.crops.catalogs import fetching
from lab.crops.catalogs.known import Endpoint
from lab.crops.iou import iou
from lab.crops.network import predict
from lab.crops.rasters import geotiff
from lab.crops.scenes.regions import own as region
from lab.crops.shown import said
from lab.crops.stack import UNKNOWN, CropError
from tests.unit.crops import stac_server

pytestmark = [  # odc-geo's
    pytest.mark.filterwarnings("ignore:The 'shapely.ops.transform"),
    pytest.mark.filterwarnings("ignore:Use .@. matmul"),
]
OURS = {"region": region(shift=10).to_json(), "seed": 0, "size": 64}


@pytest.fixture
def files(tmp_path):
    scene, labels = tmp_path / "scene.tif", tmp_path / "labels.tif"
    scene.write_bytes(own.scene_file(OURS))
    labels.write_bytes(own.labels_file(OURS))
    return {"paths": [str(scene)], "name": "Mine", "labels": str(labels)}


def test_our_file_saved_and_read_again_is_judged_the_same(files):
    here, there = (own.outcome(place, "rule") for place in (OURS, files))
    assert there["judged"]["iou"] == pytest.approx(here["judged"]["iou"], abs=0.01)
    stack = own.of_place(OURS)
    found = said(own.probability(OURS, "rule"))
    assert here["judged"]["iou"][0] == pytest.approx(iou(stack.truth, found))
    assert here["hectares"] == pytest.approx((found == 1).sum() * 0.01)
    facts = own.facts(files)
    assert facts["shape"] == [64, 64]
    assert facts["synthetic"]
    assert facts["targets"] == ["rice, Spain", "rice, France, steady"]
    assert json.dumps(facts)


def test_without_labels_nothing_is_judged(files):
    bare = {key: value for key, value in files.items() if key != "labels"}
    found = own.outcome(bare, "rule")
    assert found["judged"] is None
    assert 0 < found["share"] < 1
    assert {row["kind"] for row in own.series(bare, "rule")} == {"said", "rest"}
    assert {row["kind"] for row in own.series(files, "rule")} >= {"TP", "FN"}
    assert "errors" not in own.view(bare, "rule")


def test_a_part_of_a_scene_and_the_crop_that_is_chosen(files):
    part = own.of_place({**files, "part": [16, 32, 32, 16], "targets": ["water"]})
    whole = own.of_place(files)
    assert part.shape == (32, 16)
    np.testing.assert_array_equal(part.values, whole.values[:, :, 16:48, 32:48])
    assert part.targets == ("water",)


def test_gamma0_is_lowered_once_by_the_cosine():
    stack = own.of_place(OURS)
    gamma = own.replace(stack, quantity="gamma0")
    moved = own.lowered(gamma)
    assert moved.quantity == "sigma0"
    np.testing.assert_allclose(moved.values - stack.values, -1.0347, atol=1e-3)  # cos 38 = .788
    assert own.lowered(moved) is moved


def test_pixels_without_data_are_not_predicted(files, monkeypatch):
    monkeypatch.setattr(predict, "of_stack", lambda model, stack: np.ones(stack.shape))
    stack = own.of_place(files)
    values = stack.values.copy()
    values[0, 3, 5, 7] = np.nan  # one composite of VH
    values[1, 3, 6, 7] = np.nan  # VV: no model of the project needs it
    path = files["paths"][0]
    geotiff.write(own.replace(stack, values=values), path)
    place = {**files, "name": "With a hole"}  # else the scene as it was is remembered
    found = own.probability(place, "korea")
    assert np.isnan(found[5, 7])
    assert np.isnan(found).sum() == 1
    with rasterio.open(io.BytesIO(own.map_file(place, "korea"))) as file:
        assert np.isnan(file.read(1)[5, 7])
        assert file.tags()["model"] == "korea"
        assert file.tags()["synthetic"] == "yes"


def test_the_series_of_a_polygon_is_that_of_its_pixels():
    stack = own.of_place(OURS)
    rows = own.drawn(OURS, [[(4.5, 9.5)], [(0, 0), (0, 8), (8, 8), (8, 0)]], "VV")
    np.testing.assert_allclose([r["mean"] for r in rows[0]], stack.values[1, :, 4, 9], atol=1e-4)
    mean = 10 * np.log10((10 ** (stack.values[1, :, :8, :8] / 10)).mean((1, 2)))
    np.testing.assert_allclose([r["mean"] for r in rows[1]], mean, atol=1e-4)


def test_an_overview_counts_every_pixel(tmp_path):
    steps = np.full((600, 900), 50, np.uint8)  # 0.2
    steps[:300] = 200  # 0.8
    steps[:, :90] = UNKNOWN
    path = tmp_path / "map.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=1,
        height=600,
        width=900,
        dtype="uint8",
        nodata=UNKNOWN,
        crs="EPSG:32631",
        transform=rasterio.Affine(10, 0, 5e5, 0, -10, 4e6),
    ) as file:
        file.write(steps, 1)
        file.scales = [1 / 250]
    found = own.overview(str(path))
    assert found["share"] == 0.5
    assert found["hectares"] == pytest.approx(300 * 810 / 100)
    assert found["picture"].shape == (300, 450, 3)
    assert found["picture"][0, 0].tolist() == [196, 200, 198]
    assert found["picture"][0, -1].tolist() == [51, 177, 143]  # 0.8 of the way to the green


def test_a_catalog_is_fetched_in_steps_into_a_file(tmp_path):
    box, days = [4.235, 43.3465, 4.239, 43.349], ("05-12", "06-05", "06-29", "07-12")
    days += ("08-03", "08-27", "09-12", "10-02")
    with stac_server.catalog() as small:
        for place, day in enumerate(days):
            image = np.full((64, 64), 0.01 * (place + 1))
            small.add(f"s{place}", f"2021-{day}T05:50:00Z", {"VH": image, "VV": 2 * image})
        endpoint = Endpoint("Small", small.url, "radar", trusted=True).to_dict()
        found = fetching.search(endpoint, box, 2021)
        assert found["counts"] == [1] * 8
        job = fetching.begin(endpoint, box, 2021, found, str(tmp_path / "job"))
        while job["state"] == "running":
            job = json.loads(json.dumps(fetching.advance(job)))
    path = fetching.finish(job, str(tmp_path))
    assert job["counts"] == [1] * 8
    assert [each.name for each in tmp_path.iterdir()] == [path.rsplit("/", 1)[1]]
    stack = own.of_place({"paths": [path], "name": "Fetched"})
    assert stack.quantity == "gamma0"
    assert list(stack.shape) == found["shape"]
    np.testing.assert_allclose(
        stack.values[0, :, 3, 3], 10 * np.log10(0.01 * np.arange(1, 9)), atol=1e-4
    )
    gone = {**found, "dates": [[], *found["dates"][1:]]}
    with pytest.raises(CropError, match="No image between 10-30 May"):
        fetching.begin(endpoint, box, 2021, gone, str(tmp_path / "other"))
