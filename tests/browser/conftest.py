"""A real server and a real browser; tests are skipped, with the reason, where there is none."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
expect = playwright_api.expect

ROOT = Path(__file__).parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# On a deep link Streamlit's own client first asks for these below the page's address, is told 404,
# and then asks at the root; the browser prints that answer as an error.
_PROBE = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
# Budgets for a machine that is busy with other things: a test waits for what happens, and these
# only end one in which it never does.
START = 180  # seconds for a server to answer
SLOW = 180_000  # milliseconds for anything a page does
expect.set_options(timeout=SLOW)


@dataclass
class Server:
    """A running lab."""

    url: str
    process: subprocess.Popen
    data: Path

    def stop(self) -> None:
        """End the server as a person would, with an interrupt."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def browser_path() -> str | None:
    """Return the browser to drive."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def start_server(data: Path, **environ: str) -> Server:
    """Start the lab on a free port and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = ["--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(
        command + options,
        cwd=ROOT,
        env={**os.environ, "GLASSHOUSE_DATA": str(data), **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(f"http://localhost:{port}", process, data)
    for _ in range(START * 5):
        try:
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5).close()
            return server
        except OSError:
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            break
    server.stop()
    raise RuntimeError("the lab did not start")


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Return a headless browser."""
    path = browser_path()
    if path is None:
        pytest.skip("needs Chromium or Chrome; none is installed")
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory) -> Iterator[Server]:
    """Return a lab that the tests share."""
    running = start_server(tmp_path_factory.mktemp("lab"))
    yield running
    running.stop()


def idle(page) -> None:
    """Wait until no script runs. Its sign in the corner comes late; this state does not."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=SLOW)


class Watch:
    """Everything that went wrong in a browser context, noted while a test acts."""

    def __init__(self, context) -> None:
        self.faults: list[str] = []
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))
        context.on("request", self._request)

    def _console(self, message) -> None:
        if message.type == "error" and not _PROBE.search(message.location.get("url", "")):
            self.faults.append(f"console: {message.text}")

    def _request(self, request) -> None:
        if not re.match(r"(https?|wss?)://(localhost|127\.0\.0\.1)[:/]|data:|blob:", request.url):
            self.faults.append(f"request to another host: {request.url}")


@pytest.fixture
def context(browser, request) -> Iterator:
    """Return a fresh browser profile; the test fails on console errors and foreign requests."""
    options = getattr(request, "param", {"viewport": {"width": 1440, "height": 900}})
    made = browser.new_context(accept_downloads=True, **options)
    made.set_default_timeout(SLOW)
    watch = Watch(made)
    yield made
    made.close()
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def page(context):
    """Return a tab of that profile."""
    return context.new_page()
