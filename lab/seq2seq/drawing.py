"""Where the shapes of a scene go, and how they become pixels: all scenes at once, numbers alone.

Words and rules are in `lab.seq2seq.scenes`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SIDE = 48  # pixels
PALETTE = np.array([[205, 45, 50], [45, 150, 70], [50, 85, 200], [235, 190, 30]])  # RGB
_LARGE, _SMALL, _ALONE = (11, 13), (6, 8), (8, 13)  # sizes of a shape, in pixels
_BETWEEN = 2  # pixels between the shapes of a group
_APART = 3  # pixels between two groups, at least
_MARGIN = 1
_AT_ONCE = 128  # scenes: their pixels stay in the cache, which is three times as fast


class Layout(NamedTuple):
    """Places of N scenes with up to two groups, in pixels.

    Attributes:
        count: (N, 2) shapes of each group, 0 for no such group.
        size: (N, 2) width and height of each shape.
        start: (N, 2, 2) upper left corner of each group, x and y.
        column: (N) bool, whether the groups stand upright; else they are rows.
    """

    count: np.ndarray
    size: np.ndarray
    start: np.ndarray
    column: np.ndarray

    @property
    def boxes(self) -> np.ndarray:
        """(N, 2, 4): x0, y0, x1, y1 of each group."""
        across = np.stack((_extent(self.count, self.size), self.size), 2)  # of a row: x, y
        size = np.where(self.column[:, None, None], across[:, :, ::-1], across)
        return np.concatenate((self.start, self.start + size), 2)


def layout(count: np.ndarray, relation: np.ndarray, random: np.random.Generator) -> Layout:
    """Find places for the groups of N scenes.

    Rows lie above each other and columns side by side. Along this axis the groups are apart;
    across it they overlap by half of the shorter one at least, so that no other relation holds.

    Args:
        count: (N, 2).
        relation: (N) 0 first group above, 1 below, 2 left of, 3 right of the second; -1 one group.
        random: only its `random()` is used, whose sequence NumPy keeps from version to version.
    """
    alone, n = relation < 0, len(relation)
    size = np.stack([_between(random, *limits, n) for limits in (_LARGE, _SMALL)], 1)  # (N, 2)
    size[:, 0] = np.where(alone, _between(random, *_ALONE, n), size[:, 0])
    extent = _extent(count, size)
    # Along the axis of the relation: margin, one group, a gap, the other group, margin.
    free = SIDE - 2 * _MARGIN - size.sum(1) - _APART
    before = np.sort([_between(random, 0, free, n), _between(random, 0, free, n)], 0)
    swapped = relation % 2 == 1
    first = _MARGIN + before[0]
    second = _MARGIN + before[1] + _APART + np.where(swapped, size[:, 1], size[:, 0])
    along = np.where(swapped[:, None], np.stack((second, first), 1), np.stack((first, second), 1))
    along[:, 0] = np.where(alone, _between(random, _MARGIN, _last(size[:, 0]), n), along[:, 0])
    # Across it.
    one = _between(random, _MARGIN, _last(extent[:, 0]), n)
    shared = (extent.min(1) + 1) // 2
    low = np.maximum(_MARGIN, one - extent[:, 1] + shared)
    high = np.minimum(_last(extent[:, 1]), one + extent[:, 0] - shared)
    across = np.stack((one, _between(random, low, high, n)), 1)
    column = relation >= 2
    start = np.where(
        column[:, None, None], np.stack((along, across), 2), np.stack((across, along), 2)
    )
    return Layout(count, size, start, column)


def _between(random: np.random.Generator, low, high, n: int) -> np.ndarray:
    # Whole numbers low to high, both included.
    return low + np.floor(random.random(n) * (high - low + 1)).astype(np.int64)


def _extent(count: np.ndarray, size: np.ndarray) -> np.ndarray:
    return np.maximum(count * (size + _BETWEEN) - _BETWEEN, 0)


def _last(extent: np.ndarray) -> np.ndarray:
    return SIDE - _MARGIN - extent  # the last start at which it fits


def paint(
    placed: Layout, colour: np.ndarray, shape: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Paint N scenes on light grey, with shades of brightness and a little noise.

    Args:
        placed: where.
        colour: (N, 2) row of `PALETTE`.
        shape: (N, 2) 0 circle, 1 square, 2 triangle.
        random: see `layout`.

    Returns:
        (N, 48, 48, 3) uint8.
    """
    n = len(colour)
    images = np.empty((n, SIDE, SIDE, 3), dtype=np.uint8)
    grey = 215 + 30 * random.random(n, dtype=np.float32)
    shade = 0.85 + 0.3 * random.random((n, 2, 1), dtype=np.float32)
    paints = PALETTE[colour].astype(np.float32) * shade  # (N, 2, 3)
    for begin in range(0, n, _AT_ONCE):
        rows = slice(begin, begin + _AT_ONCE)
        light = (random.random((len(grey[rows]), SIDE, SIDE), dtype=np.float32) - 0.5) * 16
        light += grey[rows, None, None]
        covered = _covered(Layout(*(part[rows] for part in placed)), shape[rows])  # (2, n, 48, 48)
        light *= 1 - covered[0] - covered[1]  # groups do not touch
        for channel in range(3):
            hue = [paints[rows, group, channel, None, None] for group in range(2)]
            seen = light + covered[0] * hue[0] + covered[1] * hue[1]
            images[rows, :, :, channel] = np.clip(seen + 0.5, 0, 255)
    return images


def _covered(placed: Layout, shape: np.ndarray) -> np.ndarray:
    """Return the part of each pixel that each group covers, (2, N, 48, 48) from 0 to 1."""
    centres = np.arange(SIDE, dtype=np.float32) + 0.5
    covered = np.zeros((2, len(shape), SIDE, SIDE), dtype=np.float32)
    for group in range(2):
        there = placed.count[:, group] > 0
        size = placed.size[there, group, None].astype(np.float32)  # (n, 1)
        count, column = placed.count[there, group, None], placed.column[there, None]
        start = placed.start[there, group].astype(np.float32)
        x, y = centres - start[:, :1], centres - start[:, 1:]  # (n, 48) from the group's corner
        # The shapes of a group are one shape, repeated: count from the one that is nearest.
        pitch = size + _BETWEEN
        x, y = (
            place - np.where(repeated, np.clip(place // pitch, 0, count - 1) * pitch, 0) - size / 2
            for place, repeated in ((x, ~column), (y, column))
        )
        inside = _depth(x[:, None], y[:, :, None], size[:, :, None] / 2, shape[there, group])
        covered[group, there] = np.clip(inside + 0.5, 0, 1)
    return covered


def _depth(x: np.ndarray, y: np.ndarray, half: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Return how deep pixels lie inside a shape, negative outside; (n, 48, 48), in pixels.

    Args:
        x: (n, 1, 48) from the middle of the shape, to the right.
        y: (n, 48, 1) downwards.
        half: (n, 1, 1) half the size.
        shape: (n) as in `paint`.
    """
    depth = np.empty((len(shape), SIDE, SIDE), dtype=np.float32)
    for kind in range(3):
        rows = shape == kind
        across, down, h = np.abs(x[rows]), y[rows], half[rows]
        if kind == 0:
            depth[rows] = h - np.sqrt(across * across + down * down)
        elif kind == 1:
            depth[rows] = h - np.maximum(across, np.abs(down))
        else:  # apex above; the sides fall by two pixels for one across
            side = ((down + h) / 2 - across) / np.float32(1.25**0.5)
            depth[rows] = np.minimum(h - down, side)
    return depth
