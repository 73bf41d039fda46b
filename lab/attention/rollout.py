"""Attention over several layers in one matrix: means, and rollout."""

from __future__ import annotations

import numpy as np


def mean_of_heads(layers: np.ndarray) -> np.ndarray:
    """Return the mean over the heads of each layer.

    Args:
        layers: (L, H, T, T) weights, rows sum to one.

    Returns:
        (L, T, T).
    """
    return np.asarray(layers, dtype=np.float64).mean(axis=1)


def rollout(layers: np.ndarray) -> np.ndarray:
    """Follow attention down to the input tokens, the residual connections included.

    Half of what a token is after a layer comes past the attention, through the residual
    connection: A' = 0.5 A + 0.5 I, A being the mean over heads, with rows that sum to one. Then
    R_1 = A'_1 and R_l = A'_l R_(l-1).

    Source: Abnar and Zuidema 2020, Quantifying Attention Flow in Transformers, section 3.

    Args:
        layers: (L, H, T, T) weights from the first layer to the last.

    Returns:
        (L, T, T): row i of the l-th matrix tells of which input tokens token i is made after
        layer l.

    Raises:
        ValueError: the matrices are not square.
    """
    means = mean_of_heads(layers)
    if means.ndim != 3 or means.shape[1] != means.shape[2]:
        raise ValueError("Rollout needs self-attention: as many rows as columns in every layer.")
    rolled = []
    for mean in means:
        mixed = 0.5 * mean + 0.5 * np.eye(len(mean))  # (T, T)
        mixed /= mixed.sum(axis=1, keepdims=True)
        rolled.append(mixed @ rolled[-1] if rolled else mixed)
    return np.stack(rolled)
