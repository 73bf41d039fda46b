"""The first layer's weights, the only ones that meet a channel: read without torch, to be drawn."""

from __future__ import annotations

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, load_file

from lab.crops.network.settings import WEIGHTS
from lab.crops.stack import CropError

NAME = "encoder.0.conv.weight"  # (c, P, 3, 3)


def of_weights(name: str = "korea") -> np.ndarray:
    """Return (c, P, 3, 3) float32 of weights of the project.

    Raises:
        CropError: there are none of that name.
    """
    path = WEIGHTS / f"{name}.safetensors"
    if not name.isidentifier() or not path.exists():
        raise CropError(f"There are no weights called {name[:40]!r}.")
    return load_file(path)[NAME].astype(np.float32)


def of_checkpoint(stored: bytes) -> np.ndarray:
    """Return the same of a run's checkpoint.

    Raises:
        CropError: it is none of this network.
    """
    try:
        return load(stored)[f"model.{NAME}"].astype(np.float32)
    except (SafetensorError, KeyError, ValueError):
        raise CropError("This checkpoint holds no first layer of the crop network.") from None


def two_channels(first: np.ndarray) -> np.ndarray:
    """Return (c, 2, 3, 3) from (c, 1, 3, 3): the weights copied, all divided by two.

    Source: Jo et al. 2022, equation 3.
    """
    return np.repeat(first, 2, axis=1) / 2
