"""What a student does in the lesson on attention over a picture, in a real browser."""

from __future__ import annotations

import io
import json
import re

import pytest
from PIL import Image

from tests.browser.conftest import SLOW, expect
from tests.browser.test_lesson import start
from tests.browser.test_translate import open_lesson, pictures

SMALL = "?models=vit:heads=2,width=16,batch=8;cnn:width=16,batch=8&budget=Steps&steps=40&scenes=300"


def lesson(page, server, query: str = "") -> None:
    open_lesson(page, server, query, "picture", "Attention over a picture")


def trained(page, server) -> None:
    lesson(page, server, SMALL)
    start(page)
    expect(page.get_by_text(re.compile(r"finished · step 40"))).to_have_count(2, timeout=SLOW)
    expect(page.get_by_text("the class token itself", exact=False)).to_be_visible(timeout=SLOW)


def test_a_click_on_a_patch_shows_what_it_looks_at(page, server):
    trained(page, server)
    drawn = pictures(page).nth(1)  # after the curves
    row = page.get_by_role("spinbutton", name="Row")
    for _ in range(6):  # the end of training draws the page anew, perhaps just then
        drawn.click(position={"x": 265, "y": 85})  # the last column
        try:
            expect(row).to_be_enabled(timeout=5_000)
            break
        except AssertionError:
            continue
    expect(page.get_by_role("spinbutton", name="Column")).to_have_value("6", timeout=SLOW)
    expect(page).to_have_url(re.compile(r"asks=A\+patch.*column=6"))
    row.fill("5")
    row.press("Enter")
    expect(page).to_have_url(re.compile("row=5"), timeout=SLOW)
    page.reload()
    expect(page.get_by_role("spinbutton", name="Row")).to_have_value("5", timeout=SLOW)
    expect(page.get_by_role("spinbutton", name="Column")).to_have_value("6")


def test_a_picture_is_uploaded_and_one_that_is_none_is_refused(page, server):
    trained(page, server)
    page.get_by_role("radio", name="Upload").click()
    expect(page.get_by_text("A PNG or JPEG of up to 5 MB")).to_be_visible(timeout=SLOW)
    stream = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 40, 40)).save(stream, "PNG")
    uploader = page.locator("[data-testid=stFileUploader] input[type=file]").first
    file = {"name": "mine.png", "mimeType": "image/png", "buffer": stream.getvalue()}
    uploader.set_input_files(file)
    expect(page.get_by_text("only ever seen drawn scenes", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("reduced from 200 to 48", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("the class token itself", exact=False)).to_be_visible(timeout=SLOW)
    uploader.set_input_files({**file, "buffer": b"GIF89a"})
    expect(page.get_by_text("This is no PNG or JPEG picture", exact=False)).to_be_visible(
        timeout=SLOW
    )


def test_a_network_is_saved_and_loaded_again(page, server, tmp_path):
    trained(page, server)
    page.get_by_role("tab", name="Save and load").click()
    files = []
    for what in ("weights", "settings and curves"):
        button = page.get_by_role("button", name=f"CNN with attention (width 16, batch 8): {what}")
        expect(button).to_be_enabled(timeout=SLOW)
        with page.expect_download() as download:
            button.click()
        files.append(tmp_path / download.value.suggested_filename)
        download.value.save_as(files[-1])
    assert json.loads(files[1].read_text())["settings"]["task"] == "vision"
    page.locator("[data-testid=stFileUploader] input[type=file]").last.set_input_files(files)
    load = page.get_by_role("button", name="Load", exact=True)
    expect(load).to_be_enabled(timeout=SLOW)
    load.click()
    expect(page.get_by_text("Loaded from a file.")).to_be_visible(timeout=SLOW)


PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(page, server):
    trained(page, server)
    expect(pictures(page).nth(4)).to_be_visible(timeout=SLOW)
    # A chart scrolls within itself; a slider's range is for screen readers, clipped to nothing.
    wide = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1 && e.closest('[role=tablist]') === null "
        "&& !e.closest('[data-testid=stCode]') && !e.closest('[data-testid=stVegaLiteChart]') "
        "&& e.type !== 'range').length"
    )
    assert wide == 0
