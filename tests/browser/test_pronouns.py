"""What a student does in the lesson "Whose pronoun?", in a real browser."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import SLOW, expect, idle
from tests.browser.test_lesson import start, status

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


def open_lesson(page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", name="Whose pronoun?", level=1)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)


def share(page, name: str):
    return page.get_by_role("spinbutton", name=name)


def in_link(page, name: str) -> str | None:
    return parse_qs(urlsplit(page.url).query).get(name, [None])[0]


def test_shares_are_set_guessed_about_trained_saved_and_found_again_by_the_link(page, server):
    open_lesson(page, f"{server.url}/pronouns?steps=200&share_cook=1000&share_pilot=20")
    expect(page.get_by_text("share_cook=1000", exact=False)).to_be_visible(timeout=SLOW)
    expect(share(page, "Cook")).to_have_value("50")
    expect(share(page, "Pilot")).to_have_value("20")
    page.get_by_role("button", name="60 against 40").click()
    expect(share(page, "Pilot")).to_have_value("60", timeout=SLOW)
    expect(page.get_by_text("share_cook=1000", exact=False)).to_have_count(0)
    expect(share(page, "Nurse")).to_have_value("60", timeout=SLOW)
    idle(page)
    share(page, "Nurse").fill("0")
    share(page, "Nurse").press("Enter")
    expect(page).to_have_url(re.compile("share_nurse=0"), timeout=SLOW)
    expect(page.get_by_text("60 % of the sentences with", exact=False)).to_be_visible(timeout=SLOW)
    start(page, "100 %")
    expect(status(page, "finished")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("points from the share", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("of 11 professions with mixed data", exact=False)).to_be_visible()
    expect(page.get_by_text(re.compile("^You guessed"))).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart]").first).to_be_visible()
    for button, ending in (("Chart (PNG)", "png"), ("Translator: weights", "safetensors")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert download.value.suggested_filename.endswith(ending)
        assert download.value.path().stat().st_size > 5_000
    assert in_link(page, "share_nurse") == "0"
    assert in_link(page, "guess") is None
    link = page.evaluate("location.href")
    said = page.get_by_text("points from the share", exact=False).inner_text()
    other = page.context.browser.new_context()
    again = other.new_page()
    open_lesson(again, link)
    expect(again.get_by_text(said)).to_be_visible(timeout=SLOW)
    again.get_by_text("Set other shares and train again").click()
    expect(share(again, "Nurse")).to_have_value("0", timeout=SLOW)
    expect(share(again, "Pilot")).to_have_value("60")
    other.close()


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_on_a_phone_nothing_is_cut(page, server):
    open_lesson(page, f"{server.url}/pronouns?steps=30&pairs_count=240")
    expect(share(page, "Mechanic")).to_be_visible(timeout=SLOW)
    apart = share(page, "Doctor").evaluate(
        "(one, other) => one.getBoundingClientRect().y - other.getBoundingClientRect().y",
        share(page, "Nurse").element_handle(),
    )
    assert apart == 0  # two fields abreast: twelve rows would be a page of their own
    start(page)
    expect(page.get_by_text("points from the share", exact=False)).to_be_visible(timeout=SLOW)
    tables = page.get_by_test_id("stDataFrame")
    expect(tables).to_have_count(2)
    wide = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1 && e.closest('[role=tablist]') === null "
        "&& !e.closest('[data-testid=stCode]') && !e.closest('[data-testid=stDataFrame]')).length"
    )
    assert wide == 0
    for place in range(2):  # the grid is a canvas: its columns fit when it need not scroll
        fits = tables.nth(place).evaluate(
            "e => { const s = e.querySelector('.dvn-scroller');"
            " return s !== null && s.scrollWidth <= s.clientWidth + 1; }"
        )
        assert fits
