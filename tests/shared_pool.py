"""Workers that outlive the queue of one test: torch is imported once, not for each page."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from lab.runs import pools, worker
from lab.runs.limits import Limits

# What the lab reads of the environment, in workers too. They were started in that of another test.
_PREFIXES = ("GLASSHOUSE_", "HF_")
# loky keeps its workers by thread, and each queue has a thread of its own: this one stays.
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="workers")
_LAST_CALL = 20  # seconds for what is under way when a test ends; a slice trains for one at most


def _of_the_lab(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith(_PREFIXES)}


def call_in(environ: dict[str, str], function: Callable, *args: Any, **kwargs: Any) -> Any:
    """Call a function in a worker, with the lab's part of the caller's environment."""
    for name in _of_the_lab(os.environ):
        del os.environ[name]
    os.environ.update(environ)
    return function(*args, **kwargs)


class SharedPool:
    """Stands in for `lab.runs.pools.LocalPool`; ending it leaves the workers to the next test.

    The devices are asked of a worker once in this process; they do not change.
    """

    shares_disk = True
    _devices: list[str] | None = None
    _last: SharedPool | None = None

    def __init__(self, limits: Limits) -> None:
        self.slots = limits.workers
        self._pool = pools.LocalPool(limits)
        self._calls: list[Future] = []
        SharedPool._last = self

    def submit(self, function: Callable, *args: Any, device: str = "cpu", **kwargs: Any) -> Future:
        """Run a function in a worker, in the environment of this moment."""
        if function is worker.devices and SharedPool._devices is not None:
            known: Future = Future()
            known.set_result(list(SharedPool._devices))
            return known
        environ = _of_the_lab(os.environ)
        call = _THREAD.submit(
            self._pool.submit, call_in, environ, function, *args, **kwargs
        ).result()
        if function is worker.devices:
            call.add_done_callback(_remember)
        self._calls = [*(earlier for earlier in self._calls if not earlier.done()), call]
        return call

    def close(self) -> None:
        """Wait for what is under way; workers that are still busy then are killed."""
        for call in self._calls:
            call.cancel()
        if wait(self._calls, timeout=_LAST_CALL).not_done:
            self._pool.close()

    @classmethod
    def end(cls) -> None:
        """Kill the workers, after the last test of this process."""
        if cls._last is not None:
            cls._last._pool.close()


def _remember(call: Future) -> None:
    if not call.cancelled() and call.exception() is None:
        SharedPool._devices = call.result()
