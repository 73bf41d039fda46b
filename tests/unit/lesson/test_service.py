"""What pages ask of the workers by the way: a failure is not remembered for ever."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from lab.lesson import service
from lab.runs import LimitReached


class Queue:
    """A queue that gives each question the next of some outcomes."""

    def __init__(self, *outcomes) -> None:
        self.outcomes = list(outcomes)

    def call(self, *_, **__):
        if isinstance(self.outcomes[0], LimitReached):
            raise self.outcomes.pop(0)
        outcome, future = self.outcomes.pop(0), Future()
        if outcome == "withdrawn":
            future.cancel()
        elif isinstance(outcome, Exception):
            future.set_exception(outcome)
        elif outcome is not None:
            future.set_result(outcome)
        return future


@pytest.fixture
def opened(monkeypatch):
    """Open the lab on a queue with given outcomes; return the clock."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(service, "clock", lambda: clock.now)
    monkeypatch.setattr(service, "session", lambda: "ann")

    def open_(*outcomes):
        queue = Queue(*outcomes)
        monkeypatch.setattr(service, "run_queue", lambda: queue)
        return clock

    yield open_
    service._devices.clear()
    service._asked_again.clear()


@pytest.mark.parametrize(
    "failure",
    [RuntimeError("killed"), OSError(2, "no such file"), LimitReached("full"), "withdrawn"],
)
def test_devices_that_could_not_be_found_are_looked_for_again_after_a_while(opened, failure):
    clock = opened(failure, ["cpu", "cuda"])
    assert service.devices() == ["cpu"]
    assert service.devices() == ["cpu"]
    clock.now += service.FORGOTTEN_AFTER
    assert service.devices() == ["cpu", "cuda"]


def test_nothing_is_known_while_a_worker_looks(opened):
    opened(None)
    assert service.devices() is None
