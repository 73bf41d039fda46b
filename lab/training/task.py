"""What the loop needs to know of a task. A new lesson adds a task and a model, never a loop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from torch import Tensor, nn

from lab.training.checkpoint import begin
from lab.training.events import Evaluation, Event, Shown
from lab.training.hyperparameters import Hyperparameters
from lab.training.kind import Data
from lab.training.randomness import BATCHES, CHUNK, stream

S = TypeVar("S", bound=Hyperparameters)
D = TypeVar("D", bound=Data)
M = TypeVar("M", bound=nn.Module)


class Task(ABC, Generic[S, D, M]):
    """Something to learn: data, a network for it, a loss, and what to show on the way.

    Written `Task[S, D, M]` for its settings, its data and its network.

    Args:
        settings: of the run.
        data: to learn from and to measure on.

    Attributes:
        settings_class: of the task.
        identity: names the data; a checkpoint goes on only with the identity it began with.
        about: strings to keep in a checkpoint, for whoever reads it without the data.
        fast_precision: the kinds of device on which "auto" may choose bfloat16.
        chance: whether the loss draws random numbers, as dropout does.
        device: where the network is.
    """

    settings_class: ClassVar[type[Hyperparameters]]
    fast_precision: tuple[str, ...] = ()
    chance: bool = False

    def __init__(self, settings: S, data: D):
        self.settings, self.data = settings, data
        self.identity = data.digest
        self.about: dict[str, str] = {}
        self.device = "cpu"
        self._chunk, self._drawn = -1, np.empty((0, 0), dtype=np.int64)

    def to(self, device: str) -> None:
        """Bring the data to where they will be used; small batches are brought one by one."""
        self.device = device

    @abstractmethod
    def build(self) -> M:
        """Build the network with fresh random weights from torch's generator."""

    @abstractmethod
    def batch(self, step: int) -> Any:
        """Return the batch of a step (from 0): a function of the seed and the step alone."""

    @abstractmethod
    def loss(self, model: M, batch: Any) -> Tensor:
        """Return the mean loss over a batch, a scalar that can be differentiated."""

    @abstractmethod
    def evaluate(self, model: M, whole: bool) -> Evaluation:
        """Measure on held-out data: over everything, or over a fixed part of it."""

    @abstractmethod
    def sample(self, model: M, step: int, live: dict[str, Any]) -> Shown | None:
        """Show what the model can do after `step` steps; None if there is nothing to show."""

    def drawn(self, step: int, examples: int) -> np.ndarray:
        """Return which examples a step learns from, (B) numbers from 0 to below `examples`."""
        chunk, place = divmod(step, CHUNK)
        if chunk != self._chunk:
            random = stream(self.settings.seed, BATCHES, chunk)
            self._drawn = random.integers(0, examples, (CHUNK, self.settings.batch))
            self._chunk = chunk
        row: np.ndarray = self._drawn[place]
        return row

    @classmethod
    def run(
        cls,
        data: D,
        model: str | None = None,
        *,
        settings: S | None = None,
        checkpoint: bytes | None = None,
        live: dict[str, Any] | None = None,
        slice_seconds: float | None = None,
        slice_steps: int | None = None,
        **overrides: Any,
    ) -> Iterator[Event]:
        """Train on data, and tell on the way how it goes.

        The generator can be closed at any time; `event.checkpoint()` gives the state at an event.

        Args:
            data: to learn from.
            model: which of the task's models; not read if settings or a checkpoint are given.
            settings: all choices at once, instead of the defaults of `model`.
            checkpoint: go on from here, with the settings in it unless others are given.
            live: setting -> value, read at every step, so that whoever holds the dict can change
                a run under way; which settings may change, `settings.live` says. A learning rate
                takes the place of the settings'; the schedule goes on multiplying it.
            slice_seconds, slice_steps: stop after about so much work, at least one step.
            overrides: settings to choose otherwise, a budget among them.

        Raises:
            SettingsError, CheckpointError: at once, before anything is trained.
            Diverged: on the way; all events before it have been handed out.
        """
        from lab.training.loop import fit

        chosen, state = begin(cls.settings_class, model, settings, checkpoint, overrides)
        return fit(cls(chosen, data), state, live, slice_seconds, slice_steps)


def spread(count: int, most: int) -> np.ndarray:
    """Return `most` numbers from 0 to below `count`, spread evenly; all if there are no more."""
    some = min(count, most)
    return np.arange(some) * count // some
