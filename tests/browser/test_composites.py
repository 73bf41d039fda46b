"""What a student does in the lesson "The same field, twice", in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import SLOW, expect
from tests.browser.test_translate import open_lesson


def lesson(page, server, query: str = "") -> None:
    open_lesson(page, server, query, "composites", "The same field, twice")


def told(page, text: str) -> None:
    expect(page.get_by_text(text, exact=False).first).to_be_visible(timeout=SLOW)


def charts(page, count: int) -> None:
    drawn = page.locator("[data-testid=stVegaLiteChart]").locator("canvas, svg")
    expect(drawn).to_have_count(count, timeout=SLOW)


def test_from_a_guess_to_a_curve_its_bias_and_a_map(page, server):
    lesson(page, server)
    told(page, "then the answer comes")
    page.get_by_role("radio", name="Down").click()
    told(page, "You guessed it. From two to six it moved by −")
    charts(page, 1)
    expect(
        page.locator("[data-testid=stImage] img, [data-testid=stImageContainer] img")
    ).to_have_count(3)
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowLeft")
    told(page, "1 acquisition,")
    expect(page).to_have_url(re.compile("passes=1"), timeout=SLOW)
    page.get_by_role("button", name="Trees stand still").click()
    told(page, "Points: measured on all fields")
    expect(page).to_have_url(re.compile("grown=trees"), timeout=SLOW)
    page.get_by_role("button", name="A rule of 5 dB").click()
    told(page, "The IoU of this map")
    page.get_by_role("radio", name="Falls", exact=True).click()
    told(page, "You guessed it. The IoU fell")
    page.reload()
    told(page, "You guessed it. The IoU fell")
    page.locator("[data-testid=stCheckbox] label").filter(has_text="All composites").click()
    told(page, "All by mean: IoU")
    page.get_by_role("tab", name="Save and code").click()
    with page.expect_download(timeout=SLOW) as got:
        page.get_by_role("button", name="Curve (PNG)").click()
    with open(got.value.path(), "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    with page.expect_download(timeout=SLOW) as got:
        page.get_by_role("button", name="IoU (CSV)").click()
    with open(got.value.path(), encoding="utf-8") as file:
        assert file.readline().startswith("data,region,seed,way,count,iou")


PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(page, server):
    lesson(page, server, "?guess=Up&seed=3&region=Spain")
    told(page, "from the truth at 6 acquisitions")
    charts(page, 1)
    for tab, text in (("The curve", "from the truth"), ("The bias", "Points: measured")):
        page.get_by_role("tab", name=tab).click()
        told(page, text)
        wide = page.evaluate(
            "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
            "e.getBoundingClientRect().right > innerWidth + 1 "
            "&& e.closest('[role=tablist]') === null && !e.closest('[data-testid=stVegaLiteChart]')"
            "&& !e.closest('[data-testid=stDataFrame]') "
            "&& !e.closest('[data-testid=stButtonGroup]') && e.type !== 'range').length"
        )
        assert wide == 0
