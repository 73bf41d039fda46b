"""A run on disk: weights and optimiser state as safetensors, everything else as JSON beside them.

No pickle anywhere: reading a checkpoint runs no code. Whatever comes is distrusted: the header is
read first, and every name, shape and type must be what the settings call for before any tensor is
made.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from lab.training.declared import about, made
from lab.training.hyperparameters import Hyperparameters, SettingsError
from lab.training.settings import Settings

FORMAT = "glasshouse-checkpoint-1"
_ENTRY = "glasshouse"  # of the file's metadata
LARGEST = 4 << 30  # bytes
_LARGEST_HEADER = 16 << 20
_MOST_STEPS = 10**12  # and seconds
_FOREIGN = "This is not a checkpoint of a Glasshouse run."
_BROKEN = "This checkpoint is damaged: it was cut short or changed after it was written."


Network = TypeVar("Network", bound=nn.Module)


class CheckpointError(ValueError):
    """These bytes cannot be gone on from; the message is one sentence that says why."""


@dataclass
class Progress:
    """How far a run is, and what it needs besides tensors to go on exactly.

    Args:
        step: optimiser steps done.
        seconds: training time used.
        reported: step of the last regular event, -1 before the first.
        loss_sum, loss_count: training losses since that event.
        learning_rate, gradient_norm: of the last step.
        precision: what the settings' precision was resolved to at the start.
        live: what was changed during the run.
    """

    step: Annotated[int, about(ge=0, le=_MOST_STEPS)] = 0
    seconds: Annotated[float, about(ge=0, le=_MOST_STEPS)] = 0.0
    reported: Annotated[int, about(ge=-1, le=_MOST_STEPS)] = -1
    loss_sum: float = 0.0
    loss_count: Annotated[int, about(ge=0, le=_MOST_STEPS)] = 0
    learning_rate: float = 0.0
    gradient_norm: float | None = None
    precision: Annotated[str, about(choices=("float32", "bfloat16"))] = "float32"
    live: dict[str, Any] = field(default_factory=dict)


@dataclass
class Checkpoint:
    """A checkpoint, taken apart.

    Args:
        settings: of the run.
        progress: of the run.
        identity: names the data it learns from.
        about: strings that the task keeps.
        tensors: "model.*", "mean.*" and "square.*" (AdamW's two moments), float32.
    """

    settings: Hyperparameters
    progress: Progress
    identity: str
    about: dict[str, str]
    tensors: dict[str, Tensor]


def pack(state: Checkpoint) -> bytes:
    """Write a checkpoint to bytes: equal states give equal bytes."""
    head = {
        "format": FORMAT,
        "settings": state.settings.to_dict(),
        "progress": vars(state.progress),
        "identity": state.identity,
        "about": state.about,
    }
    # One entry: safetensors writes several in an order that changes from time to time.
    return save(state.tensors, metadata={_ENTRY: json.dumps(head, allow_nan=False)})


def unpack(data: bytes, kind: type[Hyperparameters] = Settings) -> Checkpoint:
    """Take a checkpoint apart; its tensors are fresh, aligned copies.

    Args:
        data: what `pack` gave.
        kind: the class of its settings.

    Raises:
        CheckpointError: the bytes are not a checkpoint, are damaged, or hold something odd.
    """
    head = _header(data)
    try:
        settings = kind.from_dict(head["settings"])
        progress = made(Progress, head["progress"])
        identity, about = head["identity"], head["about"]
        texts = [identity, *about, *about.values()]
        if not all(isinstance(text, str) for text in texts) or set(progress.live) - set(kind.live):
            raise CheckpointError(_BROKEN)
        settings.changed(**progress.live)  # raises SettingsError if one of them cannot be
        tensors = load(bytes(data))
    except (SettingsError, SafetensorError, ValueError, KeyError, TypeError, AttributeError):
        raise CheckpointError(_BROKEN) from None
    # The reader's tensors lie anywhere in memory. Where a matrix begins decides which code path
    # multiplies it, and so the last bit of the result: copies begin where fresh tensors do.
    copies = {name: tensor.clone() for name, tensor in tensors.items()}
    if not finite(copies.values()):
        raise CheckpointError("The weights in this checkpoint are not finite numbers.")
    return Checkpoint(settings, progress, identity, about, copies)


def rebuild(state: Checkpoint, build: Callable[[], Network]) -> Network:
    """Build a network with the weights of a checkpoint, ready to be used and not to be trained.

    Args:
        state: of the run; its tensors become those of the network.
        build: builds the network of the run's settings.

    Raises:
        CheckpointError: the weights are not those of such a network.
    """
    with torch.device("meta"):  # no initial weights are computed only to be overwritten
        model = build()
    weights = {
        name[6:]: tensor for name, tensor in state.tensors.items() if name.startswith("model.")
    }
    try:
        model.load_state_dict(weights, assign=True)
    except RuntimeError:
        raise CheckpointError("The weights in this checkpoint do not fit its settings.") from None
    return model.requires_grad_(False).eval()


def finite(tensors: Iterable[Tensor]) -> bool:
    """Tell whether all numbers in some tensors are finite.

    x - x is 0 for a number and NaN for NaN and infinity; a sum of them is several times faster
    than `isfinite` on a CPU.
    """
    zeros = [(tensor - tensor).sum() for tensor in tensors]
    return not zeros or math.isfinite(torch.stack(zeros).sum().item())


def _header(data: bytes) -> dict[str, Any]:
    # The head of a checkpoint, after a look at what its tensors claim to be.
    if not isinstance(data, bytes | bytearray | memoryview) or len(data) < 10:
        raise CheckpointError(_FOREIGN)
    if len(data) > LARGEST:
        raise CheckpointError(f"This checkpoint is larger than {LARGEST >> 30} GB.")
    length = int.from_bytes(data[:8], "little")
    if length > _LARGEST_HEADER or bytes(data[8:9]) != b"{":
        raise CheckpointError(_FOREIGN)
    if 8 + length > len(data):
        raise CheckpointError(_BROKEN)
    try:
        entries = json.loads(bytes(data[8 : 8 + length]))
        head = json.loads(entries.pop("__metadata__")[_ENTRY])
        known = head["format"] == FORMAT
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        known = False
    if not known:
        raise CheckpointError(_FOREIGN)
    try:
        claimed = sum(4 * math.prod(entry["shape"]) for entry in entries.values())
        whole = claimed == len(data) - 8 - length
        whole = whole and all(entry["dtype"] == "F32" for entry in entries.values())
    except (KeyError, TypeError):
        whole = False
    if not whole:
        raise CheckpointError(_BROKEN)
    return head


def begin(
    settings_class: type[Hyperparameters],
    first: str | None,
    settings: Any,
    checkpoint: bytes | None,
    changes: Mapping[str, Any],
) -> tuple[Any, Checkpoint | None]:
    """Return the settings of a run that begins or goes on, and the state that it goes on from.

    Args:
        settings_class: of the task; `default(first, **changes)` makes fresh ones.
        first: of `default`, such as the model; not read if settings or a checkpoint are given.
        settings: all choices at once; None for those of the checkpoint.
        checkpoint: to go on from, or None.
        changes: fields that are to be otherwise.

    Raises:
        SettingsError, CheckpointError: something cannot be.
    """
    state = None if checkpoint is None else unpack(checkpoint, settings_class)
    if settings is None and state is not None:
        settings = state.settings
    if settings is None:
        return settings_class.default(first, **changes), state
    return (settings.changed(**changes) if changes else settings), state
