"""Executors that run slices: a pool of processes on this machine, or a Dask cluster.

Both are a `concurrent.futures.Executor` underneath; the queue sees `submit` and `slots`.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from lab.runs import worker
from lab.runs.limits import Limits

# One thread a worker: two busy workers with two threads each ran twenty times slower. The wait
# policy has to be in place before torch is imported.
THREADS = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "MKL_NUM_THREADS": "1"}


CONNECT_WITHIN = "10s"
COUNT_AGAIN = 3.0  # seconds between two looks at how many workers a cluster has


class PoolLost(ConnectionError):
    """The workers cannot be reached any more."""


class Pool(Protocol):
    """What the queue needs of an executor.

    Attributes:
        slots: how many calls run at the same time.
        shares_disk: whether workers see the server's files; if not, bytes travel.
    """

    slots: int
    shares_disk: bool

    def submit(
        self, function: Callable[..., Any], *args: Any, device: str = "cpu", **kwargs: Any
    ) -> Future[Any]:
        """Run a function in a worker."""
        ...

    def close(self) -> None:
        """End the workers."""
        ...


class LocalPool:
    """Processes on this machine: low priority, one torch thread each, shared by all sessions.

    `loky` rather than `ProcessPoolExecutor`: its workers never import the server's main module,
    and after a killed worker the next `submit` starts a whole pool again.
    """

    shares_disk = True

    def __init__(self, limits: Limits) -> None:
        self.slots = limits.workers
        self._limits = limits
        self._executor: Any = None

    def submit(
        self, function: Callable[..., Any], *args: Any, device: str = "cpu", **kwargs: Any
    ) -> Future[Any]:
        """Run a function in a worker; a pool that a killed worker broke is made anew first."""
        from loky import get_reusable_executor

        self._executor = get_reusable_executor(
            max_workers=self.slots,
            timeout=None,
            env=THREADS,
            initializer=worker.start,
            initargs=(os.getpid(), self._limits.worker_bytes),
        )
        return self._executor.submit(function, *args, **kwargs)

    def close(self) -> None:
        """Kill the workers: what they were training goes back to its last checkpoint."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, kill_workers=True)


class ClusterPool:
    """A Dask cluster for a class that outgrows one machine (see `lab.runs.cluster`).

    Args:
        address: of the scheduler, `tcp://host:8786` or `tls://...`.

    Raises:
        ConnectionError: no scheduler answers, this is no address, or `distributed` is missing.
    """

    shares_disk = False

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise ConnectionError(
                "GLASSHOUSE_CLUSTER needs Dask: install distributed==2026.8.0, or unset it."
            ) from None
        if not re.fullmatch(r"(tcp|tls)://[^/\s]+:\d{1,5}", address):
            # Dask waits for ever on a protocol that it does not know.
            raise ConnectionError(
                f"{address!r} is not the address of a Dask scheduler: it looks like "
                "tcp://host:8786. Put GLASSHOUSE_CLUSTER right, or unset it."
            )
        try:
            self._client = Client(address, timeout=CONNECT_WITHIN, set_as_default=False)
        except (OSError, TimeoutError, ValueError, OverflowError) as error:
            raise ConnectionError(
                f"No Dask scheduler answers at {address}: start one, or unset GLASSHOUSE_CLUSTER."
            ) from error
        # Calls have side effects on random state and time, so equal ones are not one call.
        self._cpu = self._client.get_executor(pure=False)
        self._gpu = self._client.get_executor(pure=False, resources={"GPU": 1})
        self.slots, self._gpus = 1, 0
        self._count()
        self._left = threading.Event()
        threading.Thread(target=self._keep_counting, name="cluster", daemon=True).start()

    def _count(self) -> None:
        workers = self._client.scheduler_info()["workers"].values()
        self.slots = max(1, sum(worker["nthreads"] for worker in workers))
        self._gpus = sum(worker.get("resources", {}).get("GPU", 0) for worker in workers)

    def _keep_counting(self) -> None:
        # Workers come and go while a class is on, and asking must not hold up the scheduler.
        while not self._left.wait(COUNT_AGAIN):
            with contextlib.suppress(Exception):
                self._count()

    def submit(
        self, function: Callable[..., Any], *args: Any, device: str = "cpu", **kwargs: Any
    ) -> Future[Any]:
        """Run a function on the cluster; a CUDA job goes to a worker with the resource GPU.

        Raises:
            PoolLost: the scheduler has gone.
            LookupError: no worker has a GPU, and this job would wait for ever.
        """
        if self._client.status != "running":
            raise PoolLost("The Dask scheduler has gone.")
        if device == "cuda" and not self._gpus:
            raise LookupError("no worker of the cluster has a GPU, choose the CPU.")
        executor = self._gpu if device == "cuda" else self._cpu
        return executor.submit(function, *args, **kwargs)

    def close(self) -> None:
        """Leave the cluster; its workers belong to whoever started them."""
        self._left.set()
        self._client.close()


def open_pool(limits: Limits) -> Pool:
    """Return the pool that the limits ask for.

    Raises:
        ConnectionError: a cluster is asked for and does not answer.
    """
    return ClusterPool(limits.cluster) if limits.cluster else LocalPool(limits)
