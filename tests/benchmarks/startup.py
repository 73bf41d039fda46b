"""From the start command to a usable home page, and the memory of the idle server."""

from __future__ import annotations

import time

import psutil

from tests.benchmarks.tools import browser, report, server, spread


def main(repeats: int = 3) -> None:
    """Print seconds and megabytes."""
    seconds, own, workers = [], [], []
    with browser() as chromium:
        for _ in range(repeats):
            begun = time.perf_counter()
            with server() as lab:
                page = chromium.new_page()
                page.goto(lab.url)
                page.get_by_role("heading", name="Glasshouse").wait_for()
                seconds.append(time.perf_counter() - begun)
                page.get_by_text("none found").or_(page.get_by_text("an NVIDIA GPU")).wait_for(
                    timeout=60_000
                )
                process = psutil.Process(lab.process.pid)
                own.append(process.memory_info().rss / 1e6)
                workers.append(
                    sum(child.memory_info().rss for child in process.children(True)) / 1e6
                )
                page.close()
    report("seconds from `streamlit run` to a usable home page", spread(seconds))
    report("MB of the idle server", spread(own))
    report("MB of its workers together, torch loaded", spread(workers))
