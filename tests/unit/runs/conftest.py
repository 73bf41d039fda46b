import pytest
from runs_help import HeldPool, limits, train

from lab.runs import RunQueue, Store


@pytest.fixture
def open_queue(tmp_path):
    """Open queues on one folder; all are closed at the end of the test."""
    opened = []

    def open_(pool=None, advance=train, **changes):
        bounds = limits(tmp_path / "data", **changes)
        store = Store(bounds.data, bounds.disk_bytes)
        queue = RunQueue(store, pool if pool is not None else HeldPool(), bounds, advance)
        opened.append(queue)
        return queue

    yield open_
    for queue in opened:
        queue.close()
