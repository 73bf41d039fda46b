"""Choices that come out the same on every platform and every Python from 3.11 on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A seeded source of choices, built on `random.Random.random()` alone.

    Python promises the sequence of `random()` for an integer seed, but not that of `choice`,
    `sample` or `shuffle` (its manual, "Notes on reproducibility"). So these are written here,
    with multiplication as the only arithmetic on floats: IEEE 754 rounds it alike everywhere.

    Args:
        seed: any integer.
    """

    def __init__(self, seed: int):
        self._random = random.Random(seed).random

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1, all equally likely."""
        return int(self._random() * n)

    def between(self, low: int, high: int, step: int = 1) -> int:
        """One of low, low + step, ..., up to and including high."""
        return low + step * self.below((high - low) // step + 1)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One option, all equally likely."""
        return options[self.below(len(options))]

    def lean(self, options: Sequence[T]) -> T:
        """One option, the early ones more likely: position n u^2 for uniform u.

        Words of a real text are far from equally frequent. A tenth of the list gets a third of
        the choices, so a net learns some words soon and keeps meeting rare ones.
        """
        u = self._random()
        return options[int(u * u * len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """`count` different options in random order, all equally likely."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
