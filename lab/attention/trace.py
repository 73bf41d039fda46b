"""What a model's attention looked like on one text, small enough to travel to a browser."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lab.attention.rollout import rollout

MOST_TOKENS = 512
# Weights that travel at once, one byte each. 12 layers x 12 heads x 128 x 128 are 2.4 million.
MOST_CELLS = 2_600_000
PATTERNS = ("the token before", "the token itself", "the token after", "the first token", "the end")


class TraceError(ValueError):
    """A text or model that cannot be traced; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Block:
    """The attention of one part of a model, from rows (who looks) to columns (what is looked at).

    Args:
        name: "self-attention", "encoder", "decoder" or "cross-attention".
        rows: T tokens.
        columns: S tokens.
        codes: (L', H, T, S) uint8, see `encode`; all layers, or one of them.
        layers: how many layers the model has.
        first: number of the first layer in `codes`, from 0.
        shares: (L, H, 5) mean weight on what `PATTERNS` names, over all layers.
        rolled: (T, S) uint8, attention rollout down to the input; None where it has no meaning.
        totals: share of all attention on each of `PATTERNS` and elsewhere, see `divided`.
    """

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    codes: np.ndarray
    layers: int
    first: int
    shares: np.ndarray
    rolled: np.ndarray | None
    totals: tuple[float, ...] = ()

    @cached_property
    def packed(self) -> str:
        """The codes as they travel: zlib, then base64 (12 x 12 x 128 x 128 in 3.2 MB at most)."""
        return packed(self.codes)

    @cached_property
    def packed_rollout(self) -> str | None:
        """The rollout as it travels."""
        return None if self.rolled is None else packed(self.rolled)

    @property
    def whole(self) -> bool:
        """Whether all layers are here."""
        return self.codes.shape[0] == self.layers

    def weights(self, layer: int, head: int | None = None) -> np.ndarray:
        """Return (T, S) weights of a head, or the mean over heads.

        Raises:
            IndexError: this layer is not here.
        """
        if not 0 <= layer - self.first < len(self.codes):
            raise IndexError(layer)
        found = decode(self.codes[layer - self.first])
        return found.mean(axis=0) if head is None else found[head]


@dataclass(frozen=True)
class Trace:
    """One text read by one model.

    Args:
        model: what to call the model.
        blocks: the parts of the model that attend.
        says: what the model predicts, as {"title", "rows": [(where, [(token, probability)])]}.
        notes: sentences on what was cut or cannot be seen.
        hides: how a token can be hidden: "mask token", "no look" or "" for not at all.
    """

    model: str
    blocks: tuple[Block, ...]
    says: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    hides: str = ""


# (name, rows, columns, weights (L, H, T, S), layer) -> what is kept of them.
Pack = Callable[[str, Sequence[str], Sequence[str], np.ndarray, int | None], Any]


def encode(weights: np.ndarray) -> np.ndarray:
    """Return weights as one byte each.

    The byte is 255 times the square root: with 512 tokens an even weight is 0.002, which 255 steps
    of equal size would not show. The error is at most 0.004 near 1, and 0.0002 at 0.002.

    Args:
        weights: any shape, between 0 and 1.
    """
    return np.round(255 * np.sqrt(np.clip(weights, 0, 1))).astype(np.uint8)


def decode(codes: np.ndarray) -> np.ndarray:
    """Return the weights (float32) that `encode` packed."""
    return (codes.astype(np.float32) / 255) ** 2


def packed(codes: np.ndarray) -> str:
    """Return codes as text that a browser unpacks by itself."""
    return base64.b64encode(zlib.compress(np.ascontiguousarray(codes).tobytes(), 1)).decode()


def block(
    name: str,
    rows: Sequence[str],
    columns: Sequence[str],
    weights: np.ndarray,
    layer: int | None = None,
) -> Block:
    """Pack the attention of one part of a model.

    Args:
        name: see `Block`.
        rows, columns: T and S tokens.
        weights: (L, H, T, S), rows sum to one.
        layer: the one to take if all of them are too many for one journey; None for the first.

    Raises:
        TraceError: the weights do not fit the tokens, or are no weights.
    """
    weights = np.asarray(weights, dtype=np.float32)
    if weights.ndim != 4 or weights.shape[2:] != (len(rows), len(columns)):
        raise TraceError("This model gave attention of another size than its text: choose another.")
    if not np.isfinite(weights).all():
        raise TraceError("This model's attention is not finite: its weights are broken.")
    number, first = weights.shape[0], 0
    square = weights.shape[2] == weights.shape[3] and name != "cross-attention"
    rolled = encode(rollout(weights)[-1]) if square else None
    shares = patterns(weights) if square else np.zeros((*weights.shape[:2], len(PATTERNS)))
    totals = divided(weights) if square else ()
    if weights.size > MOST_CELLS:
        first = min(max(layer or 0, 0), number - 1)
        weights = weights[first : first + 1]
    return Block(
        name, tuple(rows), tuple(columns), encode(weights), number, first, shares, rolled, totals
    )


def patterns(weights: np.ndarray) -> np.ndarray:
    """Return how much each head looks at the places that `PATTERNS` names.

    A mean over the tokens that have such a place: the first token has none before it.

    Source: Clark et al. 2019, What Does BERT Look At?, section 3.

    Args:
        weights: (L, H, T, T).

    Returns:
        (L, H, 5).
    """
    T = weights.shape[2]
    diagonals = [
        np.diagonal(weights, offset, axis1=2, axis2=3).mean(-1) if abs(offset) < T else 0.0
        for offset in (-1, 0, 1)
    ]
    ends = [weights[..., 1:, 0].mean(-1) if T > 1 else 0.0]
    ends.append(weights[..., :-1, -1].mean(-1) if T > 1 else 0.0)
    return np.stack(np.broadcast_arrays(*diagonals, *ends), axis=-1).astype(np.float32)


def divided(weights: np.ndarray) -> tuple[float, ...]:
    """Return what share of all attention goes where; the parts sum to one.

    A place that is two things at once counts as the first of: the token itself, the one before,
    the one after, the first token, the end.

    Args:
        weights: (L, H, T, T).

    Returns:
        Shares in the order of `PATTERNS`, then of everything else.
    """
    T = weights.shape[2]
    mean = np.asarray(weights, dtype=np.float64).mean(axis=(0, 1))  # (T, T)
    row, column = np.indices((T, T))
    kinds = {
        1: column == row,
        0: column == row - 1,
        2: column == row + 1,
        3: column == 0,
        4: column == T - 1,
    }
    parts, left = [0.0] * (len(PATTERNS) + 1), np.ones((T, T), dtype=bool)
    for number, cells in kinds.items():
        parts[number] = float(mean[cells & left].sum() / T)
        left &= ~cells
    parts[-1] = float(mean[left].sum() / T)
    return tuple(parts)
