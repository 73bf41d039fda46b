"""Files to keep: no cell is a formula, every measure has its column."""

from __future__ import annotations

import io
from concurrent.futures import Future
from csv import reader
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from loky.process_executor import TerminatedWorkerError
from streamlit.testing.v1 import AppTest

from lab.lesson.kit import ask
from lab.lesson.kit.keep import csv, metrics
from lab.runs import LimitReached


@pytest.mark.parametrize("typed", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_what_somebody_typed_is_no_formula(typed):
    table = pd.DataFrame({"word": [typed, "plain"], typed: [1.5, -2.0]})
    (_, heading), *rows = reader(io.StringIO(csv(table).decode(), newline=""))
    safe = "'" + typed.replace("\r", " ")
    assert heading == safe
    assert rows == [[safe, "1.5"], ["plain", "-2.0"]]  # numbers stay numbers


def test_a_column_for_each_measure():
    points = [
        {"step": 1, "seconds": 0.1, "validation_loss": 2.0, "metrics": {"exact match": 0.5}},
        {"step": 2, "seconds": 0.2, "train_loss": 1.0},
    ]
    view = SimpleNamespace(history=SimpleNamespace(points=points))
    table = metrics([view], ["A"])
    assert list(table["exact match"].fillna(-1)) == [0.5, -1]
    assert "metrics" not in table
    assert list(table["model"]) == ["A", "A"]


# --- loading a saved run: what a worker does not do never takes the page down -----------------


class Queue:
    """A queue whose worker answers as it is told, and a store without the text of the run."""

    def __init__(self, outcome: Exception | int) -> None:
        self.outcome, self.adopted = outcome, 0
        self.store = SimpleNamespace(corpus_path=Path)

    def call(self, *given, **named) -> Future:
        future: Future = Future()
        if isinstance(self.outcome, Exception):
            future.set_exception(self.outcome)
        else:
            future.set_result(self.outcome)
        return future

    def adopt(self, *given) -> str:
        self.adopted += 1
        raise LimitReached("You have 24 runs under way.")


def page():
    from types import SimpleNamespace

    from lab.lesson.kit.keep import load

    load(SimpleNamespace(belongs=lambda run: True))


def loaded(monkeypatch, outcome) -> tuple[AppTest, Queue]:
    queue = Queue(outcome)
    run = SimpleNamespace(settings={}, corpus="", name="A")
    saved = (run, [], SimpleNamespace(to_bytes=lambda: b"text"), "nowhere")
    monkeypatch.setattr("lab.lesson.service.run_queue", lambda: queue)
    monkeypatch.setattr("lab.runs.transfer.from_json", lambda *given: saved)
    ask.answers.clear()
    app = AppTest.from_function(page, default_timeout=60).run()
    app.file_uploader(key="load").set_value(
        [("m.safetensors", b"1", "application/octet-stream"), ("m.json", b"{}", "text/json")]
    ).run()
    return app.button(key="load-run").click().run(), queue


@pytest.mark.parametrize("error", [TerminatedWorkerError("killed"), LimitReached("Too many wait.")])
def test_a_worker_that_dies_over_a_saved_run_can_be_asked_again(monkeypatch, error):
    app, queue = loaded(monkeypatch, error)
    assert not app.exception
    again = next(button for button in app.button if button.label == "Ask again")
    queue.outcome = 7
    again.click().run()
    assert queue.adopted == 1
    assert "24 runs" in app.error[0].value


@pytest.mark.parametrize("error", [TimeoutError(), KeyError("x"), ValueError("This is damaged.")])
def test_what_a_worker_raises_over_a_saved_run_is_said(monkeypatch, error):
    app, queue = loaded(monkeypatch, error)
    assert not app.exception
    assert app.error or app.warning
    assert not queue.adopted
