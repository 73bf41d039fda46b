"""How long a click takes while runs train: from the link to the other page's heading."""

from __future__ import annotations

import time

from tests.benchmarks.tools import browser, quantile, report, server, start_lesson

CLICKS = 40
HEADINGS = (("Home", "Glasshouse"), ("Train a language model", "Train a language model"))


def main() -> None:
    """Print p50 and p95 with 0, 2 and 10 training runs."""
    with browser() as chromium, server(GLASSHOUSE_RUNS_PER_SESSION="20") as lab:
        running = 0
        trainer = chromium.new_context().new_page()
        for wanted in (0, 2, 10):
            while running < wanted:
                start_lesson(trainer, lab.url, "models=lstm;gru&seconds=600")
                running += 2
            times = _clicks(chromium, lab.url)
            figure = f"{1e3 * quantile(times, 0.5):.0f} / {1e3 * quantile(times, 0.95):.0f}"
            report(f"ms from click to page, p50 / p95, {running} runs training", figure)


def _clicks(chromium, url: str) -> list[float]:
    page = chromium.new_context().new_page()
    page.goto(url)
    times = []
    for number in range(CLICKS):
        link, heading = HEADINGS[(number + 1) % 2]
        target = page.get_by_test_id("stSidebarNav").get_by_role("link", name=link)
        target.wait_for()
        begun = time.perf_counter()
        target.click()
        page.get_by_role("heading", name=heading, level=1).wait_for()
        times.append(time.perf_counter() - begun)
        page.wait_for_load_state("networkidle")
    page.close()
    return times
