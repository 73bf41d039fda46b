"""Where a student's rasters are kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from lab.crops.rasters.names import band_in, day_in
from lab.crops.stack import CropError
from lab.lesson.own_region import files
from lab.lesson.own_region.questions import named

TIFF = b"II*\0" + b"x" * 100


def test_uploads_are_named_by_their_content(tmp_path):
    path = files.keep(TIFF, tmp_path)
    assert files.keep(TIFF, tmp_path) == path
    assert len(list(tmp_path.iterdir())) == 1
    assert path.endswith(".tif")
    assert files.keep(b'\xef\xbb\xbf {"type": 1}', tmp_path, labels=True).endswith(".geojson")
    for data, labels, said in (
        (b"<VRTDataset>", False, "no GeoTIFF: choose"),
        (b'{"type": 1}', False, "no GeoTIFF: choose"),
        (b"%PDF", True, "no GeoTIFF and no GeoJSON"),
        (TIFF + bytes(files.LABELS_LARGEST), True, "up to 10 MB"),
    ):
        with pytest.raises(CropError, match=said):
            files.keep(data, tmp_path, labels)


def test_what_was_used_longest_ago_makes_room(tmp_path):
    for age, name in enumerate(("old.tif", "job", "new.tif")):
        path = tmp_path / name
        if name == "job":
            path.mkdir()
            (path / "part.tif").write_bytes(bytes(100))
        else:
            path.write_bytes(bytes(100))
        os.utime(path, (1000 + age, 1000 + age))
    files.make_room(tmp_path, needed=0, most=300)
    assert len(list(tmp_path.iterdir())) == 3
    files.make_room(tmp_path, needed=150, most=300)
    assert [each.name for each in tmp_path.iterdir()] == ["new.tif"]


def test_the_folder_of_the_server(tmp_path):
    dates = tmp_path / "dates"
    dates.mkdir()
    for name in ("b.tif", "a.TIF", "labels.tif", ".hidden.tif", "notes.txt", "fields.geojson"):
        (dates / name).write_bytes(TIFF)
        (tmp_path / name).write_bytes(TIFF)
    (tmp_path / "empty").mkdir()
    found = files.offered({"GLASSHOUSE_RASTERS": str(tmp_path)})
    assert list(found) == ["a.TIF", "b.tif", "dates"]
    assert [path.rsplit("/", 1)[1] for path in found["dates"].paths] == ["a.TIF", "b.tif"]
    assert list(found["dates"].labels) == ["fields.geojson", "labels.tif"]
    assert files.offered({}) == {}
    assert files.offered({"GLASSHOUSE_RASTERS": str(tmp_path / "none")}) == {}


def test_sentences_call_files_as_they_came():
    said = named("0123.tif is damaged.", {"/data/rasters/0123.tif": "my fields.tif"})
    assert said == "my fields.tif is damaged."


def test_of_a_files_name_only_its_date_band_and_quantity_are_kept(tmp_path):
    path = Path(files.keep(TIFF, tmp_path, name="../../S1A_VH_gamma0_20210510T1755 <b>.tif"))
    assert path.parent == tmp_path
    assert re.fullmatch(r"[a-p]{20}-2021-05-10-VH-gamma0\.tif", path.name)
    bare = Path(files.keep(TIFF, tmp_path, name="field.tif"))
    assert re.fullmatch(r"[a-p]{20}\.tif", bare.name)
    assert day_in(path.name).isoformat() == "2021-05-10"
    assert band_in(path.stem) == "VH"
