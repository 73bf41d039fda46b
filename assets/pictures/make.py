"""Make the picture of the README: `python -m assets.pictures.make` (needs playwright and Chromium).

It starts the lab, trains a captioner as a student would, and takes a screenshot of where it looks.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SIZE = {"width": 1280, "height": 860}


def take(url: str, path: Path) -> None:
    """Train on a running lab and write the picture."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS, browser_path

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(180_000)
        page.goto(f"{url}/caption?models=soft&budget=Steps&steps=900")
        page.get_by_role("radio", name="I would rather not guess").click()
        page.get_by_role("button", name="Train", exact=True).click()
        page.get_by_text("Mostly right in the five examples").wait_for()
        page.get_by_text("Mostly right in the five examples").scroll_into_view_if_needed()
        page.mouse.move(5, 5)
        page.locator("[data-testid=stVegaLiteChart]").first.wait_for()
        page.screenshot(path=path)
        browser.close()


def main() -> None:
    """Start the lab and take the picture."""
    argparse.ArgumentParser(prog="python -m assets.pictures.make", description=__doc__).parse_args()
    from tests.browser.conftest import start_server

    with tempfile.TemporaryDirectory() as data:
        server = start_server(Path(data))
        try:
            take(server.url, HERE / "lab.png")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
