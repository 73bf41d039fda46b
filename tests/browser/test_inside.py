"""What a student does in the lesson "Inside a trained model", and what hostile tokens cannot do."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest

from tests import toy_models
from tests.browser.conftest import SLOW, expect

NOT_EMPTY = re.compile(".+")
VIEWS = {"Head view": "head", "Model view": "model", "Neuron view": "neuron"}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.fixture(scope="module")
def models(server):
    """Put two models into the folder of the server's models."""
    folder = server.data / "models"
    toy_models.bert(folder / "toy-bert")
    toy_models.hostile(folder / "hostile")
    return folder


def open_lesson(page, server, model: str):
    page.goto(f"{server.url}/inside?model=model:{model}")
    view = page.locator(".attention[data-ready]").last
    # The first look imports transformers in a worker.
    expect(view).to_have_attribute("data-ready", NOT_EMPTY, timeout=SLOW)
    return view


def read(page, view, text: str) -> None:
    before = view.get_attribute("data-ready")
    area = page.get_by_role("textbox", name="Text to read")
    area.fill(text)
    area.press("Control+Enter")
    expect(view).not_to_have_attribute("data-ready", before, timeout=SLOW)


def frame(page, name: str):
    return page.frame_locator(f"iframe[title='bertviz {name} view']")


def test_heads_are_picked_tokens_hidden_and_weights_taken_home(page, server, models):
    view = open_lesson(page, server, "toy-bert")
    title = view.locator(".title")
    expect(title).to_have_text("Layer 3, mean of its heads")
    overview = view.locator("canvas.overview")
    overview.press("ArrowLeft")
    expect(title).to_have_text("Layer 3, head 2")
    overview.press("ArrowUp")
    expect(title).to_have_text("Layer 2, head 2")
    expect(page.get_by_text("on the token before.", exact=False)).to_be_visible(timeout=SLOW)

    view.locator("canvas.large").press("ArrowDown")
    view.locator("canvas.large").press("ArrowRight")
    expect(view.locator(".info")).to_contain_text("→")
    view.get_by_role("option", name="dog", exact=True).click()
    expect(view.locator(".info")).to_contain_text("“dog” (3) looks most at")
    view.get_by_role("radio", name="Lines").click()
    expect(view.get_by_role("radio", name="Lines")).to_have_attribute("aria-checked", "true")

    view.get_by_role("option", name="dog", exact=True).dblclick()
    expect(view.get_by_role("option", name="[MASK]")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("What stands behind the mask")).to_be_visible(timeout=SLOW)
    view.get_by_role("radio", name="Change").click()
    expect(title).to_contain_text("what changed")
    expect(view.locator(".changed")).to_contain_text("most in")

    page.get_by_role("tab", name="Save and code").click()
    for button, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg"), ("NPZ", b"PK")):
        with page.expect_download(timeout=SLOW) as download:
            page.get_by_role("button", name=button).click()
        found = download.value.path().read_bytes()
        assert found.startswith(start)
    with np.load(io.BytesIO(found), allow_pickle=False) as arrays:
        assert arrays["self_attention_rows"][2] == "[MASK]"
        assert arrays["self_attention_weights"].sum(-1) == pytest.approx(1, abs=1e-4)


def test_the_strongest_links_hold_the_share_that_is_asked_for(page, server, models):
    view = open_lesson(page, server, "toy-bert")
    kept = page.evaluate(
        """async () => {
            const root = document.querySelector("[data-testid=stBidiComponentRegular] .attention")
                ?? [...document.querySelectorAll("*")].map((e) => e.shadowRoot?.querySelector(
                    ".attention")).find(Boolean);
            const view = root.view, found = [];
            for (const share of [1, 0.5, 0.05]) {
                view.share = share;
                const all = view.map(0, 0), some = view.shown(0, 0), S = view.shape.S;
                let least = 1, links = 0;
                for (let row = 0; row < view.shape.T; row++) {
                    let whole = 0, part = 0;
                    for (let i = row * S; i < (row + 1) * S; i++) {
                        whole += all[i] ** 2; part += some[i] ** 2; links += some[i] > 0;
                    }
                    least = Math.min(least, part / whole);
                }
                found.push([least, links]);
            }
            view.share = 1;
            return found;
        }"""
    )
    for (least, _), share in zip(kept, (1, 0.5, 0.05), strict=True):
        assert least >= share - 1e-9
    assert kept[0][1] > kept[1][1] >= kept[2][1] >= 14  # one link for each of 14 tokens, at least
    assert view.count() == 1


def test_bertviz_works_without_internet(page, server, models):
    open_lesson(page, server, "toy-bert")
    page.get_by_role("tab", name="bertviz").click()
    for label, name in VIEWS.items():
        page.get_by_role("radio", name=label).click()
        inside = frame(page, name)
        if name != "model":  # which has tokens only for the head that is clicked
            seen = inside.locator("svg text").filter(has_text="road").filter(visible=True)
            expect(seen.first).to_be_visible(timeout=SLOW)
        expect(inside.locator("svg line").first).to_be_attached(timeout=SLOW)
    sandbox = page.locator("iframe[title='bertviz neuron view']").get_attribute("sandbox")
    assert sandbox == "allow-scripts"  # no origin of the app's


def test_hostile_tokens_are_shown_and_do_nothing(page, server, models):
    page.on("dialog", lambda dialog: pytest.fail("a token opened a dialog"))
    view = open_lesson(page, server, "hostile")
    read(page, view, " ".join(toy_models.HOSTILE))
    expect(view.get_by_role("option")).to_have_count(len(toy_models.HOSTILE))
    expect(view.get_by_role("option").nth(1)).to_have_text("<img/src=x/onerro…")
    view.get_by_role("radio", name="Lines").click()
    view.get_by_role("option").nth(0).click()
    expect(view.locator(".info")).to_contain_text("looks most at")
    view.get_by_role("option").nth(0).dblclick()
    expect(page.get_by_text("What stands behind the mask")).to_be_visible(timeout=SLOW)
    page.get_by_text("I would rather not guess").click()
    expect(page.get_by_text("On this text most attention")).to_be_visible(timeout=SLOW)
    page.get_by_role("tab", name="bertviz").click()
    for label, name in VIEWS.items():
        page.get_by_role("radio", name=label).click()
        inside = frame(page, name)
        expect(inside.locator("svg line").first).to_be_attached(timeout=SLOW)
        assert inside.locator("img").count() == 0
        assert inside.locator("html").evaluate("() => window.pwned ?? null") is None
    page.get_by_role("tab", name="Save and code").click()
    expect(page.get_by_role("button", name="PNG")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    assert page.evaluate("window.pwned ?? null") is None


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_a_phone_has_both_pictures_below_each_other(page, server, models):
    view = open_lesson(page, server, "toy-bert")
    overview, large = (view.locator(f"canvas.{n}").bounding_box() for n in ("overview", "large"))
    assert overview["x"] + overview["width"] <= 390
    assert large["y"] > overview["y"] + overview["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
