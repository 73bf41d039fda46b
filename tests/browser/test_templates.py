"""What a student does in the lesson "Templates decide", in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.browser.conftest import SLOW, expect, idle

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


def open_lesson(page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", name="Templates decide", level=1)).to_be_visible(
        timeout=SLOW
    )
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)
    idle(page)


def tab(page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    idle(page)


def test_a_guess_a_sentence_of_ones_own_the_places_and_the_link(page, server, tmp_path):
    open_lesson(page, f"{server.url}/templates")
    expect(page.get_by_text("Guess above", exact=False)).to_be_visible()
    page.get_by_role("button", name="Career and family").click()
    expect(page.get_by_role("textbox", name="First targets")).to_have_value("he", timeout=SLOW)
    idle(page)
    page.get_by_role("radio", name="No, it turns in at least one").click()
    outcome = page.get_by_text("Kurita's record of bert-base: one sign in all", exact=False)
    expect(outcome).to_be_visible(timeout=SLOW)
    expect(outcome).to_contain_text(re.compile("masked model: .*d from [+−]"))
    idle(page)
    field = page.get_by_role("textbox", name=re.compile("^Sentences, one a line"))
    field.fill(
        "[T] likes [A].\n[T] like [A]. | boys, men | girls, women\n[T] has [A].\n[T] met [A]."
    )
    field.press("Control+Enter")
    expect(page.get_by_text("as long as nothing in them is changed", exact=False)).to_be_visible(
        timeout=SLOW
    )
    idle(page)
    page.get_by_role("radio", name="the paper's way").click()
    expect(page).to_have_url(re.compile("prior=the"), timeout=SLOW)
    idle(page)
    both = page.get_by_text("d over rows", exact=False)  # an exercise names the way too
    expect(both.filter(has_text="the paper's way,")).to_be_visible(timeout=SLOW)
    tab(page, "What was read")
    expect(page.get_by_text("and not a blank", exact=False)).to_be_visible(timeout=SLOW)
    tab(page, "Save and code")
    with page.expect_download() as download:
        page.get_by_role("button", name="Everything (JSON)").click()
    saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert saved["prior"] == saved["models"][0]["prior"] == "paper"
    assert [t["text"] for t in saved["templates"]][2] == "{target} has {attribute}."
    with page.expect_download() as download:
        page.get_by_role("button", name="Effect sizes (PNG)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    link = page.evaluate("location.href")  # page.url hears late of what a page writes there
    other = page.context.browser.new_context()
    again = other.new_page()
    open_lesson(again, link)
    expect(again.get_by_role("textbox", name="First targets")).to_have_value("he")
    again.get_by_role("radio", name="I would rather not guess").click()  # not told by the link
    expect(again.get_by_test_id("stCode")).to_contain_text("prior='paper'", timeout=SLOW)
    other.close()


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_on_a_phone_nothing_is_cut(page, server):
    skip = "I would rather not guess"
    open_lesson(page, f"{server.url}/templates?guess={skip}&tab=Words")
    expect(page.get_by_text("words have both signs", exact=False)).to_be_visible(timeout=SLOW)
    for name in ("Sentences", "Words"):
        tab(page, name)
        wide = page.evaluate(
            "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
            "e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('[role=tablist]')"
            " && !e.closest('[data-testid=stDataFrame]')"
            " && !e.closest('[data-testid=stMultiSelect]')).length"
        )
        assert wide == 0
