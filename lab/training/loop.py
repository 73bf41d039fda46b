"""The one training loop: for every model, in slices, and exactly resumable."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from lab.training.checkpoint import Checkpoint, CheckpointError, Progress, pack
from lab.training.device import clock, resolve_device, resolve_precision
from lab.training.events import Event, Sample
from lab.training.randomness import DROPOUT, WEIGHTS, own_torch_randomness, torch_seed
from lab.training.schedule import evaluates, learning_rate_factor, reports
from lab.training.settings import SettingsError
from lab.training.task import Task

BETA1 = 0.9
_ARCHITECTURE = (
    "model",
    "layers",
    "width",
    "heads",
    "positions",
    "window",
    "embedding",
    "block",
)


class Diverged(RuntimeError):
    """The loss or the weights are not finite numbers any more; the message is one sentence."""

    def __init__(self, step: int):
        super().__init__(
            f"Training diverged at step {step}: the loss is no finite number any more. "
            "Choose a smaller learning rate."
        )
        self.step = step


def fit(
    task: Task,
    checkpoint: Checkpoint | None = None,
    live: dict[str, Any] | None = None,
    slice_seconds: float | None = None,
    slice_steps: int | None = None,
) -> Iterator[Event]:
    """Train a task's network and yield events; see `lab.training.train` for the arguments.

    Raises:
        CheckpointError: the checkpoint belongs to another network or other data.
        Diverged: on the way.
    """
    return _Run(task, checkpoint, live if live is not None else {}).events(
        slice_seconds, slice_steps
    )


class _Run:
    def __init__(self, task: Task, checkpoint: Checkpoint | None, live: dict[str, Any]):
        self.task, self.settings, self.live = task, task.settings, live
        self.device = resolve_device(self.settings.device)
        self.clock = clock(self.device)
        self.progress = checkpoint.progress if checkpoint else self._begin()
        if checkpoint:
            self._check_belongs(checkpoint)
        with self._own_torch():
            self.model = self._model(checkpoint)
            self.optimizer = self._optimizer(checkpoint)
        task.to(self.device)
        self.parameters = list(self.model.parameters())
        self.recent: list[Tensor] = []  # losses on an accelerator that nobody has waited for
        self.norm: Tensor | None = None
        self._live_checked: dict[str, Any] = {}

    def _begin(self) -> Progress:
        precision = resolve_precision(self.settings.precision, self.device, self.settings.model)
        return Progress(precision=precision)

    def _check_belongs(self, checkpoint: Checkpoint) -> None:
        for name in _ARCHITECTURE:
            then, now = getattr(checkpoint.settings, name), getattr(self.settings, name)
            if then != now:
                raise CheckpointError(
                    f"This checkpoint is of a model with {name} {then}, not {now}."
                )
        if checkpoint.identity != self.task.identity:
            raise CheckpointError("This checkpoint learned from another text than this one.")

    def _model(self, checkpoint: Checkpoint | None) -> nn.Module:
        if checkpoint is None:
            torch.manual_seed(torch_seed(self.settings.seed, WEIGHTS))
            return self.task.build().to(self.device)
        # No initial weights are computed only to be overwritten.
        with torch.device("meta"):
            model = self.task.build()
        shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
        expected = {f"{part}.{name}": shape for part in PARTS for name, shape in shapes.items()}
        found = {name: tensor.shape for name, tensor in checkpoint.tensors.items()}
        if expected != found:
            raise CheckpointError("The weights in this checkpoint do not fit its settings.")
        weights = {name: checkpoint.tensors[f"model.{name}"] for name in shapes}
        model.load_state_dict(weights, assign=True)
        for parameter in model.parameters():
            parameter.requires_grad_()
        return model.to(self.device)

    def _optimizer(self, checkpoint: Checkpoint | None) -> torch.optim.AdamW:
        named = list(self.model.named_parameters())
        groups = [
            {
                "params": [p for _, p in named if p.ndim >= 2],
                "weight_decay": self.settings.weight_decay,
            },
            {"params": [p for _, p in named if p.ndim < 2], "weight_decay": 0.0},
        ]
        optimizer = torch.optim.AdamW(
            groups, lr=1.0, betas=(BETA1, self.settings.beta2), fused=True
        )
        if checkpoint is not None:
            for name, parameter in named:
                optimizer.state[parameter] = {
                    "step": torch.tensor(float(self.progress.step), device=self.device),
                    "exp_avg": checkpoint.tensors[f"mean.{name}"].to(self.device),
                    "exp_avg_sq": checkpoint.tensors[f"square.{name}"].to(self.device),
                }
        return optimizer

    # Going on -------------------------------------------------------------------------------

    def events(self, slice_seconds: float | None, slice_steps: int | None) -> Iterator[Event]:
        """Yield events until the budget is used or the slice is over."""
        progress, worked, steps = self.progress, 0.0, 0
        if progress.reported < progress.step and (progress.step == 0 or self._finished()):
            with self._own_torch():
                event = self._event()
            yield event
        while not self._finished():
            with self._own_torch():
                begun = self.clock()
                due = False
                while not due:
                    self._step()
                    steps += 1
                    ...
            yield event
