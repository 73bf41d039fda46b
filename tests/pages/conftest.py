"""Pages as Streamlit's AppTest sees them, on a queue of their own and workers that all share."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

pytest.importorskip("streamlit.testing.v1")
from streamlit.testing.v1 import AppTest

from lab.runs import pools
from tests.shared_pool import SharedPool

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60  # seconds for one run of a script, on a busy machine


@pytest.fixture(scope="session", autouse=True)
def _end_of_workers():
    yield
    SharedPool.end()


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Give the pages a fresh data folder and a fresh queue, on the workers of this process."""
    monkeypatch.setenv("GLASSHOUSE_DATA", str(tmp_path))
    monkeypatch.setenv("GLASSHOUSE_WORKERS", "1")
    # A page under test has no clock that would draw it anew: it waits for its answers.
    monkeypatch.setattr("lab.lesson.kit.ask.PATIENCE", PATIENCE)
    monkeypatch.setattr(pools, "open_pool", SharedPool)
    st.cache_resource.clear()
    yield tmp_path
    from lab.lesson import service

    service.run_queue().close()
    st.cache_resource.clear()


@pytest.fixture
def open_page(lab):
    """Return a function that opens a page by its file name, with query parameters."""

    def open_page(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=PATIENCE)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_page


def wait_for_runs(count: int = 1, seconds: float = PATIENCE) -> list:
    """Wait until so many runs have ended, and return them."""
    import threading
    import time

    from lab.lesson import service

    queue, pause, end = service.run_queue(), threading.Event(), time.monotonic() + seconds
    while time.monotonic() < end:
        runs = list(queue.records.runs.values())
        if len(runs) >= count and not any(run.status.alive for run in runs):
            return runs
        pause.wait(0.1)
    raise AssertionError(f"the runs did not end within {seconds} s")
