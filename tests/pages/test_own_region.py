"""The lesson "Your own region", by its controls: our file, an upload, the folder, a catalog."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import numpy as np
import pytest

from lab.crops import own
from lab.crops.scenes.regions import own as recipe
from lab.lesson.kit import chain
from lab.lesson.kit.question import SKIP
from lab.lesson.own_region import curves, our_file, region, sides
from lab.lesson.transfer.catalogue import TARGETS
from tests.pages.conftest import PATIENCE
from tests.pages.test_caption import markdown
from tests.pages.test_language_model import button, choose, sentences
from tests.unit.crops import stac_server
from tests.unit.crops.raster_files import write

RULE = {"model": "Physics rule", "beside": "nothing"}
SIDE = 64
BOX = {"west": "4.235", "south": "43.3465", "east": "4.239", "north": "43.349"}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    for module in (our_file, sides):
        monkeypatch.setattr(module, "SIZE", SIDE)


@pytest.fixture
def ours() -> tuple[bytes, bytes]:
    place = {"region": recipe().to_json(), "seed": 0, "size": SIDE}
    return own.scene_file(place), own.labels_file(place)


def guess(app, what: str = SKIP):
    return choose(app, "guess_pills", what).run()


def ended(kind: str) -> chain.Chain:
    found = next(each for (_, name), each in chain.chains()._chains.items() if name == kind)
    assert found.ended.wait(PATIENCE)
    return found


def judged(app) -> str:
    return next((line for line in markdown(app).split("\n") if line.startswith("| IoU")), "")


def test_a_file_of_ours_is_guessed_judged_and_moved(open_page):
    wrong = {"way": "<b>", "shift": "nan", "marks": "0p9,999;<i>", "maps": "{", "band": "XX"}
    app = open_page("own_region", **RULE, **wrong)
    assert not app.exception
    assert "lie outside the scenes" in markdown(app)
    assert "**synthetic**" in markdown(app)
    assert not judged(app)  # before a guess
    app = guess(app, curves.HALF)
    assert not app.exception
    assert "You guessed" in sentences(app)
    assert "guess" not in app.query_params
    link = choose(app, "guess_pills-share", True).run().query_params["guess"]
    link = link if isinstance(link, str) else link[0]
    assert link.endswith(f":{curves.HALF}")
    again = open_page("own_region", guess=link, **RULE)  # another browser
    assert "You guessed" in sentences(again)
    assert judged(again)
    assert "(recall)" in sentences(app)
    first = judged(app)
    code = next(each.value for each in app.code if "of_stack" in each.value)
    assert "own(shift=0.0" in code
    app = choose(app, "shift", -45).run()
    assert not judged(app)  # another place is another guess
    app = guess(app)
    assert judged(app) != first
    assert "at 0 days" in markdown(app)
    door = re.search(r"\(transfer\?target=([^&]+)&shift=(-?\d+)", markdown(app))
    assert unquote_plus(door[1]) in TARGETS
    assert door[2] == "-30"  # as far as that lesson goes
    button(app, "Half steady").click().run()
    assert app.slider(key="steady").value == 50
    assert app.slider(key="shift").value == 0
    assert app.selectbox(key="model").value == region.SPANISH


@pytest.mark.parametrize("value", ["inf", "1e400", "nan", "1" + "0" * 30])
def test_numbers_of_a_link_that_are_none_are_left_out(open_page, value):
    wrong = dict.fromkeys(("seed", "acquisitions", "shift", "parcel"), value)
    app = open_page("own_region", rice="40", **wrong, **RULE)
    assert not app.exception
    assert f"seed={value}" in sentences(app).replace("\\", "")
    assert app.get_by_key("rice").value == 40
    assert app.get_by_key("acquisitions").value == 3
    app = open_page("own_region", way="Catalog", year=value, west=value, **RULE)
    assert not app.exception
    assert app.get_by_key("year").value == 2021


def test_a_worker_that_is_busy_leaves_the_controls(open_page, monkeypatch):
    monkeypatch.setattr("lab.lesson.kit.ask.PATIENCE", 0.0)
    app = open_page("own_region", **RULE)
    assert not app.exception
    assert "your answer comes by itself" in markdown(app)
    assert app.get_by_key("shift").value == 0
    assert not app.get("arrow_data_frame")


def test_an_upload_is_judged_by_its_labels_and_refused_by_a_sentence(open_page, ours):
    app = open_page("own_region", way="Upload", **RULE)
    assert "cannot stand in the link" in markdown(app)
    scenes, truth = app.file_uploader(key="own-scenes"), app.file_uploader(key="own-labels")
    scenes.upload("<b>*mine*.tif", b"<VRTDataset>", "image/tiff").run()
    assert r"\<b\>\*mine\*\.tif: This is no GeoTIFF" in sentences(app)
    scenes = app.file_uploader(key="own-scenes")
    scenes.set_value([("mine.tif", ours[0], "image/tiff")]).run()
    assert not app.exception
    assert "nothing says whether the map is right" in markdown(app)
    app = guess(app)
    assert "of the land with data rice" in sentences(app)
    assert "Bring labels" in markdown(app)
    truth = app.file_uploader(key="own-labels")
    truth.upload("wrong.geojson", b'{"type": "FeatureCollection"', "text/plain").run()
    assert "wrong.geojson" in sentences(app).replace("\\", "")
    assert "nothing says whether" in markdown(app)  # the map is still there
    app.file_uploader(key="own-labels").upload("l.tif", ours[1], "image/tiff").run()
    app = guess(app)
    assert judged(app)
    code = next(each.value for each in app.code if "of_stack" in each.value)
    assert 'open_stack(["my-region.tif"])' in code
    choose(app, "way", "A file of ours").run()
    app = guess(app)
    assert "IoU 0" in markdown(app)
    assert ":green[:material/check_circle:] **3.**" in markdown(app)


def test_labels_among_the_scenes_and_a_damaged_file_are_told(open_page, ours):
    app = open_page("own_region", way="Upload", **RULE)
    both = [("a-classes.tif", ours[1], "image/tiff"), ("mine.tif", ours[0], "image/tiff")]
    app.file_uploader(key="own-scenes").set_value(both).run()
    assert not app.exception
    assert "are these labels? Put the file into the right box" in sentences(app)
    assert "mine: 64 x 64 pixels" in markdown(app)
    app.file_uploader(key="own-scenes").set_value([both[0]]).run()
    assert "are these labels?" in sentences(app)
    bad = bytearray(ours[0])
    bad[len(bad) // 3 : -200] = b"x" * (len(bad) - 200 - len(bad) // 3)
    app.file_uploader(key="own-scenes").set_value([("corrupt.tif", bytes(bad), "")]).run()
    assert not app.exception
    said = sentences(app).replace("\\", "")
    assert said.count("corrupt.tif") == 1
    assert "corrupt.tif is damaged" in said
    assert not re.search("[0-9a-f]{20}", said)
    assert not any(each.label == "Unit" for each in app.selectbox)


def test_a_season_that_is_not_filled_is_told_once(open_page, tmp_path):
    days = [f"2021-{month:02}-15" for month in range(1, 5)]
    tags = {"polarisation": "VH", "quantity": "sigma0", "units": "dB"}
    values = np.full((4, 16, 16), -15, np.float32)
    path = write(tmp_path / "a.tif", values, descriptions=days, tags=tags)
    truth = b'{"type": "FeatureCollection", "features": []}'
    app = open_page("own_region", way="Upload", **RULE)
    app.file_uploader(key="own-scenes").set_value([("x.tif", path.read_bytes(), "")]).run()
    app.file_uploader(key="own-labels").upload("l.geojson", truth, "text/plain").run()
    assert sentences(app).count("No image falls into") == 1


def test_the_folder_of_the_server_and_a_whole_scene(open_page, ours, tmp_path, monkeypatch):
    app = open_page("own_region", way="Server's folder", **RULE)
    assert "offers no rasters" in sentences(app)
    home = tmp_path / "rasters-of-the-server"
    home.mkdir()
    (home / "delta.tif").write_bytes(ours[0])
    (home / "labels-delta.tif").write_bytes(ours[1])
    monkeypatch.setenv("GLASSHOUSE_RASTERS", str(home))
    app.run()
    choose(app, "labels", "labels-delta.tif").run()
    app = guess(app)
    assert judged(app)
    choose(app, "model", "Network from Korea").run()
    button(app, "Predict the whole scene").click().run()
    found = ended("whole")
    assert found.state == chain.FINISHED, found.message
    app.run()
    assert "Done: delta, Network from Korea. 64 x 64 pixels" in markdown(app)
    assert "said to be rice" in markdown(app)


def test_a_catalog_is_looked_at_fetched_and_named_when_it_is_down(open_page, monkeypatch):
    days = ("05-12", "06-05", "06-29", "07-12", "08-03", "08-27", "09-12", "10-02", "10-14")
    with stac_server.catalog() as catalog:
        for day in days:
            image = np.full((64, 64), 0.02)
            catalog.add(f"s{day}", f"2021-{day}T05:50:00Z", {"VH": image, "VV": image})
        monkeypatch.setenv("GLASSHOUSE_CATALOGS", f"Small={catalog.static}")
        app = open_page("own_region", way="Catalog", catalog="Small", **BOX, **RULE)
        button(app, "Look what there is").click().run()
        ended("look")
        app.run()
        assert "1 to 2 acquisitions" in markdown(app)
        catalog.answers = {"/files/s07-12_vh.tif": [-404]}
        button(app, "Fetch the composites").click().run()
        assert "No image of 11-30 Jul could be used" in ended("fetch").message
        app.run()
        assert "its file is missing" in sentences(app).replace("\\", "")
        catalog.answers = {}
        button(app, "Fetch the composites").click().run()
        assert ended("fetch").state == chain.FINISHED
        app.run()
        assert not app.exception
        assert "1, 1, 1, 1, 1, 1, 1, 2" in markdown(app)
        assert "This is gamma0" in markdown(app)
        catalog.answers = {"/static/catalog.json": [-504]}
        button(app, "Look what there is").click().run()
        ended("look")
        app.run()
        assert "it answers 504" in sentences(app)
        assert "1, 1, 1, 1, 1, 1, 1, 2" in markdown(app)  # what was fetched is not lost
        choose(app, "catalog", "Another address").run()
        choose(app, "stac", "file:///etc").run()
        assert "begins with https" in sentences(app)
        assert "1, 1, 1, 1, 1, 1, 1, 2" in markdown(app)
