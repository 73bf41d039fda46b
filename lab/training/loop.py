"""The one training loop: for every model, in slices, and exactly resumable."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from lab.training.checkpoint import Checkpoint, CheckpointError, Progress, finite, pack
from lab.training.device import clock, resolve_device, resolve_precision
from lab.training.events import Event, Shown
from lab.training.randomness import DROPOUT, WEIGHTS, own_torch_randomness, torch_seed
from lab.training.schedule import evaluates, learning_rate_factor, reports
from lab.training.task import Task

BETA1 = 0.9
PARTS = ("model", "mean", "square")  # weights, and the two moments of AdamW


class Diverged(RuntimeError):
    """The loss or the weights are not finite numbers any more; the message is one sentence."""

    def __init__(self, step: int):
        super().__init__(
            f"Training diverged at step {step}: the loss is no finite number any more. "
            "Choose a smaller learning rate."
        )
        self.step = step


def fit(
    task: Task[Any, Any, Any],
    checkpoint: Checkpoint | None = None,
    live: dict[str, Any] | None = None,
    slice_seconds: float | None = None,
    slice_steps: int | None = None,
) -> Iterator[Event]:
    """Train a task's network and yield events; see `lab.training.train` for the arguments.

    The tensors of the checkpoint become those of the network: unpack it anew for another run.

    Raises:
        CheckpointError: the checkpoint belongs to another network or other data.
        Diverged: on the way.
    """
    return _Run(task, checkpoint, live if live is not None else {}).events(
        slice_seconds, slice_steps
    )


class _Run:
    def __init__(
        self, task: Task[Any, Any, Any], checkpoint: Checkpoint | None, live: dict[str, Any]
    ):
        self.task, self.settings, self.live = task, task.settings, live
        self.device = resolve_device(self.settings.device)
        self.clock = clock(self.device)
        self.progress = deepcopy(checkpoint.progress) if checkpoint else self._begin()
        if checkpoint:
            self._check_belongs(checkpoint)
        with self._own_torch(chance=True):
            self.model = self._model(checkpoint)
            self.optimizer = self._optimizer(checkpoint)
        task.to(self.device)
        self.parameters = list(self.model.parameters())
        self.recent: list[Tensor] = []  # losses on an accelerator that nobody has waited for
        self.norm = torch.zeros(())

    def _begin(self) -> Progress:
        precision = resolve_precision(
            self.settings.precision, self.device, self.task.fast_precision
        )
        return Progress(precision=precision)

    def _check_belongs(self, checkpoint: Checkpoint) -> None:
        if type(checkpoint.settings) is not type(self.settings):
            raise CheckpointError("This checkpoint is of another task.")
        for name in self.settings.architecture:
            then, now = getattr(checkpoint.settings, name), getattr(self.settings, name)
            if then != now:
                raise CheckpointError(
                    f"This checkpoint is of a model with {name} {then}, not {now}."
                )
        if checkpoint.identity != self.task.identity:
            raise CheckpointError("This checkpoint learned from other data than these.")

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
        model.load_state_dict(weights, assign=True)  # what `build` has frozen stays so
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
        progress, steps, worked = self.progress, 0, 0.0
        untold = progress.step == 0 and progress.reported < 0
        if untold or self._finished():
            with self._own_torch():
                event = self._event(interim=False)
            yield event
        while not self._finished():
            begun = self.clock()
            with self._own_torch(chance=self.task.chance):
                before = progress.seconds
                due = over = False
                while not (due or over):
                    self._step()
                    steps += 1
                    spent = self.clock() - begun
                    progress.seconds = before + spent
                    due = self._finished() or reports(progress.step, self.settings)
                    over = (slice_steps is not None and steps >= slice_steps) or (
                        slice_seconds is not None and worked + spent >= slice_seconds
                    )
                if self.recent:
                    self._settle()
                    progress.seconds = before + self.clock() - begun
                    due = due or self._finished()
                event = self._event(interim=not due)
            worked += self.clock() - begun
            yield event
            if over or (slice_seconds is not None and worked >= slice_seconds):
                return

    def _finished(self) -> bool:
        return self._share_used() >= 1

    def _share_used(self) -> float:
        """Return the share of the budget that is used, from 0 to 1 (or a little more)."""
        settings, step = self.settings, self.progress.step
        if settings.steps is not None:
            return step / settings.steps
        if settings.tokens is not None:
            return settings.tokens_until(step) / settings.tokens
        return self.progress.seconds / settings.seconds

    def _step(self) -> None:
        progress, settings = self.progress, self.settings
        rate = self._live("learning_rate", settings.learning_rate) * learning_rate_factor(
            settings.schedule, settings.warmup, progress.step, self._share_used()
        )
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        if self.task.chance:
            torch.manual_seed(torch_seed(settings.seed, DROPOUT, progress.step))
        batch = self.task.batch(progress.step)
        self.optimizer.zero_grad()
        with self._autocast():
            loss = self.task.loss(self.model, batch)
        loss.backward()
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        norm = torch.nn.utils.get_total_norm(gradients)
        if self.device == "cpu":
            value, length = loss.item(), norm.item()
            if not (math.isfinite(value) and math.isfinite(length)):
                raise Diverged(progress.step + 1)
            progress.loss_sum += value
            progress.gradient_norm = length
            if length > settings.clip:
                torch.nn.utils.clip_grads_with_norm_(self.parameters, settings.clip, norm)
        else:
            # Asking an accelerator for a number waits for it: `_settle` asks once for many steps.
            self.recent.append(loss.detach())
            self.norm = norm
            torch.nn.utils.clip_grads_with_norm_(self.parameters, settings.clip, norm)
        self.optimizer.step()
        progress.loss_count += 1
        progress.learning_rate = rate
        progress.step += 1

    def _settle(self) -> None:
        """Wait for an accelerator, and fetch what the steps since the last time have given."""
        total = math.fsum(torch.stack(self.recent).tolist())
        self.recent.clear()
        length = self.norm.item()
        if not (math.isfinite(total) and math.isfinite(length)):
            raise Diverged(self.progress.step)
        self.progress.loss_sum += total
        self.progress.gradient_norm = length

    def _live(self, name: str, default: Any) -> Any:
        """Return a value that may change during the run: the caller's, the last one, or ours."""
        last = self.progress.live.get(name, default)
        # None is a value for top_k only (draw from all tokens); for the others, "as before".
        value = self.live.get(name, last)
        if value is None and name != "top_k":
            value = last
        if value != last:
            self.settings.changed(**{name: value})  # raises SettingsError if it cannot be
            self.progress.live[name] = value
        return value

    # Telling --------------------------------------------------------------------------------

    def _event(self, interim: bool) -> Event:
        progress, finished = self.progress, self._finished()
        loss: float | None = None
        metrics: dict[str, float] = {}
        sample: Shown | None = None
        if not interim and (finished or evaluates(progress.step, self.settings)):
            loss, metrics, sample = self._look(finished)
        train_loss = progress.loss_sum / progress.loss_count if progress.loss_count else None
        if not interim:
            progress.reported = progress.step
            progress.loss_sum, progress.loss_count = 0.0, 0
        step = progress.step
        return Event(
            step=step,
            tokens=self.settings.tokens_until(step),
            seconds=progress.seconds,
            train_loss=train_loss,
            validation_loss=loss,
            metrics=metrics,
            learning_rate=progress.learning_rate,
            gradient_norm=progress.gradient_norm,
            sample=sample,
            finished=finished,
            interim=interim,
            _checkpoint=lambda: self._checkpoint(step),
        )

    def _look(self, whole: bool) -> tuple[float, dict[str, float], Shown | None]:
        self.model.eval()
        with self._autocast():
            loss, metrics = self.task.evaluate(self.model, whole)
        if not math.isfinite(loss):
            raise Diverged(self.progress.step)
        live = {name: self._live(name, getattr(self.settings, name)) for name in self.settings.live}
        sample = self.task.sample(self.model, self.progress.step, live)
        self.model.train()
        return loss, metrics, sample

    def _checkpoint(self, step: int) -> bytes:
        if step != self.progress.step:
            raise RuntimeError("The run has moved on: ask for the checkpoint at its event.")
        with self._own_torch():
            weights = {n: p.detach() for n, p in self.model.state_dict().items()}
            if not finite(weights.values()):
                raise Diverged(step)
            tensors = {f"model.{name}": tensor for name, tensor in weights.items()}
            for name, parameter in self.model.named_parameters():
                state = self.optimizer.state.get(parameter) or {}
                for part, key in (("mean", "exp_avg"), ("square", "exp_avg_sq")):
                    tensors[f"{part}.{name}"] = state.get(key, torch.zeros_like(parameter.detach()))
            tensors = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
            return pack(
                Checkpoint(
                    self.settings, self.progress, self.task.identity, self.task.about, tensors
                )
            )

    # Surroundings ---------------------------------------------------------------------------

    def _autocast(self) -> contextlib.AbstractContextManager[Any]:
        if self.progress.precision == "float32":
            return contextlib.nullcontext()
        return torch.autocast(self.device, dtype=torch.bfloat16)

    @contextlib.contextmanager
    def _own_torch(self, chance: bool = False) -> Iterator[None]:
        """Compute with one thread and own random numbers; leave torch as it was found.

        One thread, so that the same seed gives the same bits on every machine of a kind, and a
        CPU second means the same for every model.
        """
        threads = torch.get_num_threads()
        if self.device == "cpu" and threads != 1:
            torch.set_num_threads(1)
        try:
            with own_torch_randomness(self.device if chance else None):
                yield
        finally:
            if threads != torch.get_num_threads():
                torch.set_num_threads(threads)
