"""What a student does in the lesson "Analogies and a debiasing step", in a real browser."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.browser.conftest import SLOW, expect, idle

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}

OWN = quote("model:Glasshouse's own masked model")


def open_lesson(page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)
    # The browser fetches the code of each kind of widget when it meets the first one.
    expect(page.get_by_role("radio", name="A debiasing step")).to_be_visible(timeout=SLOW)
    idle(page)


def answer(page, start: str):
    return page.get_by_role("heading", level=4).filter(has_text=start)


def test_an_analogy_then_a_direction_and_the_link_brings_both_back(page, server):
    open_lesson(page, f"{server.url}/analogies")
    expect(answer(page, "man : king = woman :")).to_be_visible()
    expect(page.get_by_text("would rank", exact=False)).to_have_count(0)
    guess = page.get_by_role("radio", name="one of the given words")
    expect(guess).to_be_visible(timeout=SLOW)
    guess.click()
    expect(page.get_by_text("You guessed", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("would rank", exact=False)).to_be_visible()
    page.get_by_text("Leave out the given words").click()
    expect(answer(page, "(one of the given words)")).to_be_visible(timeout=SLOW)
    expect(page).to_have_url(re.compile("leave_out=false"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture (PNG)").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="paris : france = london : ?").click()
    expect(page.get_by_text("what comes first is what you are asked", exact=False)).to_be_visible()
    expect(guess).not_to_be_checked()
    page.get_by_text("Leave out the given words").click()
    expect(answer(page, "paris : france = london :")).to_be_visible(timeout=SLOW)
    expect(guess).not_to_be_checked()  # nor does the browser send the first guess again
    page.get_by_role("radio", name="A debiasing step").click()
    expect(page.get_by_text("principal component", exact=False).first).to_be_visible(timeout=SLOW)
    guess = page.get_by_role("radio", name="more than 75 %")
    expect(guess).to_be_visible(timeout=SLOW)
    guess.click()
    expect(page.get_by_text("are after; at random", exact=False)).to_be_visible(timeout=SLOW)
    page.get_by_text("Put my guess into the link").click()
    expect(page).to_have_url(re.compile("guess_stay="))
    said = page.get_by_text("are after; at random", exact=False).inner_text()
    again = page.context.new_page()
    open_lesson(again, page.evaluate("location.href"))
    expect(again.get_by_text(said)).to_be_visible(timeout=SLOW)
    again.close()
    page.get_by_role("radio", name="Analogies").click()
    expect(page.get_by_label("is to b")).to_have_value("france", timeout=SLOW)


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_on_a_phone_with_the_vectors_of_a_model_nothing_is_cut(page, server):
    page.on("dialog", lambda dialog: pytest.fail("a word opened a dialog"))
    open_lesson(page, f"{server.url}/analogies?vectors={OWN}&guess=another+word")
    expect(answer(page, "man : king = woman :")).to_be_visible(timeout=SLOW)
    for word in ("<img src=x onerror=alert(1)>", "Queen"):
        field = page.get_by_label("is to b")
        field.fill(word)
        field.press("Enter")
        said = "do not know" if "<" in word else "man : queen = woman"
        expect(page.get_by_text(said, exact=False).first).to_be_visible(timeout=SLOW)
    assert page.locator("img[src='x']").count() == 0
    expect(page.locator("[data-testid=stVegaLiteChart] svg, canvas").first).to_be_visible()
    wide = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1 && e.closest('[role=tablist]') === null "
        "&& !e.closest('[data-testid=stCode]') && !e.closest('[data-testid=stDataFrame]')).length"
    )
    assert wide == 0
