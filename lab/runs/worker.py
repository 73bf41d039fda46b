"""What runs inside a worker process: slices of runs, and short questions.

Torch is imported here and nowhere in the web process. Every function is a plain one of this
module, so that it can be sent by name.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

from lab.runs.kinds import kind_named, kind_of
from lab.runs.store import write_atomically
from lab.training.kind import Kind

DISK_FULL = (
    "The disk is full, so this run stopped at its last checkpoint; its curves are kept. "
    "Remove old runs or free some space, then resume it."
)
CORPUS_GONE = "The text of this run is gone: start it anew."
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
OUT_OF_MEMORY = (
    "A worker has not enough memory for this run. Choose a smaller width, batch or block; "
    "the curves up to here are kept."
)

_corpora: OrderedDict[str, Any] = OrderedDict()
_CORPORA_KEPT = 4


@dataclass(frozen=True)
class CorpusSource:
    """Where a worker finds a corpus: in its own cache, in a file, or in the bytes that came along.

    Args:
        digest: sha256 of the corpus, the key of the cache.
        path: file on a shared disk, or None.
        data: the corpus itself; sent only after a worker said that it has none.
    """

    digest: str
    path: Path | None = None
    data: bytes | None = None


class CorpusMissing(LookupError):
    """This worker has no such corpus yet: send it along."""


@dataclass(frozen=True)
class Job:
    """One slice to train.

    Args:
        settings: JSON form of `lab.training.Settings`.
        corpus: the text to learn from.
        checkpoint: file or bytes to go on from, None at the start.
        target: file to write the next checkpoint to; None sends it back as bytes.
        live: hyper-parameters that may change during a run.
        seconds: how long to train.
        steps: at most so many optimiser steps, or None.
    """

    settings: dict[str, Any]
    corpus: CorpusSource
    checkpoint: Path | bytes | None
    target: Path | None
    live: dict[str, Any]
    seconds: float
    steps: int | None = None


@dataclass(frozen=True)
class Advance:
    """What a slice brought: events in order, and the next checkpoint if one was sent back."""

    events: list[dict[str, Any]]
    finished: bool = False
    failure: str | None = None
    checkpoint: bytes | None = None
    wrote: bool = False


def start(parent: int, worker_bytes: int = 0, polite: int = 10) -> None:
    """Prepare a worker process: low priority, bounded memory, and never outlive the server."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(polite)
    if worker_bytes and sys.platform == "linux" and not Path("/dev/nvidiactl").exists():
        import resource

        # An allocation beyond it fails inside torch with a message; without it the system would
        # kill whichever process it likes, perhaps the student's browser. Not beside an NVIDIA
        # GPU: its driver maps far more than it uses.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (worker_bytes, worker_bytes))
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    ended = threading.Event()
    while not ended.wait(0.5):
        # Where a parent's death changes nothing for its children, its number dies with it.
        if os.getppid() != parent or not psutil.pid_exists(parent):
            os._exit(0)


def warm() -> int:
    """Import torch, so that the first slice does not wait for it; return the process id."""
    import torch

    import lab.training.slices  # noqa: F401

    torch.set_num_threads(1)
    return os.getpid()


def corpus_of(source: CorpusSource, kind: Kind[Any, Any]) -> Any:
    """Return the data of a source, from this worker's cache when they are there.

    Raises:
        CorpusMissing: neither cached, nor readable at the path, nor sent along.
    """
    if source.digest in _corpora:
        _corpora.move_to_end(source.digest)
        return _corpora[source.digest]
    data = source.data
    if data is None and source.path is not None:
        with contextlib.suppress(OSError):
            data = source.path.read_bytes()
    if data is None:
        raise CorpusMissing(CORPUS_GONE)
    _corpora[source.digest] = kind.data(data)
    while len(_corpora) > _CORPORA_KEPT:
        _corpora.popitem(last=False)
    return _corpora[source.digest]


def _bytes_of(checkpoint: Path | bytes | None) -> bytes | None:
    return checkpoint.read_bytes() if isinstance(checkpoint, Path) else checkpoint


def advance(job: Job) -> Advance:
    """Train one slice: read the checkpoint, run the training loop, write the next checkpoint."""
    from lab.training.slices import run_slice

    kind = kind_of(job.settings)
    data = corpus_of(job.corpus, kind)
    result = run_slice(
        kind, job.settings, data, _bytes_of(job.checkpoint), job.live, job.seconds, job.steps
    )
    if result.failure or result.checkpoint is None:
        return Advance(result.events, result.finished, result.failure)
    if job.target is None:
        return Advance(result.events, result.finished, checkpoint=result.checkpoint)
    try:
        write_atomically(job.target, result.checkpoint)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        return Advance([], failure=DISK_FULL)
    return Advance(result.events, result.finished, wrote=True)


def ask(
    task: str, name: str, corpus: CorpusSource, checkpoint: Path | bytes | None, **arguments: Any
) -> Any:
    """Answer a short question on a checkpoint and data.

    Args:
        task: of the run.
        name: of one of the task's questions, or "lab.module:function" for one of another module.
        corpus, checkpoint: of the run.
        arguments: of the question.
    """
    kind = kind_named(task)
    found, data = corpus_of(corpus, kind), _bytes_of(checkpoint)
    module, _, last = name.rpartition(":")
    function = getattr(_of_the_lab(module) if module else kind.questions(), last)
    return function(found, **arguments) if data is None else function(data, found, **arguments)


def compute(module: str, function: str, **arguments: Any) -> Any:
    """Call a function of the lab by its names: so the web process need not import its module."""
    return getattr(_of_the_lab(module), function)(**arguments)


def _of_the_lab(module: str) -> ModuleType:
    if not module.startswith("lab."):
        raise ValueError(f"{module!r} is not a module of the lab.")
    return import_module(module)


def devices() -> list[str]:
    """Return the devices that this worker can train on, "cpu" first."""
    from lab.training.device import available

    return available()


def check(checkpoint: bytes, settings: dict[str, Any], corpus: bytes) -> int:
    """Return the step of a checkpoint that came from a file.

    Raises:
        ValueError: it is damaged, or does not fit the settings and the vocabulary beside it.
    """
    from lab.training.checkpoint import CheckpointError, unpack

    kind = kind_of(settings)
    state = unpack(checkpoint, kind.settings)
    if state.settings.to_dict() != settings:
        raise CheckpointError("These two files were not saved together: their settings differ.")
    kind.questions().load(checkpoint, kind.data(corpus))
    return state.progress.step
