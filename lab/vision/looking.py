"""Which part of the picture the answer was made of, read from attention weights. No torch here.

A Vision Transformer answers from its class token: token 0 of T = n * n + 1. The CNN answers from a
pooling over its T = n * n places: with weights of its own, or from their plain mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.attention.rollout import rollout

Layers = Sequence[np.ndarray]  # (nh, T, T) each, the pooling's (1, 1, T) last


def places(row: np.ndarray, grid: int) -> np.ndarray:
    """Return the part of rows that falls on places of the picture.

    Args:
        row: (..., T), over the places and perhaps a class token before them.
        grid: n, places a side.

    Returns:
        (..., n * n); what the class token kept for itself is missing from the sum.
    """
    return np.asarray(row, dtype=np.float64)[..., -(grid * grid) :]


def has_class_token(layers: Layers, grid: int) -> bool:
    """Return whether the first token is no place."""
    return layers[0].shape[-1] > grid * grid


def pooling(layers: Layers) -> np.ndarray | None:
    """Return the weights (T) of a pooling by attention, None where there is none."""
    last = layers[-1]
    return np.asarray(last, dtype=np.float64)[0, 0] if last.shape[-2] == 1 else None


def attending(layers: Layers) -> Layers:
    """Return the self-attention layers alone."""
    return layers if pooling(layers) is None else layers[:-1]


def read_by_head(layers: Layers, grid: int) -> np.ndarray:
    """Return how much the answer took from each place directly: (n * n), sums to one.

    From the class token, its row in the last layer, as a mean over the heads and without what it
    kept for itself. From a pooling by attention, its weights. From a plain mean, the mean row of
    the last layer: what all places together looked at.
    """
    pooled = pooling(layers)
    if pooled is not None:
        return pooled
    mean = np.asarray(layers[-1], dtype=np.float64).mean(0)  # (T, T)
    row = mean[0] if has_class_token(layers, grid) else mean.mean(0)
    return _share(places(row, grid))


def rolled_out(layers: Layers, grid: int) -> np.ndarray:
    """Return how much the answer took from each place through all layers: (n * n), sums to one.

    Attention rollout over the self-attention layers, read where `read_by_head` reads. Without the
    share of the class token, which is the same for every picture.

    Source: Abnar and Zuidema 2020, Quantifying Attention Flow in Transformers.
    """
    whole = rollout(np.stack(attending(layers)))[-1]  # (T, T)
    pooled = pooling(layers)
    if pooled is not None:
        return pooled @ whole
    row = whole[0] if has_class_token(layers, grid) else whole.mean(0)
    return _share(places(row, grid))


def share_on(weights: np.ndarray, region: np.ndarray) -> float:
    """Return the part of weights (S) that lies on a region (S) bool; by chance: its area."""
    return float(weights[region].sum())


def _share(row: np.ndarray) -> np.ndarray:
    return row / max(row.sum(), 1e-12)


def chosen(
    layers: Layers,
    grid: int,
    layer: int | None = None,
    head: int | None = None,
    place: int | None = None,
) -> np.ndarray:
    """Return the weights over places (n * n) that somebody asks for, as they are.

    Args:
        layers: of one picture.
        grid: n, places a side.
        layer: number of a self-attention layer, from 0; -1 for where the answer is made, which is
            the pooling of a network that has one; None for rollout over all layers.
        head: number of a head, None for the mean of all. A pooling and rollout have one.
        place: of the picture, which asks; None for the answer: the class token, the pooling, or
            the mean of all places.
    """
    pooled, own, first = pooling(layers), attending(layers), int(has_class_token(layers, grid))
    if layer is None:
        matrix = rollout(np.stack(own))[-1]
    else:
        if layer == -1 and place is None and pooled is not None:
            return pooled
        heads = np.asarray(own[min(layer, len(own) - 1)], dtype=np.float64)  # (nh, T, T)
        matrix = heads.mean(0) if head is None else heads[min(head, len(heads) - 1)]
    if place is not None:
        return places(matrix[first + place], grid)
    if first:
        return places(matrix[0], grid)
    return matrix.mean(0) if pooled is None or layer is not None else pooled @ matrix
