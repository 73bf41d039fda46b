"""What a student does in the lessons on translation and captions, in a real browser."""

from __future__ import annotations

import json
import re

import pytest

from tests.browser.conftest import SLOW, expect
from tests.browser.test_lesson import start, status

SMALL = "gru:score=none,width=32;gru:width=48"


def open_lesson(page, server, query: str = "", path: str = "translate", name: str = "Translate"):
    page.goto(f"{server.url}/{path}{query}")
    expect(page.get_by_role("heading", name=re.compile(name), level=1)).to_be_visible(timeout=SLOW)


def pick(page, label: str, option) -> str:
    """Open a select box and take an option; a rerun of the page meanwhile closes the list."""
    box = page.get_by_role("combobox", name=label)
    for _ in range(6):
        box.click()
        try:
            expect(option).to_be_visible(timeout=4_000)
            break
        except AssertionError:
            box.press("Escape")
    word = option.inner_text()
    option.click()
    return word


def pictures(page):
    return page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg")


def test_the_first_alignment_comes_soon_and_the_guess_is_compared(page, server):
    open_lesson(page, server, "?pairs=Numbers&steps=300")
    start(page, "GRU, general")
    expect(page.get_by_text("Alignment of")).to_be_visible(timeout=SLOW)
    expect(pictures(page).nth(1)).to_be_visible(timeout=SLOW)  # the alignment, beside the chart
    expect(status(page, "finished")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("You guessed it.", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("three hundred and five thousand").first).to_have_count(1)


def test_own_sentence_step_by_step_another_word_and_back(page, server):
    open_lesson(page, server, f"?models={SMALL}&pairs=Numbers&steps=250")
    start(page)
    expect(page.get_by_text("Best exact match", exact=False)).to_be_visible(timeout=SLOW)
    box = page.get_by_role("textbox", name="Your sentence")
    box.fill("seven hundred blorps")
    box.press("Enter")
    expect(page.get_by_text("Not in the vocabulary", exact=False).first).to_be_visible(timeout=SLOW)
    page.get_by_role("tab", name="Step by step").click()
    expect(page.get_by_text("Step 1 of", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.locator(".katex").first).to_be_visible()
    page.get_by_role("button", name="Forward").click()
    expect(page.get_by_text("Step 2 of", exact=False)).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_text("Step 1 of", exact=False)).to_be_visible(timeout=SLOW)
    other = page.get_by_role("option").filter(has_not_text="as the model chose").first
    word = pick(page, "Write another token here", other)
    written = page.get_by_text(re.compile(rf"and writes {re.escape(word)}"))
    expect(written).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Back to the model's own translation").click()
    expect(written).to_have_count(0, timeout=SLOW)


def test_the_bottleneck_is_drawn_and_seeds_are_compared(page, server):
    open_lesson(page, server, f"?models={SMALL}&pairs=Reversal&steps=60")
    start(page)
    expect(page.get_by_text("Best exact match", exact=False)).to_be_visible(timeout=SLOW)
    page.get_by_role("tab", name="Against length").click()
    tab = page.get_by_role("tabpanel").filter(has_text="All held-out pairs")
    expect(tab.locator("[data-testid=stVegaLiteChart]")).to_be_visible(timeout=SLOW)
    page.get_by_role("tab", name="Several seeds").click()
    for name in ("dot", "scaled dot", "mlp"):
        page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("checkbox", name=name, exact=True)
        ).first.click()
    train = page.get_by_role("button", name="Train 6 runs")
    expect(train).to_be_visible(timeout=SLOW)
    train.click()
    expect(page.get_by_text(re.compile("On these seeds|on all seeds"))).to_be_visible(timeout=SLOW)
    assert "spread=" in page.url


def test_a_run_is_saved_and_loaded_again(page, server, tmp_path):
    open_lesson(page, server, "?models=gru:width=32&pairs=Numbers&steps=40")
    start(page)
    expect(status(page, "finished")).to_be_visible(timeout=SLOW)
    page.get_by_role("tab", name="Save and load").click()
    files = []
    for name in (
        "GRU, general (width 32): weights",
        "GRU, general (width 32): settings and curves",
    ):
        button = page.get_by_role("button", name=name)
        expect(button).to_be_enabled(timeout=SLOW)
        with page.expect_download() as download:
            button.click()
        files.append(tmp_path / download.value.suggested_filename)
        download.value.save_as(files[-1])
    assert json.loads(files[1].read_text())["settings"]["task"] == "translation"
    page.locator("[data-testid=stFileUploader] input[type=file]").last.set_input_files(files)
    load = page.get_by_role("button", name="Load", exact=True)
    expect(load).to_be_enabled(timeout=SLOW)
    load.click()
    expect(page.get_by_text("Loaded from a file.")).to_be_visible(timeout=SLOW)


def test_a_picture_is_described(page, server):
    open_lesson(page, server, "?budget=Steps&steps=60&scenes=300", "caption", "Describe")
    start(page)
    expect(status(page, "finished")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("the scene").first).to_be_visible(timeout=SLOW)
    assert page.locator("[data-testid=stImage] img").count() > 3
    pick(page, "which is", page.get_by_role("option", name="nothing else"))
    alone = page.get_by_text(re.compile("(right: )?a red circle$"))
    expect(alone.first).to_be_visible(timeout=SLOW)


PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.mark.parametrize("context", [PHONE], indirect=True)
@pytest.mark.parametrize("path", ["translate", "caption", "pronouns", "words"])
def test_nothing_is_wider_than_a_phone(page, server, path):
    open_lesson(page, server, "", path, "Translate|Describe|Whose|Words")
    expect(page.get_by_text("What to notice")).to_be_visible(timeout=SLOW)
    wide = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1 && e.closest('[role=tablist]') === null "
        "&& !e.closest('[data-testid=stCode]')).length"
    )
    assert wide == 0
