"""What a student does in the lesson on fine-tuning a classifier, in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import SLOW, expect
from tests.browser.test_lesson import start
from tests.browser.test_translate import open_lesson

SMALL = "?models=frozen:batch=2;frozen:pool=cls,batch=2&budget=Steps&steps=10&examples=20"
TABLE = "\n".join(f"{'a fine' if n % 2 else 'no'} day {n};{'ja' if n % 2 else '<i>nein</i>'}"
                  for n in range(60))  # fmt: skip


def lesson(page, server, query: str = "") -> None:
    open_lesson(page, server, query, "verdict", "Fine-tune a classifier")


def told(page, text: str) -> None:
    expect(page.get_by_text(text, exact=False).first).to_be_visible(timeout=SLOW)


def test_from_a_guess_to_mistakes(page, server):
    lesson(page, server, SMALL)
    start(page)
    expect(page.get_by_text("finished · step 10")).to_have_count(2, timeout=SLOW)
    told(page, "Each word is left out in turn")
    field = page.get_by_role("textbox", name="A sentence of yours")
    field.fill("A splendid <b>evening</b>")
    field.press("Enter")
    expect(page).to_have_url(re.compile("sentence=A\\+splendid"), timeout=SLOW)
    told(page, "Each word is left out in turn")
    page.get_by_role("tab", name="Mistakes").click()
    told(page, "gives the least probability")
    expect(page).to_have_url(re.compile("tab=Mistakes"))
    page.reload()
    told(page, "gives the least probability")


def test_a_table_of_ones_own(page, server):
    lesson(page, server, SMALL)
    page.get_by_role("button", name="Your own table").click()
    told(page, "not part of the link")
    uploader = page.locator("[data-testid=stFileUploader] input[type=file]").first
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": b"no table at all\n" * 50}
    uploader.set_input_files(file)
    told(page, "This file is no table")
    uploader.set_input_files({**file, "buffer": TABLE.encode()})
    told(page, "<i>nein</i>")
    expect(page.get_by_text("48", exact=True).first).to_be_visible(timeout=SLOW)


PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(page, server):
    lesson(page, server, SMALL)
    start(page)
    expect(page.get_by_text("finished · step 10")).to_have_count(2, timeout=SLOW)
    told(page, "Each word is left out in turn")
    wide = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1 && e.closest('[role=tablist]') === null "
        "&& !e.closest('[data-testid=stCode]') && !e.closest('[data-testid=stVegaLiteChart]') "
        "&& !e.closest('[data-testid=stButtonGroup]') && e.type !== 'range').length"
    )
    assert wide == 0
