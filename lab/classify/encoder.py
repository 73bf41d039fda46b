"""The project's masked model as the beginning of a classifier."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING

from lab.places import ASSETS

if TYPE_CHECKING:
    from lab.models.bert import Bert

MODEL = ASSETS / "masked"


@cache
def shape() -> tuple[int, int, int, int, int]:
    """Return vocabulary size, width, layers, heads and context. Loads no torch."""
    config = json.loads((MODEL / "config.json").read_text(encoding="utf-8"))
    names = (
        "vocab_size",
        "hidden_size",
        "num_hidden_layers",
        "num_attention_heads",
        "max_position_embeddings",
    )
    return tuple(config[name] for name in names)


@cache
def fingerprint() -> str:
    """Name the weights: other weights, another name."""
    return hashlib.sha256((MODEL / "model.safetensors").read_bytes()).hexdigest()[:16]


def pretrained() -> Bert:
    """Return the encoder with the weights of the project's masked model, float32."""
    return deepcopy(_loaded())


@cache
def _loaded() -> Bert:
    import torch

    from lab.masked.export import load

    with torch.device("cpu"):  # also where somebody builds without weights
        return load(MODEL)[0].requires_grad_()


def fresh() -> Bert:
    """Return the same network with random weights from torch's generator."""
    from lab.models.bert import Bert

    return Bert(*shape())
