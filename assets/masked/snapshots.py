"""Weights on the way in half precision: a file each, with what they were trained with."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save
from torch import Tensor

from lab.masked.settings import MaskedSettings
from lab.models.bert import Bert

_ENTRY = "glasshouse-masked"


@dataclass(frozen=True)
class Snapshot:
    """A masked model at a point of its training.

    Args:
        model: ready to be used, float32.
        tokens: the vocabulary, in the order of its numbers.
        about: {"step", "tokens_read", "loss", "settings", ...} as they were written.
    """

    model: Bert
    tokens: list[str]
    about: dict[str, Any]


def save_snapshot(
    path: Path, weights: dict[str, Tensor], tokens: list[str], about: dict[str, Any]
) -> None:
    """Write weights in half precision, at once or not at all.

    Args:
        path: of the file.
        weights: `Bert.state_dict()`.
        tokens: the vocabulary.
        about: what JSON can hold; "settings" must be `MaskedSettings.to_dict()`.
    """
    half = {name: tensor.detach().half().contiguous() for name, tensor in weights.items()}
    head = json.dumps({"tokens": tokens, "about": about}, allow_nan=False)
    write(path, save(half, metadata={_ENTRY: head}))


def load_snapshot(path: Path) -> Snapshot:
    """Read what `save_snapshot` wrote.

    Raises:
        OSError, ValueError: the file is not there, or something else.
    """
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
    if _ENTRY not in metadata:
        raise ValueError(f"{path.name} is not a snapshot of a masked model.")
    head = json.loads(metadata[_ENTRY])
    settings = MaskedSettings.from_dict(head["about"]["settings"])
    with torch.device("meta"):
        model = Bert(
            len(head["tokens"]), settings.width, settings.layers, settings.heads, settings.context
        )
    weights = {name: tensor.float() for name, tensor in load_file(path).items()}
    model.load_state_dict(weights, assign=True)
    return Snapshot(model.requires_grad_(False).eval(), head["tokens"], head["about"])


def write(path: Path, data: bytes) -> None:
    """Write a file at once or not at all, whatever kills the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
