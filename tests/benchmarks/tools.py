"""What the benchmarks share: a server with a browser, a bare process, and one line a result."""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, Server, browser_path, start_server

SHAKESPEARE = Path(__file__).parents[3] / "shared" / "data" / "text" / "tinyshakespeare.txt"


def report(what: str, figure: str, goal: str = "") -> None:
    """Print one result."""
    print(f"{what:<64} {figure:>28}  {goal}", flush=True)


def quantile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(values: list[float]) -> str:
    """Return median and range."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


@contextmanager
def server(**environ: str) -> Iterator[Server]:
    """Start a lab with a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        running = start_server(Path(folder), **environ)
        try:
            yield running
        finally:
            running.stop()


@contextmanager
def browser() -> Iterator[Any]:
    """Start a headless browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        try:
            yield started
        finally:
            started.close()


def start_lesson(page: Any, url: str, query: str) -> None:
    """Open the lesson and start its line-up."""
    page.goto(f"{url}/language-model?{query}")
    page.get_by_role("radio", name="I would rather not guess").click(timeout=60_000)
    button = page.get_by_test_id("stBaseButton-primary").filter(has_text="Train")
    page.wait_for_function("b => !b.disabled", arg=button.element_handle())
    button.click()
    page.wait_for_url("**runs=**", timeout=60_000)


def records(data: Path) -> list[dict[str, Any]]:
    """Return the records of all runs in a data folder."""
    return [json.loads(path.read_text()) for path in data.glob("runs/*/run.json")]


def wait_until_ended(data: Path, count: int, seconds: float) -> list[dict[str, Any]]:
    """Wait until so many runs have ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = records(data)
        if len(found) >= count and all(r["status"] in ("finished", "failed") for r in found):
            return found
        time.sleep(0.2)
    raise TimeoutError("the runs did not end")


def _bare(model: str, changes: dict[str, Any], answers: Any) -> None:
    import torch

    from lab.text import Corpus
    from lab.text.corpora import load
    from lab.training import train

    # As polite as the lab's workers, so that other work on the machine slows both alike.
    os.nice(10)
    torch.set_num_threads(1)
    corpus = Corpus.from_text(load("play"))
    for _ in train(model, corpus, steps=3):
        pass
    begun = time.perf_counter()
    for event in train(model, corpus, **changes):
        last = event
    answers.put((last.tokens, time.perf_counter() - begun))


def bare_loop(model: str, processes: int = 1, **changes: Any) -> float:
    """Return tokens per second of the bare loop over so many processes at once."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    started = [
        context.Process(target=_bare, args=(model, changes, answers)) for _ in range(processes)
    ]
    for process in started:
        process.start()
    found = [answers.get(timeout=600) for _ in started]
    for process in started:
        process.join()
    return sum(tokens / seconds for tokens, seconds in found)
