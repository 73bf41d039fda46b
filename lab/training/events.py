"""What a run tells about itself while it trains. No torch here."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple, Protocol


@dataclass(frozen=True)
class Sample:
    """A piece of text that the model wrote, and what it was thinking of at each place.

    Args:
        step: optimiser step at which it was drawn.
        prompt: what the model was given to go on from.
        text: what it wrote, without the prompt.
        tokens: the L tokens of the text, each written so that it can be seen (a space is ␣).
        ids: (L) their numbers in the vocabulary.
        probabilities: (L) the model's own probability of each token, at temperature 1 and over
            the whole vocabulary.
        alternatives: for each position up to 8 (token, probability) pairs, most probable first,
            as if nothing had been drawn there yet.
        temperature, top_k: what it was drawn with.
        unknown: pieces of the prompt that the vocabulary lacks.
    """

    step: int
    prompt: str
    text: str
    tokens: list[str]
    ids: list[int]
    probabilities: list[float]
    alternatives: list[list[tuple[str, float]]]
    temperature: float
    top_k: int | None
    unknown: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the sample as a dict that JSON can hold."""
        return asdict(self)


class Shown(Protocol):
    """What a task shows of its model at a point of a run."""

    @property
    def step(self) -> int:
        """The optimiser step at which it was made."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dict that JSON can hold, with the step in it."""


class Evaluation(NamedTuple):
    """What a task measures on held-out data.

    Args:
        loss: the validation loss.
        metrics: anything else, by name.
    """

    loss: float
    metrics: dict[str, float]


@dataclass(frozen=True)
class Event:
    """A point of a run's curves.

    Args:
        step: optimiser steps so far; 0 is the untrained model.
        tokens: tokens learned from so far, repetitions counted.
        seconds: time spent on optimiser steps so far, evaluation and samples left out: CPU
            seconds on a CPU, seconds of the clock on an accelerator.
        train_loss: mean over the steps since the event before, in nats per token; None at step 0.
        validation_loss: in nats per token, None where it was not measured.
        learning_rate: of the step just done.
        gradient_norm: of the step just done, before clipping; None at step 0.
        sample: what the model writes at this point, or None.
        finished: the budget is used; this validation loss is over the whole validation part.
        metrics: what else was measured with the validation loss, by name, such as exact match.
        interim: the point is there only because a slice ended between two regular points, so that
            something moves; the steps it covers are counted in the next regular point again.
    """

    step: int
    tokens: int
    seconds: float
    train_loss: float | None
    validation_loss: float | None
    learning_rate: float
    gradient_norm: float | None
    sample: Shown | None = None
    finished: bool = False
    interim: bool = False
    metrics: dict[str, float] = field(default_factory=dict)
    _checkpoint: Callable[[], bytes] | None = field(default=None, repr=False, compare=False)

    def checkpoint(self) -> bytes:
        """Return the state of the run at this event, to go on from (`train(checkpoint=...)`).

        Ask before the next event is asked for: the run itself moves on.

        Raises:
            RuntimeError: the run has moved on, or this event came from a file.
            Diverged: the weights are not finite any more.
        """
        if self._checkpoint is None:
            raise RuntimeError("This event carries no state to make a checkpoint of.")
        return self._checkpoint()

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a dict that JSON can hold (no NaN, no infinity)."""
        values = {
            name: getattr(self, name)
            for name in (
                "step",
                "tokens",
                "seconds",
                "train_loss",
                "validation_loss",
                "learning_rate",
                "gradient_norm",
                "finished",
                "interim",
            )
        }
        values["metrics"] = self.metrics
        values["sample"] = self.sample.to_dict() if self.sample else None
        return _finite(values)


def _finite(value: Any) -> Any:
    """Return a value that JSON can hold: NaN and infinity become None."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
