"""What a student does in the lesson on transfer between regions, in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import SLOW, expect
from tests.browser.test_lesson import start
from tests.browser.test_translate import open_lesson, pick

SMALL = "?models=last1:batch=1;last2:batch=1&budget=Steps&steps=10&shots=1"


def lesson(page, server, query: str = "") -> None:
    open_lesson(page, server, query, "transfer", "Transfer")


def told(page, text: str) -> None:
    expect(page.get_by_text(text, exact=False).first).to_be_visible(timeout=SLOW)


def test_a_preset_a_guess_training_and_the_table(page, server):
    lesson(page, server)
    told(page, "then the answer comes")  # the table would give it away
    page.get_by_role("button", name="Ten tiles are enough?").click(timeout=SLOW)
    expect(page).to_have_url(re.compile(r"models=RI%3BFT%3BFT_E\b.*shots=10"), timeout=SLOW)
    lesson(page, server, SMALL)  # the same with less to compute
    guess = "Last 2 layers (batch 1)"
    expect(page.get_by_role("radio", name=guess, exact=True)).to_be_visible(timeout=SLOW)
    start(page, guess)
    expect(page.get_by_text("finished · step 10")).to_have_count(2, timeout=3 * SLOW)
    told(page, "Highest test IoU")
    told(page, "Jo et al. 2022, Table 1")
    told(page, "Mean IoU of the test parts; in brackets")
    expect(page.locator("img[alt^='Map of the crop']")).to_have_count(3, timeout=SLOW)
    expect(page).to_have_url(re.compile("runs="))
    page.reload()
    expect(page.get_by_text("finished · step 10")).to_have_count(2, timeout=SLOW)
    told(page, "Highest test IoU")
    told(page, "Mean IoU of the test parts; in brackets")


def test_a_link_leads_to_the_network_and_a_number_is_read(page, server):
    lesson(page, server, "?tab=Network&size=The+paper%27s&features=VH%2BVV")
    told(page, "4,220,145")
    told(page, "Two channels from one (Eq. 3).")
    drawing = page.locator("[data-testid=stVegaLiteChart]").first
    expect(drawing).to_be_visible(timeout=SLOW)
    named = page.locator("[aria-label*='Recurrent U-Net. In: 8 × 2 × 256 × 256']")
    expect(named).not_to_have_count(0)
    page.get_by_role("tab", name="Read the table").click()
    told(page, "Of which model is it?")
    said = page.get_by_text("Of which model is it?", exact=False).first.inner_text()
    tuned, tested = (
        re.search(rf"{what}: (Spain|France|The Netherlands)", said)[1]
        for what in ("fine-tuning", "test")
    )
    before = "Korea" if "row FT" in said else "Nowhere"
    crop = "Barley" if tested == "The Netherlands" else "Rice"
    for label, answer in (
        ("Pre-trained in", before),
        ("Tuned (or trained) in", tuned),
        ("Tested in", tested),
        ("Crop", crop),
    ):
        pick(page, label, page.get_by_role("option", name=answer, exact=True))
    told(page, "Read right.")
    told(page, "1 read right.")


PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
_WIDE = (
    "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
    "e.getBoundingClientRect().right > innerWidth + 1 && e.closest('[role=tablist]') === null "
    "&& !e.closest('[data-testid=stCode]') && !e.closest('[data-testid=stVegaLiteChart]') "
    "&& !e.closest('[data-testid=stTable]') "
    "&& !e.closest('[data-testid=stButtonGroup]') && e.type !== 'range').length"
)


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(page, server):
    lesson(page, server, SMALL)
    skip = page.get_by_role("radio", name="I would rather not guess")
    expect(skip).to_be_visible(timeout=SLOW)
    start(page)
    expect(page.get_by_text("finished · step 10")).to_have_count(2, timeout=3 * SLOW)
    told(page, "Mean IoU of the test parts; in brackets")
    assert page.evaluate(_WIDE) == 0
    page.get_by_role("tab", name="Network").click()
    told(page, "Two channels from one (Eq. 3).")
    assert page.evaluate(_WIDE) == 0
    chart = page.locator("[data-testid=stVegaLiteChart]").last
    expect(chart).to_be_visible(timeout=SLOW)
    assert page.locator("[data-testid=stVegaLiteChart]").evaluate_all(
        "all => all.every(e => e.scrollWidth <= e.clientWidth + 1)"
    )
