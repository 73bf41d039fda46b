"""What a student does in the lesson "How BERT learns", in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import SLOW, expect, idle
from tests.browser.test_translate import open_lesson, pictures

TINY = "models=random:layers=1,width=16,heads=2,batch=128&text=The+garden+almanac&vocabulary=500"


def lesson(page, server, query: str = "") -> None:
    open_lesson(page, server, query, "bert", "How BERT learns")


def settled(page) -> None:
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)
    idle(page)


def guess(page, answer: str = "I would rather not guess") -> None:
    radio = page.get_by_role("radio", name=answer, exact=True)  # of the open tab: others are hidden
    expect(radio).to_be_visible(timeout=SLOW)
    radio.click()


def test_the_tasks_are_drawn_again_and_the_link_holds_them(page, server):
    lesson(page, server)
    expect(page.get_by_text("then the four tasks appear", exact=False)).to_be_visible(timeout=SLOW)
    guess(page, "3 and 26")
    expect(page.get_by_text("You guessed it.", exact=False)).to_be_visible(timeout=SLOW)
    spans = page.get_by_text(re.compile("^Writes:")).first  # the old one may stand for a moment
    before = spans.inner_text()
    page.get_by_role("button", name="Draw again").click()
    expect(spans).not_to_have_text(before, timeout=SLOW)
    expect(page).to_have_url(re.compile("draw=4"))
    after = spans.inner_text()
    page.reload()
    guess(page)
    expect(spans).to_have_text(after, timeout=SLOW)


def test_a_run_is_watched_asked_and_found_again(page, server):
    lesson(page, server, f"?tab=Train+it&budget=Steps&steps=30&{TINY}")
    guess(page)
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_enabled(timeout=SLOW)
    train.click()
    expect(page.get_by_text("finished · step 30")).to_be_visible(timeout=SLOW)
    expect(pictures(page).nth(2)).to_be_visible(timeout=SLOW)  # loss, bars, words
    expect(page.get_by_role("emphasis").filter(has_text="Sun until noon").first).to_be_visible()
    page.reload()  # a link to an ended run; and the end of a run draws the page once more
    settled(page)
    probe = page.get_by_role("textbox", name="The sentence that is asked along the run")
    probe.fill("The wind is [MASK].")
    probe.press("Enter")
    expect(page.get_by_text("guesses of its last weights", exact=False)).to_be_visible(timeout=SLOW)
    expect(page).to_have_url(re.compile("probe=The"), timeout=SLOW)
    link = page.get_by_role("link", name="From random", exact=False)
    expect(link).to_have_attribute("href", re.compile(r"fill\?models=run%3A"))
    page.get_by_role("tab", name="Save and load").click()
    button = page.get_by_role("button", name="Metrics (CSV)")
    with page.expect_download() as download:
        button.click()
    assert "top1" in download.value.path().read_text()


PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_the_projects_own_training_on_a_phone(page, server):
    lesson(page, server, "?tab=The+project%27s+own")
    expect(pictures(page).nth(2)).to_be_visible(timeout=SLOW)
    with page.expect_download() as download:
        page.get_by_role("button", name="Figures (CSV)").click()
    assert download.value.path().read_text().startswith("tokens_read,loss,men,text,")
    # A chart scrolls within itself; a slider's range is for screen readers, clipped to nothing.
    wide = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1 && e.closest('[role=tablist]') === null "
        "&& !e.closest('[data-testid=stCode]') && !e.closest('[data-testid=stVegaLiteChart]') "
        "&& e.type !== 'range').length"
    )
    assert wide == 0
