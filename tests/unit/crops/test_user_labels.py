"""Labels lie where their coordinates say, from rasters of codes and from drawn fields."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from raster_files import NORTH_UP, UTM, eight, scene, write
from rasterio import Affine
from rasterio.warp import transform_geom

from lab.crops.rasters import geotiff, vectors
from lab.crops.rasters.labels import labels_for, patches
from lab.crops.rasters.stacks import describe, open_stack
from lab.crops.stack import CropError, Period
from tests.conftest import SHARED_DATA

BELGIUM = SHARED_DATA / "crops" / "be_patch"
MONTHS = [Period((m, 1), (m, 28), "mean", "planting") for m in (11, 12, *range(1, 11))]


@pytest.fixture
def belgium():
    if not BELGIUM.exists():
        pytest.skip("needs shared/data/crops/be_patch beside the project")
    files = [BELGIUM / f"be_s1_{band}_db_monthly.tif" for band in ("vh", "vv")]
    return open_stack(files, periods=MONTHS, name="Belgium")


def test_the_belgian_pair_is_aligned_by_its_coordinates(belgium):
    assert belgium.bands == ("VH", "VV")
    assert belgium.quantity == "sigma0"
    assert belgium.shape == (100, 100)
    other = BELGIUM / "worldcereal_croptype_2020-11_2021-10.tif"
    found = describe(str(other))
    assert (found["bands"], found["height"], found["width"]) == (53, 101, 100)
    with pytest.raises(CropError, match="has 53 bands: choose the one"):
        labels_for(other, belgium)
    labelled = labels_for(other, belgium, band=4)
    with rasterio.open(other) as file:
        codes = file.read(4)
    # Its first row lies 20 m further north: two rows off, and one row is missing in the south.
    known = codes[2:].astype(float)
    known[known == 255] = np.nan
    names = {code: f"class {code:.0f}" for code in np.unique(known[np.isfinite(known)])}
    assert set(labelled.classes) == set(names.values())
    expected = np.full((100, 100), 255, np.uint8)
    for code, name in names.items():
        expected[:99][known == code] = labelled.classes.index(name)
    np.testing.assert_array_equal(labelled.labels, expected)
    assert len(np.unique(labelled.labels)) > 2
    assert (labelled.labels[99] == 255).all()


def test_probability_bands_are_no_labels_where_they_are_no_codes(tmp_path):
    values = np.random.default_rng(0).random((1, 24, 32)).astype(np.float32)
    with pytest.raises(CropError, match="measurements and no codes"):
        labels_for(write(tmp_path / "a.tif", values), scene())


def test_labels_of_finer_pixels_and_another_projection_take_the_nearest(tmp_path):
    codes = np.zeros((1, 60, 60))
    codes[:, :, 30:] = 3_301_010_100  # a code of EuroCrops does not fit into 32 bits
    fine = NORTH_UP @ Affine.scale(0.5)
    found = labels_for(write(tmp_path / "a.tif", codes, transform=fine), scene())
    assert found.classes == ("class 0", "class 3301010100")
    np.testing.assert_array_equal(found.labels[:, :15], 0)
    np.testing.assert_array_equal(found.labels[:, 15:30], 1)
    np.testing.assert_array_equal(found.labels[:, 30:], 255)
    assert found.parcels.max() == 2
    up = Affine(10, 0, 600_000, 0, 10, 4_500_000 - 240)
    rows = np.repeat(np.arange(24, dtype=np.uint8)[None, :, None], 32, 2)
    found = labels_for(write(tmp_path / "b.tif", rows, transform=up), scene())
    np.testing.assert_array_equal(found.labels[:, 0], np.arange(24)[::-1])


def test_the_labs_own_labels_keep_their_names(tmp_path):
    stack = scene()
    labels = np.random.default_rng(0).integers(1, 3, stack.shape).astype(np.uint8)
    stack = replace(stack, labels=labels, classes=("maize", "rice", "water"), targets=("rice",))
    path = geotiff.write_labels(stack, tmp_path / "l.tif")
    found = labels_for(path, scene())
    assert (found.classes, found.targets) == (stack.classes, ("rice",))
    np.testing.assert_array_equal(found.truth, stack.truth)


def test_patches_are_numbered_side_by_side():
    labels = np.array([[0, 0, 1], [1, 0, 1], [0, 255, 0]], np.uint8)
    found = patches(labels)
    assert len(np.unique(found)) == 1 + 5  # two of class 1, three of class 0, and none
    assert found[0, 0] == found[1, 1] != found[2, 0]
    assert found[2, 1] == 0


def square(column, row, side, name, crs="EPSG:4326", hole=None):
    """Return a feature over pixels of the scene, in degrees or another projection."""

    def ring(c, r, s):
        corners = [(c, r), (c + s, r), (c + s, r + s), (c, r + s), (c, r)]
        return [list(NORTH_UP @ corner) for corner in corners]

    rings = [ring(column, row, side)] + ([ring(*hole)] if hole else [])
    geometry = transform_geom(UTM, crs, {"type": "Polygon", "coordinates": rings})
    return {"type": "Feature", "properties": {"crop": name, "id": column}, "geometry": geometry}


def geojson(path, *features, **more):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return path


def test_drawn_fields_lie_on_the_pixels_they_were_drawn_on(tmp_path):
    fields = [square(4, 6, 10, "Rice (wet)", hole=(6, 8, 3)), square(20, 0, 5, "maize")]
    found = labels_for(geojson(tmp_path / "f.geojson", *fields), scene())
    expected = np.full((24, 32), 255)
    expected[6:16, 4:14] = 0
    expected[8:11, 6:9] = 255
    expected[0:5, 20:25] = 1
    np.testing.assert_array_equal(found.labels, expected)
    assert found.classes == ("Rice (wet)", "maize")
    assert found.targets == ("Rice (wet)",)
    np.testing.assert_array_equal(found.parcels, np.where(expected == 255, 0, expected + 1))


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::3035", "EPSG:3035"])
def test_a_crs_member_is_believed(tmp_path, name):
    crs = {"type": "name", "properties": {"name": name}}
    field = square(4, 6, 10, "rice", crs="EPSG:3035")
    found = labels_for(geojson(tmp_path / "f.json", field, crs=crs), scene())
    assert (found.labels[6:16, 4:14] == 0).mean() > 0.95
    assert (found.labels == 0).sum() == pytest.approx(100, abs=5)


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:9/x.wkt", "/etc/passwd", "+proj=utm +zone=31", "EPSG:999999", 7]
)
def test_no_projection_is_fetched(tmp_path, name):
    crs = {"type": "name", "properties": {"name": name}}
    with pytest.raises(CropError, match=r"projection of f\.json is not known"):
        labels_for(geojson(tmp_path / "f.json", square(4, 6, 10, "rice"), crs=crs), scene())


def test_the_property_that_names_the_crop(tmp_path):
    fields = [square(4, 6, 10, "rice"), square(20, 0, 5, "maize")]
    for i, field in enumerate(fields):
        field["properties"] = {"a": f"x{i}", "b": i, "c": None}
    path = geojson(tmp_path / "f.json", *fields)
    with pytest.raises(CropError, match=r"Choose the property .* 'a', 'b', 'c'"):
        labels_for(path, scene())
    assert labels_for(path, scene(), "b").classes == ("0", "1")
    with pytest.raises(CropError, match="has a property 'c'"):
        labels_for(path, scene(), "c")
    assert labels_for(path, scene(), "a", targets=["x1"]).targets == ("x1",)
    with pytest.raises(CropError, match="No field is called"):
        labels_for(path, scene(), "a", targets=["x2"])


BROKEN = {
    "no valid JSON": "{",
    "no GeoJSON": "[1]",
    "no list of features": '{"type": "FeatureCollection"}',
    "no polygons": '{"type": "Point", "coordinates": [3, 4]}',
    "feature 1 of .* is broken": '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}',
    "feature 1 of .* is broken: repair": '{"type": "Polygon", "coordinates": [[[0, NaN]]]}',
    "Feature 1 of .* is broken": '{"type": "FeatureCollection", "features": [3]}',
    "cannot be drawn|lie elsewhere": '{"type": "Polygon", "coordinates": '
    "[[[4e5, 5e6], [5e5, 5e6], [5e5, 6e6], [4e5, 5e6]]]}",
    "valid JSON:": "[" * 100_000,
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("says", BROKEN)
def test_broken_geojson_is_refused(tmp_path, says):
    path = tmp_path / "f.geojson"
    path.write_text(BROKEN[says])
    with pytest.raises(CropError, match=says):
        labels_for(path, scene())


def test_labels_elsewhere_and_scenes_without_a_place(tmp_path, monkeypatch):
    away = geojson(tmp_path / "f.json", square(400, 6, 10, "rice"))
    with pytest.raises(CropError, match="no pixel of the scene is inside one"):
        labels_for(away, scene())
    with pytest.raises(CropError, match="bring a scene with coordinates"):
        labels_for(away, scene(transform=None, crs=None))
    codes = np.ones((1, 5, 5), np.uint8)
    moved = write(tmp_path / "a.tif", codes, transform=NORTH_UP @ Affine.translation(50, 0))
    with pytest.raises(CropError, match=r"a\.tif lies elsewhere"):
        labels_for(moved, scene())
    unplaced = write(tmp_path / "b.tif", codes, transform=None, crs=None)
    with pytest.raises(CropError, match="does not say where it lies"):
        labels_for(unplaced, scene())
    empty = write(tmp_path / "c.tif", codes, nodata=1)
    with pytest.raises(CropError, match="no data where the scene lies"):
        labels_for(empty, scene())
    with pytest.raises(CropError, match="has 8 bands: choose"):
        labels_for(write(tmp_path / "d.tif", eight()), scene())
    monkeypatch.setattr(vectors, "LARGEST", 10)
    with pytest.raises(CropError, match="cut out the polygons"):
        labels_for(away, scene())
