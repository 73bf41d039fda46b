"""What the loop needs to know of a task. A new lesson adds a task and a model, never a loop."""

from __future__ import annotations

from typing import Any, Protocol

from torch import Tensor, nn

from lab.training.events import Evaluation, Shown
from lab.training.hyperparameters import Hyperparameters


class Task(Protocol):
    """Something to learn: data, a network for it, a loss, and what to show on the way.

    Attributes:
        settings: of the run.
        identity: names the data; a checkpoint goes on only with the identity it began with.
        about: strings to keep in a checkpoint, for whoever reads it without the data.
        fast_precision: the kinds of device on which "auto" may choose bfloat16.
        chance: whether the loss draws random numbers, as dropout does.
    """

    settings: Hyperparameters
    identity: str
    about: dict[str, str]
    fast_precision: tuple[str, ...]
    chance: bool

    def build(self) -> nn.Module:
        """Build the network with fresh random weights from torch's generator."""

    def to(self, device: str) -> None:
        """Bring the data to where they will be used."""

    def batch(self, step: int) -> Any:
        """Return the batch of a step (from 0): a function of the seed and the step alone."""

    def loss(self, model: nn.Module, batch: Any) -> Tensor:
        """Return the mean loss over a batch, a scalar that can be differentiated."""

    def evaluate(self, model: nn.Module, whole: bool) -> Evaluation:
        """Measure on held-out data: over everything, or over a fixed part of it."""

    def sample(self, model: nn.Module, step: int, live: dict[str, Any]) -> Shown | None:
        """Show what the model can do after `step` steps; None if there is nothing to show."""
