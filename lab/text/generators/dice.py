"""Choices that come out the same on every platform and every Python from 3.11 on."""

from __future__ import annotations

import math
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

    Attributes:
        nats: the surprise of all choices so far, sum of -ln(probability), in nats. Divided by
            the length of the text it bounds the loss from above that a reader would have who
            knew the generator: the floor under every model's loss lies at or below it.
    """

    def __init__(self, seed: int):
        self._random = random.Random(seed).random
        self.nats = 0.0  # is only reported, never decides: ln may differ between platforms

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1, all equally likely."""
        self.nats += math.log(n)
        return int(self._random() * n)

    def between(self, low: int, high: int, step: int = 1) -> int:
        """One of low, low + step, ..., up to and including high."""
        return low + step * self.below((high - low) // step + 1)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        yes = self._random() < probability
        self.nats -= math.log(probability if yes else 1 - probability)
        return yes

    def pick(self, options: Sequence[T]) -> T:
        """One option, all equally likely."""
        return options[self.below(len(options))]

    def lean(self, options: Sequence[T]) -> T:
        """One option, the early ones more likely: position n u^3 for uniform u.

        Words of a real text are far from equally frequent. A tenth of the list gets nearly half
        of the choices, so a net learns some words soon and keeps meeting rare ones.
        """
        u, n = self._random(), len(options)
        k = int(u * u * u * n)
        self.nats -= math.log(((k + 1) / n) ** (1 / 3) - (k / n) ** (1 / 3))
        return options[k]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """`count` different options in random order, all equally likely."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
