"""How much a server gives away: workers, runs, memory, disk. Each can be set by the environment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MEGABYTE = 1_000_000
LEAST_WORKER = 1_000 * MEGABYTE  # torch with a small model takes 0.3 GB of data memory, measured


def cores() -> int:
    """Return how many cores this process may use: of its container, its affinity, the machine."""
    from loky import cpu_count

    return cpu_count()


def memory(root: Path = Path("/")) -> int:
    """Return the bytes of memory that this process may use: of its container, or the machine.

    Args:
        root: of the file system, where Linux tells the bounds of control groups (1 and 2).
    """
    return min([psutil.virtual_memory().total, *_cgroup_bounds(root)])


def _cgroup_bounds(root: Path) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:  # version 2
                top, name = root / "sys/fs/cgroup", "memory.max"
            elif "memory" in controllers.split(","):
                top, name = root / "sys/fs/cgroup/memory", "memory.limit_in_bytes"
            else:
                continue
            # A group is bound by those above it too. In a container the top itself may be ours,
            # and the path that of the host.
            group = Path(path.lstrip("/"))
            for each in [group, *group.parents]:
                with contextlib.suppress(OSError, ValueError):  # not there, or "max"
                    yield int((top / each / name).read_text())


def _worker_share(workers: int) -> int:
    return max(LEAST_WORKER, int(0.6 * memory() / workers))


def _whole(environ: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {text!r}.") from None
    if value < least:
        raise ValueError(f"{name} must be at least {least}, not {value}.")
    return value


@dataclass(frozen=True)
class Limits:
    """The bounds that a run queue keeps.

    Args:
        data: folder of checkpoints and curves.
        workers: worker processes of the local pool, one torch thread each.
        runs_per_session: runs of one browser that are waiting, training or paused.
        runs_total: the same over all browsers.
        questions_per_session: questions of one browser that wait for a worker.
        questions_total: the same over all browsers, and of the server itself.
        question_seconds: how long a question waits for a worker before it is given up.
        disk_bytes: checkpoints and curves on disk; the oldest ended runs go first.
        memory_bytes: curves of ended runs kept in memory; the oldest are left on disk.
        worker_bytes: data memory of one worker (Linux only, elsewhere the system decides).
        cluster: address of a Dask scheduler, or "" for the local pool.
    """

    data: Path = Path(".glasshouse")
    workers: int = field(default_factory=cores)
    runs_per_session: int = 24
    runs_total: int = 90
    questions_per_session: int = 40
    questions_total: int = 300
    question_seconds: float = 600
    disk_bytes: int = 2_000 * MEGABYTE
    memory_bytes: int = 200 * MEGABYTE
    worker_bytes: int = field(default_factory=lambda: _worker_share(cores()))
    cluster: str = ""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Limits:
        """Read the bounds from `GLASSHOUSE_*` variables; what is not set keeps its default.

        Raises:
            ValueError: a variable is not a whole number, or too small.
        """
        standard = cls()
        workers = _whole(environ, "GLASSHOUSE_WORKERS", standard.workers)
        share = _worker_share(workers) // MEGABYTE
        return cls(
            data=Path(environ.get("GLASSHOUSE_DATA") or standard.data),
            workers=workers,
            runs_per_session=_whole(
                environ, "GLASSHOUSE_RUNS_PER_SESSION", standard.runs_per_session
            ),
            runs_total=_whole(environ, "GLASSHOUSE_RUNS_TOTAL", standard.runs_total),
            questions_per_session=_whole(
                environ, "GLASSHOUSE_QUESTIONS_PER_SESSION", standard.questions_per_session
            ),
            questions_total=_whole(environ, "GLASSHOUSE_QUESTIONS_TOTAL", standard.questions_total),
            question_seconds=_whole(
                environ, "GLASSHOUSE_QUESTION_SECONDS", int(standard.question_seconds)
            ),
            disk_bytes=MEGABYTE * _whole(environ, "GLASSHOUSE_DISK_MB", 2_000),
            memory_bytes=MEGABYTE * _whole(environ, "GLASSHOUSE_MEMORY_MB", 200),
            worker_bytes=MEGABYTE * _whole(environ, "GLASSHOUSE_WORKER_MB", share),
            cluster=environ.get("GLASSHOUSE_CLUSTER", "").strip(),
        )
