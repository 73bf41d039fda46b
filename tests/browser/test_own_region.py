"""What a student does in the lesson "Your own region", in a real browser."""

from __future__ import annotations

import re

import pytest

from lab.crops import own
from lab.crops.scenes.regions import own as region
from tests.browser.conftest import SLOW, expect, start_server
from tests.unit.crops import stac_server

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}
RULE = "?model=Physics+rule&beside=nothing"


def open_lesson(page, server, query: str = RULE) -> None:
    page.goto(f"{server.url}/own-region{query}")
    title = page.get_by_role("heading", name="Your own region", level=1)
    expect(title).to_be_visible(timeout=SLOW)


def guess(page, what: str = "I would rather not guess") -> None:
    pill = page.get_by_role("radio", name=what)
    expect(pill).to_be_visible(timeout=SLOW)
    settled(page)
    pill.click()
    expect(page.get_by_text("Lines: mean over all pixels", exact=False)).to_be_visible(timeout=SLOW)


def settled(page) -> None:
    app = page.locator("[data-testid=stApp]")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=SLOW)


def iou(page) -> str:
    row = page.get_by_role("row", name=re.compile("^IoU"))
    expect(row).to_be_visible(timeout=SLOW)
    return row.inner_text()


def saved(page, name: str, folder):
    with page.expect_download(timeout=SLOW) as download:
        page.get_by_role("button", name=name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_our_file_is_moved_saved_and_brought_back(page, server, tmp_path):
    open_lesson(page, server, "?beside=nothing")  # the presets take the network tuned in Spain
    view = page.locator(".maps[data-ready]")
    expect(view).to_be_visible(timeout=SLOW)
    expect(view.get_by_role("radio", name="Prediction")).to_have_count(0)  # before the guess
    guess(page, "a third to two thirds")
    expect(view.get_by_role("radio", name="Prediction")).to_be_visible(timeout=SLOW)
    first = iou(page)
    page.get_by_role("button", name="3 weeks earlier").click()
    expect(page).to_have_url(re.compile("shift=-21"), timeout=SLOW)
    guess(page)
    expect(page.get_by_text("at −21 days", exact=False)).to_be_visible(timeout=SLOW)
    moved = iou(page)
    assert moved != first

    view.get_by_role("radio", name="Pixel").click()
    view.locator("canvas").first.click(position={"x": 300, "y": 200})
    expect(page).to_have_url(re.compile("marks=0p"), timeout=SLOW)
    place = page.get_by_role("button", name=re.compile("My region, pixel at"))
    expect(place).to_be_visible(timeout=SLOW)

    page.get_by_role("tab", name="Save").click()
    assert b"chosen" in saved(page, "Series (CSV)", tmp_path).read_bytes()
    scene = saved(page, "This scene", tmp_path)
    labels = saved(page, "Its labels", tmp_path)
    assert saved(page, "Map (GeoTIFF)", tmp_path).read_bytes()[:2] == b"II"

    page.get_by_role("radio", name="Upload").click()
    files = page.locator("[data-testid=stFileUploader] input[type=file]")
    expect(files).to_have_count(2, timeout=SLOW)
    page.get_by_role("tab", name="Maps and curves").click()
    settled(page)
    files.nth(0).set_input_files(scene)
    expect(page.get_by_text("1 file: 256 x 256 pixels", exact=False)).to_be_visible(timeout=SLOW)
    settled(page)
    files.nth(1).set_input_files(labels)
    expect(page.get_by_text("Which of these is the crop")).to_be_visible(timeout=SLOW)
    guess(page)
    assert iou(page) == moved
    third = page.get_by_text("of our file,", exact=False)
    expect(third).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_on_a_phone_a_wrong_file_is_refused(page, server):
    open_lesson(page, server, f"{RULE}&way=Upload")
    files = page.locator("[data-testid=stFileUploader] input[type=file]")
    expect(files).to_have_count(2, timeout=SLOW)
    settled(page)
    wrong = {"name": "<b>map.tif", "mimeType": "image/tiff", "buffer": b"<VRTDataset/>"}
    files.nth(0).set_input_files(wrong)
    said = page.get_by_text("<b>map.tif: This is no GeoTIFF", exact=False)
    expect(said).to_be_visible(timeout=SLOW)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["viewport"]["width"]
    page.get_by_role("button", name="Half steady").click()
    expect(page.locator(".maps[data-ready]")).to_be_visible(timeout=SLOW)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]


def test_a_catalog_and_a_folder_of_the_server(page, tmp_path):
    import numpy as np

    days = ("05-12", "06-05", "06-29", "07-12", "08-03", "08-27", "09-12", "10-02")
    home = tmp_path / "rasters"
    home.mkdir()
    place = {"region": region().to_json(), "seed": 0, "size": 64}
    (home / "delta.tif").write_bytes(own.scene_file(place))
    with stac_server.catalog() as small:
        for day in days:
            image = np.random.default_rng(0).uniform(0.005, 0.1, (64, 64))
            small.add(f"s{day}", f"2021-{day}T05:50:00Z", {"VH": image, "VV": image})
        server = start_server(
            tmp_path / "data",
            GLASSHOUSE_CATALOGS=f"Small={small.url}/static/catalog.json",
            GLASSHOUSE_RASTERS=str(home),
        )
        try:
            box = "west=4.235&south=43.3465&east=4.239&north=43.349"
            open_lesson(page, server, f"{RULE}&way=Catalog&catalog=Small&{box}")
            settled(page)
            page.get_by_role("button", name="Look what there is").click()
            fetch = page.get_by_role("button", name="Fetch the composites")
            expect(fetch).to_be_visible(timeout=SLOW)
            settled(page)
            fetch.click()
            expect(page.get_by_text("1, 1, 1, 1, 1, 1, 1, 1", exact=False)).to_be_visible(
                timeout=SLOW
            )
            guess(page)
            expect(page.get_by_text("Bring labels", exact=False)).to_be_visible()

            open_lesson(page, server, "?way=Server%27s+folder&beside=nothing&tab=Whole+scene")
            settled(page)
            page.get_by_role("button", name="Predict the whole scene").click()
            done = page.get_by_text("Done: delta, Network tuned in Spain", exact=False)
            expect(done).to_be_visible(timeout=SLOW)
            assert saved(page, "Map as GeoTIFF", tmp_path).read_bytes()[:2] == b"II"
        finally:
            page.close()
            server.stop()
