"""A person takes the association test with keys, and with taps on a phone."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from lab.bias.iat_session import WORDS
from tests.browser.conftest import ROOT, SLOW, START, Server, expect

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "has_touch": True,
    "is_mobile": True,
}
CATEGORY = {word: category for category, words in WORDS.items() for word in words}
# The test's clock is put forward before each key, so that the answers take as long as is wanted;
# the gap between words (250 ms, not measured) is left out, or this would take half a minute.
CLOCK = """
    const later = window.setTimeout.bind(window);
    window.setTimeout = (run, ms, ...rest) => later(run, ms === 250 ? 0 : ms, ...rest);
    const now = performance.now.bind(performance);
    window.ahead = 0;
    performance.now = () => now() + window.ahead;
"""


@pytest.fixture(scope="module")
def address(browser, tmp_path_factory):
    """Return the address of a page with only this part of the lesson."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = Path(__file__).parent / "iat_app.py"
    options = ["--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(f"http://localhost:{port}", process, tmp_path_factory.mktemp("iat"))
    try:
        _wait(server)
        yield server.url
    finally:
        server.stop()


def _wait(server: Server) -> None:
    for _ in range(START * 5):
        try:
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5).close()
            return
        except OSError:
            try:
                server.process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            break
    raise RuntimeError("the page did not start")


def stage(page):
    return page.locator(".stage")


def state(page, name: str) -> None:
    expect(stage(page)).to_have_attribute("data-state", name, timeout=SLOW)


def side_of(page) -> str:
    """Return on which side the word that is shown belongs, by the labels that are shown."""
    word = page.locator(".stage .word").text_content()
    left = page.locator(".side.left").get_attribute("aria-label")
    return "left" if CATEGORY[word] in re.split(": | or ", left) else "right"


def answer(page, milliseconds: int, right: bool = True) -> None:
    state(page, "word")
    key = "e" if (side_of(page) == "left") == right else "i"
    page.evaluate("ms => { window.ahead += ms }", milliseconds)
    page.keyboard.press(key)


def block(page, size: int, milliseconds: int) -> None:
    state(page, "ready")
    page.keyboard.press("Space")
    for number in range(size):
        # Not all equally long, and the middle of it what was asked for.
        answer(page, milliseconds + 20 * (number % 11 - 5))


def test_a_sitting_with_keys_stopped_paused_and_then_whole(page, address, tmp_path):
    page.add_init_script(CLOCK)
    page.goto(f"{address}/?iat_first=insects")
    page.get_by_role("radio", name="insects share a key with pleasant").click()
    page.get_by_role("button", name="Start").click()

    state(page, "ready")
    page.keyboard.press("Space")
    answer(page, 500, right=False)
    expect(page.locator(".cross")).to_have_text("✕ the other side")
    answer(page, 100)
    expect(page.locator(".progress")).to_contain_text("2 of 8")
    state(page, "word")
    expect(page.locator(".cross")).to_have_text("")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Stopped. Nothing was kept.")).to_be_visible()

    page.get_by_role("button", name="Start").click()
    state(page, "ready")
    page.keyboard.press("Space")
    answer(page, 700)
    state(page, "word")
    page.get_by_role("radio", name="I take the test").focus()  # somewhere else: the clock stops
    state(page, "paused")
    page.get_by_role("button", name="Go on").click()
    for _ in range(7):
        answer(page, 700)
    block(page, 8, 700)
    block(page, 32, 1_200)  # incompatible, for the link says so
    expect(page.get_by_text("flowers and insects have changed sides", exact=False)).to_be_visible()
    block(page, 8, 700)
    block(page, 32, 700)

    found = page.get_by_text("when insects shared a key with pleasant", exact=False)
    expect(found).to_be_visible(timeout=SLOW)
    slower = int(re.search(r"You were (\d+) ms slower", found.text_content())[1])
    assert 350 < slower < 650  # 500, and what a busy machine adds to single answers
    expect(page.get_by_text("You guessed it", exact=False)).to_be_visible()
    expect(page.get_by_text("the same number", exact=False)).to_be_visible()
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_be_visible(timeout=SLOW)
    with page.expect_download() as download:
        page.get_by_role("button", name="Times (CSV)").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert len(lines) == 65
    assert lines[1].startswith('"insects + pleasant')
    page.get_by_role("button", name="Once more").click()
    expect(page.get_by_role("radio", name="flowers", exact=True)).to_be_checked(timeout=SLOW)
    expect(page.get_by_role("button", name="Start")).to_be_visible()


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_taps_on_a_phone_and_a_simulated_person(page, address):
    page.goto(address)
    page.get_by_role("button", name="Start").tap()
    state(page, "ready")
    page.get_by_role("button", name="Go on").tap()
    for _ in range(8):
        state(page, "word")
        page.locator(f".side.{side_of(page)}").tap()
    state(page, "ready")
    expect(page.locator(".progress")).to_have_text("Block 2 of 5")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("radio", name="Skip: a simulated person").tap()
    expect(page.get_by_text("Synthetic data.", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("200 simulated people", exact=False)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{address}/?iat_whose=Skip%3A+a+simulated+person&iat_slower=-300&iat_person=7")
    expect(page.get_by_text("ms quicker", exact=False)).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("spinbutton", name="Simulated person")).to_have_value("7")
