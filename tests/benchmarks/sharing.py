"""Ten and thirty students with a run each: what the workers get done, and how evenly."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from lab.charts import loss_rows
from lab.charts.loss import Curve
from lab.runs import Limits, RunQueue, Store
from lab.runs.pools import LocalPool
from lab.text import Corpus
from lab.text.corpora import load
from lab.training import Settings
from tests.benchmarks.tools import bare_loop, quantile, report

SECONDS = 25
# nanoGPT's CPU settings, for the heavy case.
MODELS = {
    "lstm": {"batch": 12},
    "transformer": {"layers": 4, "batch": 12, "positions": "learned"},
}


def main() -> None:
    """Print aggregate throughput against one bare process per core, fairness and tick times."""
    corpus = Corpus.from_text(load("play"))
    workers = Limits().workers
    for model, changes in MODELS.items():
        bare = bare_loop(model, processes=workers, seconds=15.0, **changes)
        for students in (10, 30):
            tokens, ticks = _class(model, changes, corpus, students)
            report(
                f"{model}, {students} watched runs: all of them / {workers} bare processes",
                f"{sum(tokens) / SECONDS / bare:.2f}",
            )
            report("   most / least tokens of a run", f"{max(tokens) / max(1, min(tokens)):.2f}")
            report(
                "   ms for a page's frame, p50 / p95",
                f"{1e3 * quantile(ticks, 0.5):.1f} / {1e3 * quantile(ticks, 0.95):.1f}",
            )


def _class(model: str, changes: dict, corpus: Corpus, students: int) -> tuple[list, list]:
    with tempfile.TemporaryDirectory() as folder:
        limits = Limits(data=Path(folder))
        queue = RunQueue(Store(limits.data, limits.disk_bytes), LocalPool(limits), limits)
        settings = Settings.default(model, seconds=3600.0, **changes).to_dict()
        data = corpus.to_bytes()
        ids = [
            queue.submit(f"student {n}", model, settings, corpus.digest, data)
            for n in range(students)
        ]
        over, ticks = threading.Event(), []
        watchers = [threading.Thread(target=_watch, args=(queue, run, over, ticks)) for run in ids]
        try:
            _wait_for_all(queue, ids)
            for watcher in watchers:
                watcher.start()
            before = [queue.view(run).run.tokens for run in ids]
            over.wait(SECONDS)
            after = [queue.view(run).run.tokens for run in ids]
        finally:
            over.set()
            queue.close()
        return [b - a for a, b in zip(before, after, strict=True)], ticks


def _wait_for_all(queue: RunQueue, ids: list[str]) -> None:
    while not all(queue.view(run).run.step for run in ids):
        time.sleep(0.1)


def _watch(queue: RunQueue, run: str, over: threading.Event, ticks: list[float]) -> None:
    while not over.wait(1.0):
        begun = time.perf_counter()
        view = queue.view(run)
        loss_rows([Curve(view.run.name, view.history.points)])
        view.history.sample_at(view.run.step)
        ticks.append(time.perf_counter() - begun)
