"""Pages on a phone, in the dark, for a class, and by a link on a fresh server."""

from __future__ import annotations

import pytest

from tests.browser.conftest import SLOW, expect, start_server

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DARK = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}


@pytest.mark.parametrize("context", [PHONE], indirect=True)
@pytest.mark.parametrize("path", ["/", "/language-model"])
def test_nothing_is_wider_than_a_phone(page, server, path):
    page.goto(server.url + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("contentinfo").or_(page.get_by_text("course")).last).to_be_attached()
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1
                && !e.closest('[data-testid=stDataFrame], [data-testid=stTabs], pre'))
            .map(e => e.tagName + '.' + e.className).slice(0, 5)"""
    )
    assert wide == []


@pytest.mark.parametrize("context", [DARK], indirect=True)
def test_the_dark_theme_follows_the_system(page, server):
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Glasshouse")).to_be_visible(timeout=SLOW)
    colour = page.evaluate(
        "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert colour == "rgb(18, 24, 22)"


def test_a_deep_link_works_on_a_fresh_server(page, tmp_path):
    fresh = start_server(tmp_path, GLASSHOUSE_WORKERS="1")
    try:
        page.goto(f"{fresh.url}/language-model?models=gru&seed=7&budget=Tokens")
        expect(page.get_by_role("heading", name="Train a language model", level=1)).to_be_visible(
            timeout=SLOW
        )
        expect(page.get_by_test_id("stSidebarNav")).to_be_visible()
        expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("7")
        expect(page.get_by_role("spinbutton", name="Tokens for each model")).to_be_visible()
        expect(page.get_by_role("button", name="GRU", exact=True).first).to_be_visible()
        page.goto("about:blank")
    finally:
        fresh.stop()


def test_presenter_mode_is_large_and_has_no_sidebar(page, server):
    page.goto(f"{server.url}/language-model?present=1&hide=controls")
    expect(page.get_by_role("heading", name="Train a language model", level=1)).to_be_visible(
        timeout=SLOW
    )
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(page.get_by_test_id("stBaseButton-primary")).to_have_count(0)
    page.wait_for_function(
        "() => parseFloat(getComputedStyle(document.documentElement).fontSize) > 20"
    )
