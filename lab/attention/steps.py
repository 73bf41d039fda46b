"""Self-attention one step after the other, with every matrix on the way kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lab.attention.vectors import MOST_WORDS, VectorsError, checked


@dataclass(frozen=True)
class Steps:
    """Everything that attention computes for T words: nh heads, hs = D / nh numbers each.

    Args:
        embeddings: (T, C), of the words alone.
        positions: (T, C) that were added; None without.
        x: (T, C), the sum of both.
        w_q, w_k, w_v: (C, D).
        w_o: (D, C), or None where the heads' outputs are what comes out.
        q, k, v: (nh, T, hs).
        scores: (nh, T, T), q k^T: row i has the scores of query i with each key.
        divisor: what scores are divided by, sqrt(hs) or 1.
        scaled: (nh, T, T).
        causal: whether the future was masked.
        masked: (nh, T, T), minus infinity where a word must not look.
        weights: (nh, T, T); rows sum to one.
        heads: (nh, T, hs), the weighted sums of values.
        joined: (T, D), the heads' outputs side by side.
        output: (T, C), joined times w_o, or joined.
    """

    embeddings: np.ndarray
    positions: np.ndarray | None
    x: np.ndarray
    w_q: np.ndarray
    w_k: np.ndarray
    w_v: np.ndarray
    w_o: np.ndarray | None
    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    scores: np.ndarray
    divisor: float
    scaled: np.ndarray
    causal: bool
    masked: np.ndarray
    weights: np.ndarray
    heads: np.ndarray
    joined: np.ndarray
    output: np.ndarray


def attend(
    x: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    *,
    heads: int = 1,
    scaled: bool = True,
    causal: bool = False,
    w_o: np.ndarray | None = None,
    positions: np.ndarray | None = None,
) -> Steps:
    """Let each of T words attend to all of them: softmax(q k^T / sqrt(hs)) v in each head.

    Source: Vaswani et al. 2017, Attention Is All You Need, sections 3.2.1 and 3.2.2.

    Args:
        x: (T, C), the words' vectors as rows; at most 12.
        w_q, w_k, w_v: (C, D), for row vectors: q = x W_Q.
        heads: nh; head h has columns h hs to (h + 1) hs of q, k and v, with hs = D / nh.
        scaled: divide the scores by sqrt(hs).
        causal: let a word look at itself and those before it only.
        w_o: (D, C) for the heads' joined outputs; None leaves them as they are.
        positions: (T, C) to add to x.

    Raises:
        VectorsError: something is no number, too large, or does not fit.
    """
    embeddings = checked(x, "The table of vectors")
    T, C = embeddings.shape
    if T > MOST_WORDS:
        raise VectorsError(f"{T} words are too many: take at most {MOST_WORDS}.")
    if positions is not None:
        positions = checked(positions, "The table of positions", T, C)
    w_q = checked(w_q, "W_Q", C)
    D = w_q.shape[1]
    w_k, w_v = checked(w_k, "W_K", C, D), checked(w_v, "W_V", C, D)
    w_o = None if w_o is None else checked(w_o, "W_O", D)
    if heads < 1 or D % heads:
        raise VectorsError(f"{D} numbers cannot be shared among {heads} heads: choose a divisor.")
    total = embeddings if positions is None else embeddings + positions
    q, k, v = (_split(total @ w, heads) for w in (w_q, w_k, w_v))  # (nh, T, hs)
    scores = q @ k.transpose(0, 2, 1)  # (nh, T, hs) x (nh, hs, T) -> (nh, T, T)
    divisor = math.sqrt(D // heads) if scaled else 1.0
    future = np.triu(np.ones((T, T), dtype=bool), k=1) if causal else np.zeros((T, T), dtype=bool)
    masked = np.where(future, -np.inf, scores / divisor)
    a = softmax(masked)
    found = a @ v  # (nh, T, T) x (nh, T, hs) -> (nh, T, hs)
    joined = found.transpose(1, 0, 2).reshape(T, D)
    return Steps(
        embeddings=embeddings,
        positions=positions,
        x=total,
        w_q=w_q,
        w_k=w_k,
        w_v=w_v,
        w_o=w_o,
        q=q,
        k=k,
        v=v,
        scores=scores,
        divisor=divisor,
        scaled=scores / divisor,
        causal=causal,
        masked=masked,
        weights=a,
        heads=found,
        joined=joined,
        output=joined if w_o is None else joined @ w_o,
    )


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return exp(s) / sum(exp(s)) along the last axis; minus infinity becomes 0.

    Args:
        scores: (..., T), one of each row finite.
    """
    # Taking the largest off all of them changes nothing but keeps exp from overflowing.
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def changes(before: Steps, after: Steps) -> np.ndarray:
    """Return by how much each word's output differs between two runs of as many words.

    Returns:
        (T,), the largest absolute difference of a word's numbers.
    """
    return np.abs(after.output - before.output).max(axis=1)


def _split(values: np.ndarray, heads: int) -> np.ndarray:
    T, D = values.shape
    return values.reshape(T, heads, D // heads).transpose(1, 0, 2)  # (nh, T, hs)
