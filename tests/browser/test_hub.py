"""A model from the hub: looked up, fetched and opened, with a stand-in hub over loopback."""

from __future__ import annotations

from tests import toy_models
from tests.browser.conftest import SLOW, expect, start_server
from tests.hub_stand_in import REVISION, hub


def test_a_model_is_looked_up_fetched_and_opened(page, tmp_path):
    toy_models.bert(tmp_path / "on-the-hub")
    with hub() as state:
        state.models["someone/toy"] = tmp_path / "on-the-hub"
        server = start_server(tmp_path / "data", HF_ENDPOINT=state.url)
        try:
            _fetch(page, server.url)
        finally:
            page.close()  # or it asks for a server that is gone
            server.stop()


def _fetch(page, url: str) -> None:
    page.goto(f"{url}/inside?model=model:someone/toy@{REVISION}")  # a link, and nothing fetched yet
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("The link names someone/toy", exact=False)).to_be_visible()
    name = page.get_by_role("textbox", name="Name on huggingface.co")
    expect(name).to_have_value("someone/toy")
    name.fill("someone/no-such")
    name.press("Enter")
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_text("The hub has no model", exact=False)).to_be_visible(timeout=SLOW)

    name.fill("someone/toy")
    name.press("Enter")
    page.get_by_role("button", name="Look it up").click()
    offer = page.get_by_text("licence apache-2.0", exact=False)
    expect(offer).to_be_visible(timeout=SLOW)
    expect(offer).to_contain_text("1,234 downloads")
    page.get_by_role("button", name="Download", exact=False).click()
    expect(page.get_by_text("It is at hand", exact=False)).to_be_visible(timeout=SLOW)
    page.goto(f"{url}/inside?model=model:someone/toy@{REVISION}")
    expect(page.get_by_role("combobox", name="Model")).to_have_value("someone/toy", timeout=SLOW)
    expect(page.locator(".attention .title")).to_have_text(
        "Layer 3, mean of its heads", timeout=SLOW
    )
