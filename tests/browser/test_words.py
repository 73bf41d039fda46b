"""What a student does in the lesson "Words in context", in a real browser."""

from __future__ import annotations

import pytest

from tests import toy_models
from tests.browser.conftest import SLOW, expect

OWN = "\n".join(
    [
        "river | the dog sat by the bank",
        "river | a man sat by the bank of the river",
        "money | the man did not cross the bank",
        "money | the bank was money",
        "<img src=x onerror=alert(1)> | it was the bank",
    ]
)
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.fixture(scope="module")
def models(server):
    """Put a model into the folder of the server's models."""
    toy_models.bert(server.data / "models" / "toy-bert")


def open_lesson(page, server) -> None:
    page.goto(f"{server.url}/words?model=model:toy-bert")
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)


def test_senses_are_guessed_about_seen_layer_by_layer_and_taken_home(page, server, models):
    open_lesson(page, server)
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(0)
    page.get_by_role("radio", name="last layer").click()
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    expect(chart).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("You guessed", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Its sense: money", exact=False)).to_be_visible()
    page.get_by_role("tab", name="Save").click()
    for button, start in (("CSV", b"sentence"), ("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).first.click()
        content = download.value.path().read_bytes()
        assert content.startswith(start) or (button == "CSV" and b"bank" in content)


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_own_sentences_on_a_phone_and_markup_in_them_does_nothing(page, server, models):
    page.on("dialog", lambda dialog: pytest.fail("a sentence opened a dialog"))
    open_lesson(page, server)
    expect(page.get_by_role("combobox", name="Model")).to_have_value("toy-bert")
    page.get_by_role("radio", name="I would rather not guess").click()
    expect(page.get_by_text("24 sentences:", exact=False)).to_be_visible(timeout=SLOW)
    page.get_by_text("Your own sentences").click()
    area = page.get_by_role("textbox", name="sentence", exact=False).last
    area.fill(OWN)
    area.press("Control+Enter")
    expect(page.get_by_text("29 sentences:", exact=False)).to_be_visible(timeout=SLOW)
    assert page.locator("img[src='x']").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
