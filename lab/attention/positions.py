"""Where a word stands: sines and cosines, what a shift does to them, and what happens without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lab.attention.steps import Steps, VectorsError, attend


def sinusoidal(length: int, width: int) -> np.ndarray:
    """Return fixed position vectors: sines in the even places, cosines in the odd ones.

    P(t, 2i) = sin(t / 10000^(2i/C)), P(t, 2i+1) = cos(t / 10000^(2i/C))

    Source: Vaswani et al. 2017, Attention Is All You Need, section 3.5.

    Args:
        length: T.
        width: C, even.

    Returns:
        (T, C).

    Raises:
        VectorsError: the width is odd.
    """
    angle = np.arange(length)[:, None] * _speeds(width)  # (T, 1) x (C/2,) -> (T, C/2)
    return np.stack((np.sin(angle), np.cos(angle)), axis=2).reshape(length, width)


def learned(length: int, width: int, seed: int = 0) -> np.ndarray:
    """Return what learned position vectors are before they have learned anything: random ones.

    Each number has the mean square of the sinusoidal ones, 1/2, so that errors can be compared.

    Returns:
        (T, C).
    """
    return np.random.default_rng(seed).standard_normal((length, width)) * np.sqrt(0.5)


def shift(width: int, k: int) -> np.ndarray:
    """Return M with P_(t+k) = P_t M for the sinusoidal vectors, at every t.

    Each pair (sine, cosine) turns by the angle k / 10000^(2i/C): a rotation in blocks of 2 x 2,
    that depends on k and not on t.

    Source: Vaswani et al. 2017, section 3.5, who state that such a linear map exists.

    Args:
        width: C, even.
        k: places to shift by.

    Returns:
        (C, C).
    """
    turned = np.zeros((width, width))
    for i, angle in enumerate(k * _speeds(width)):
        sine, cosine = np.sin(angle), np.cos(angle)
        turned[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[cosine, -sine], [sine, cosine]]
    return turned


def shifted(table: np.ndarray, matrix: np.ndarray, k: int) -> np.ndarray:
    """Return P_t M for each t that has a P_(t+k) to compare it with.

    Args:
        table: (T, C).
        matrix: M, (C, C).
        k: 0 to T - 1.

    Returns:
        (T - k, C).
    """
    return table[: len(table) - k] @ matrix


def shift_error(table: np.ndarray, matrix: np.ndarray, k: int) -> float:
    """Return the largest |P_(t+k) - P_t M| over t and over the dimensions."""
    return float(np.abs(table[k:] - shifted(table, matrix, k)).max())


def best_shift(table: np.ndarray, k: int) -> np.ndarray:
    """Return the one matrix that comes closest to P_(t+k) = P_t M in squares, whatever the table.

    Args:
        table: (T, C) with T - k > C: with fewer equations than unknowns any table would fit.
        k: places to shift by.

    Raises:
        VectorsError: there are too few positions for the question to mean anything.
    """
    length, width = table.shape
    if length - k <= width:
        raise VectorsError(
            f"{length} positions shifted by {k} say nothing about {width} dimensions: take more "
            "positions, or shift by less."
        )
    return np.linalg.lstsq(table[: length - k], table[k:], rcond=None)[0]


@dataclass(frozen=True)
class Permuted:
    """Attention over words in their order, and over the same words in another one.

    Args:
        order: (T,), which word comes first, second, ...; from 0.
        before: in the first order.
        after: in the other one.
        difference: (T, C), outputs of `after` minus the outputs of `before` put into that order.
    """

    order: tuple[int, ...]
    before: Steps
    after: Steps
    difference: np.ndarray


def permuted(
    x: np.ndarray,
    order: Sequence[int],
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    **options,
) -> Permuted:
    """Attend to words in two orders; positions, if there are any, stay where they are.

    Without positions and without a mask the difference is zero: permuted words give permuted
    outputs, attention is permutation equivariant.

    Args:
        x: (T, C).
        order: each of 0 to T - 1 once.
        w_q, w_k, w_v, options: see `lab.attention.steps.attend`.

    Raises:
        VectorsError: the order is none, or see `attend`.
    """
    order = tuple(order)
    if sorted(order) != list(range(len(x))):
        raise VectorsError(f"The order has to name each of the {len(x)} words once.")
    before = attend(x, w_q, w_k, w_v, **options)
    after = attend(before.embeddings[list(order)], w_q, w_k, w_v, **options)
    return Permuted(order, before, after, after.output - before.output[list(order)])


def order_of(text: str, words: int) -> tuple[int, ...]:
    """Read an order such as "3 1 2": which word is to stand first, second, third.

    Returns:
        Places from 0.

    Raises:
        VectorsError: some number is missing, or stands there twice, or is no number.
    """
    parts = text.replace(",", " ").split()
    # isdecimal() alone is true of other scripts' digits, which int() reads as well; "²" is neither.
    places = [int(part) - 1 for part in parts if part.isdecimal() and len(part) < 4]
    if len(places) != len(parts) or sorted(places) != list(range(words)):
        raise VectorsError(
            f"Write each number from 1 to {words} once, such as "
            f"{' '.join(str(place) for place in range(words, 0, -1))}."
        )
    return tuple(places)


def _speeds(width: int) -> np.ndarray:
    if width < 2 or width % 2:
        raise VectorsError(f"Sines and cosines come in pairs: {width} is no even number.")
    return 10000.0 ** (-np.arange(0, width, 2) / width)
