"""What a student does in the lesson "Fill the blank", offline, on the model that ships."""

from __future__ import annotations

import re

import pytest

from lab.masked.settings import PROJECT as MODEL
from tests.browser.conftest import SLOW, expect, idle
from tests.pages.test_fill import NURSE, headless

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
HOSTILE = "<img src=x onerror=window.pwned=1> said that [MASK] was **tired** $x$."

pytestmark = pytest.mark.skipif(
    not (MODEL / "model.safetensors").exists(), reason="needs the model in assets/masked"
)


@pytest.fixture(scope="module")
def models(server):
    """Put a checkpoint without its masked head into the folder of the server's models."""
    headless(server.data / "models" / "headless")


def open_lesson(page, server, query: str = "") -> None:
    page.goto(f"{server.url}/fill{query}")
    settled(page)


def settled(page) -> None:
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)
    idle(page)


def rather_not(page) -> None:
    """Skip the question about another sentence."""
    expect(page.get_by_text("Guess above", exact=False)).to_be_visible(timeout=SLOW)
    page.get_by_role("radio", name="I would rather not guess").click()


def charts(page):
    return page.locator("[data-testid=stVegaLiteChart]").filter(visible=True)


def test_from_a_guess_through_every_tab_to_the_files(page, server, models):
    open_lesson(page, server)
    expect(charts(page)).to_have_count(0)
    page.get_by_role("button", name="nurse", exact=True).click()
    expect(page.get_by_role("textbox", name="Sentence with")).to_have_value(NURSE, timeout=SLOW)
    idle(page)
    page.get_by_role("radio", name="she", exact=True).click()
    expect(page.get_by_text("You guessed", exact=False)).to_be_visible(timeout=SLOW)
    # Its most probable tokens, the words compared, the tokens with their numbers.
    expect(charts(page)).to_have_count(3, timeout=SLOW)
    expect(page.get_by_text("10 tokens, the blank at place 5", exact=False)).to_be_visible()

    page.get_by_role("tab", name="Two sentences").click()
    expect(charts(page)).to_have_count(2, timeout=SLOW)
    expect(page.get_by_text("recorded by github.com/PAIR-code", exact=False)).to_be_visible()
    point = charts(page).nth(1).locator("path[aria-label*='waitress']")
    expect(point).to_be_attached()
    point.hover(force=True)
    tooltip = page.locator("#vg-tooltip-element")
    expect(tooltip).to_contain_text("probability in A", timeout=SLOW)

    page.get_by_role("tab", name="A list of words").click()
    expect(charts(page)).to_have_count(1, timeout=SLOW)
    expect(page.get_by_text("22 sentences in one batch", exact=False)).to_be_visible()
    page.get_by_role("radio", name="log-ratio").click()
    expect(page.get_by_text("Centred on “person”", exact=False)).to_be_visible(timeout=SLOW)
    expect(page).to_have_url(re.compile("measure=log-ratio"))

    page.get_by_role("tab", name="Save and code").click()
    figures = page.get_by_role("button", name="All figures (CSV)")
    expect(figures).to_be_visible(timeout=SLOW)
    for button, start in (
        ("All figures (CSV)", b"model,sentence,target,pieces,p_raw,p_conditional,log_p"),
        ("bert-large-uncased-whole-word-masking (PNG)", b"\x89PNG"),
        ("bert-large-uncased-whole-word-masking (SVG)", b"<svg"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert download.value.path().read_bytes().startswith(start)
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    settled(page)
    expect(page.get_by_role("tab", name="Save and code")).to_have_attribute(
        "aria-selected", "true", timeout=SLOW
    )
    page.get_by_role("tab", name="One sentence").click()
    expect(page.get_by_role("textbox", name="Sentence with")).to_have_value(NURSE, timeout=SLOW)


def test_a_model_without_its_head_is_refused_and_what_is_typed_does_nothing(page, server, models):
    page.on("dialog", lambda dialog: pytest.fail("a sentence opened a dialog"))
    query = "?models=model:headless&models=recorded&guess=he"
    open_lesson(page, server, query)
    expect(
        page.get_by_text(
            "headless has no masked head: its weights for cls.predictions", exact=False
        )
    ).to_be_visible(timeout=SLOW)
    text = page.get_by_role("textbox", name="Sentence with")
    text.fill(HOSTILE)
    text.press("Control+Enter")
    rather_not(page)
    expect(page.get_by_text("Recorded: nothing for this sentence", exact=False)).to_be_visible(
        timeout=SLOW
    )
    page.get_by_role("textbox", name="Words to compare").fill("<img src=x onerror=window.pwned=1>")
    page.get_by_role("textbox", name="Words to compare").press("Enter")
    page.get_by_role("button", name="Jim", exact=True).click()
    rather_not(page)
    expect(page.get_by_text("was not recorded for this sentence", exact=False)).to_be_visible(
        timeout=SLOW
    )
    assert page.locator("img[src='x']").count() == 0
    assert page.evaluate("window.pwned ?? null") is None


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_a_phone_has_every_picture_within_its_width(page, server, models):
    own = "?guess=mechanic&models=recorded&text=Jim+worked+as+a+[MASK]."
    for tab, count in (("One+sentence", 2), ("Two+sentences", 1)):
        open_lesson(page, server, f"{own}&tab={tab}")
        expect(charts(page)).to_have_count(count, timeout=SLOW)
        # The page hears how narrow the window is, and draws once more.
        page.wait_for_function(
            """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].every(
                (chart) => chart.getBoundingClientRect().right <= 390)""",
            timeout=SLOW,
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
