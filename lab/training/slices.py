"""A slice of a run as a plain function: what the workers of the queue call."""

from __future__ import annotations

from typing import Any, NamedTuple

from lab.text.corpus import Corpus
from lab.training.checkpoint import CheckpointError
from lab.training.language import train
from lab.training.loop import Diverged
from lab.training.settings import Settings, SettingsError

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
    settings: dict[str, Any],
    corpus: Corpus,
    checkpoint: bytes | None,
    live: dict[str, Any] | None,
    seconds: float | None,
    steps: int | None = None,
) -> SliceResult:
    """Train for a moment, from bytes to bytes.

    Args:
        settings: `Settings.to_dict()`.
        corpus: what to learn from.
        checkpoint: what the slice before gave, None at the start.
        live: see `lab.training.train`.
        seconds: about how long, evaluations included; at least one step is made.
        steps: at most so many, or None.
    """
    events: list[dict[str, Any]] = []
    last = None
    try:
        for event in train(
            text=corpus,
            settings=Settings.from_dict(settings),
            checkpoint=checkpoint,
            live=live,
            slice_seconds=seconds,
            slice_steps=steps,
        ):
            if not event.interim or steps is not None or not events:
                events.append(event.to_dict())
            last = event
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
