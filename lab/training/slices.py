"""A slice of a run as a plain function: what the workers of the queue call."""

from __future__ import annotations

from typing import Any, NamedTuple

from lab.training.checkpoint import CheckpointError, unpack
from lab.training.hyperparameters import SettingsError
from lab.training.kind import Kind
from lab.training.loop import Diverged, fit

OUT_OF_MEMORY = (
    "This run needs more memory than it may use: choose a smaller width, fewer layers, a smaller "
    "batch or a shorter block."
)


class SliceResult(NamedTuple):
    """What a slice brought.

    Attributes:
        checkpoint: to go on from; after a failure the one that the slice began with.
        events: `Event.to_dict()` of each, in order; after a failure those before it.
        finished: the budget is used.
        failure: a sentence that says why the run cannot go on, or None.
    """

    checkpoint: bytes | None
    events: list[dict[str, Any]]
    finished: bool
    failure: str | None


def run_slice(
    kind: Kind[Any, Any],
    settings: dict[str, Any],
    data: Any,
    checkpoint: bytes | None,
    live: dict[str, Any] | None,
    seconds: float | None,
    steps: int | None = None,
) -> SliceResult:
    """Train for a moment, from bytes to bytes.

    Args:
        kind: of the run.
        settings: `Hyperparameters.to_dict()`.
        data: what to learn from, as `Kind.data` reads it.
        checkpoint: what the slice before gave, None at the start.
        live: see `lab.training.train`.
        seconds: about how long, evaluations included; at least one step is made.
        steps: at most so many, or None.
    """
    events: list[dict[str, Any]] = []
    last = None
    try:
        task = kind.task(kind.settings.from_dict(settings), data)
        state = None if checkpoint is None else unpack(checkpoint, kind.settings)
        for event in fit(task, state, live, seconds, steps):
            if not event.interim or steps is not None or not events:
                events.append(event.to_dict())
            last = event
        assert last is not None  # a slice makes at least one step, and tells of it
        return SliceResult(last.checkpoint(), events, last.finished, None)
    except (Diverged, SettingsError, CheckpointError) as error:
        return SliceResult(checkpoint, events, False, str(error))
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
    return SliceResult(checkpoint, events, False, OUT_OF_MEMORY)


def out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that memory ran out: Python's, torch's or an accelerator's."""
    import torch

    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    said = str(error).lower()
    return isinstance(error, RuntimeError) and any(
        words in said
        for words in ("out of memory", "can't allocate memory", "not enough memory", "bad_alloc")
    )
