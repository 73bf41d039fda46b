"""What a student does in the lesson "Measuring association", in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.conftest import SLOW, expect, idle

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
VECTORS = {
    "rose": "3 4 0",
    "lily": "4 1 0",
    "daisy": "5 1 1",
    "tulip": "6 1 0",
    "ant": "1 3 0",
    "spider": "0 1 0",
    "moth": "1 4 1",
    "love": "1 0 0",
    "peace": "1 0 0.2",
    "abuse": "0 1 0",
    "murder": "0 1 0.1",
}
LINK = "association?tab=2.+The+same+for+word+vectors"
MATH = "WEAT+7%3A+Math+and+arts%2C+male+and+female"


def settled(page) -> None:
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)
    idle(page)


def charts(page):
    return page.locator("[data-testid=stVegaLiteChart]:visible")


def test_flowers_are_guessed_about_seen_read_and_taken_home(page, server):
    page.goto(f"{server.url}/association")
    settled(page)
    page.get_by_role("tab", name="2. The same for word vectors").click()
    expect(page.get_by_text("Guess first", exact=False)).to_be_visible(timeout=SLOW)
    expect(charts(page)).to_have_count(0)
    page.get_by_role("radio", name="Flowers, more than chance").click()
    expect(page.get_by_text("You guessed it.", exact=False)).to_be_visible(timeout=SLOW)
    expect(charts(page)).to_have_count(2, timeout=SLOW)
    expect(page.get_by_text("+1.539").first).to_be_visible()
    page.get_by_role("radio", name="Save and code").click()
    for name, start in (("Scores (CSV)", b"vectors,word"), ("Words (PNG)", b"\x89PNG")):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert download.value.path().read_bytes().startswith(start)
    with page.expect_download() as download:
        page.get_by_role("button", name="Chance (SVG)").click()
    assert b"observed S" in download.value.path().read_bytes()


def test_one_model_turns_its_sign_and_a_file_of_vectors_is_read(page, server, tmp_path):
    model = "model%3AGlasshouse%27s+own+masked+model"
    given = f"guess=weat7.skip&test={MATH}&vectors={model}&look=Side+by+side"
    page.goto(f"{server.url}/{LINK}&{given}")
    settled(page)
    expect(charts(page)).to_have_count(3, timeout=SLOW)
    expect(page.get_by_text("this is no ranking", exact=False)).to_be_visible()
    settled(page)
    page.get_by_role("button", name="My own words").click()
    # The guess about math stands there, in the same words, until the page is drawn anew.
    expect(page.get_by_role("textbox", name="X: targets")).to_be_visible(timeout=SLOW)
    settled(page)
    expect(page.get_by_role("radio", name="I would rather not guess")).not_to_be_checked()
    page.get_by_role("radio", name="I would rather not guess").click()
    expect(charts(page).first).to_be_visible(timeout=SLOW)
    settled(page)
    vectors = page.get_by_role("combobox", name="Vectors")
    vectors.scroll_into_view_if_needed()  # a list that is open closes when the page scrolls
    vectors.click()
    page.get_by_role("option", name="Upload a file of word vectors").click()
    expect(page.get_by_text("only the words of the lists are read", exact=False)).to_be_visible(
        timeout=SLOW
    )
    settled(page)
    upload = page.locator("input[type=file]").last
    damaged = tmp_path / "<b>damaged.txt"
    damaged.write_text("these are no vectors\n")
    upload.set_input_files(damaged)
    expect(page.get_by_text("is no file of word vectors", exact=False)).to_be_visible(timeout=SLOW)
    file = tmp_path / "mine.txt"
    file.write_text("".join(f"{word} {numbers}\n" for word, numbers in VECTORS.items()))
    page.locator("input[type=file]").last.set_input_files(file)
    expect(page.get_by_text("Left out, for they have no vector", exact=False)).to_be_visible(
        timeout=SLOW
    )
    expect(charts(page).first).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_a_link_opens_on_a_phone_with_a_word_left_out(page, server):
    page.goto(f"{server.url}/{LINK}&guess=weat7.x&test={MATH}&out=woman&look=Without+one+word")
    settled(page)
    expect(charts(page)).to_have_count(3, timeout=SLOW)
    expect(page.get_by_text("You guessed Math", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Without “woman” p is 0.102.", exact=False)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
