"""What a drawn scene can show, the words for it, and a scene as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lab.models.tokens import SPECIALS

COUNTS = ("a", "two", "three")
COLOURS = ("red", "green", "blue", "yellow")
SHAPES = ("circle", "square", "triangle")
RELATIONS = ("above", "below", "left of", "right of")
VOCABULARY = (
    *SPECIALS, *COUNTS, *COLOURS, *SHAPES, *(f"{shape}s" for shape in SHAPES),
    "above", "below", "left", "right", "of",
)  # fmt: skip


class SceneError(ValueError):
    """A scene cannot be drawn, or scenes cannot be read; one sentence that says what to do."""


class Group(NamedTuple):
    """One to three equal shapes.

    Attributes:
        count: 1, 2 or 3.
        colour: one of `COLOURS`.
        shape: one of `SHAPES`.
    """

    count: int
    colour: str
    shape: str

    @property
    def words(self) -> tuple[str, str, str]:
        """Count, colour and shape as a caption names them."""
        return COUNTS[self.count - 1], self.colour, self.shape + "s" * (self.count > 1)


@dataclass(frozen=True)
class Description:
    """What is to be seen.

    Args:
        groups: one or two; the first is drawn larger.
        relation: where the first stands, seen from the second: one of `RELATIONS`; None for one.

    Raises:
        SceneError: there can be no such scene.
    """

    groups: tuple[Group, ...]
    relation: str | None = None

    def __post_init__(self):
        if not 1 <= len(self.groups) <= 2:
            raise SceneError(f"A scene has one or two groups, not {len(self.groups)}.")
        for count, colour, shape in self.groups:
            if type(count) is not int or not 1 <= count <= 3:
                raise SceneError(f"A group has 1, 2 or 3 shapes, not {count}.")
            if colour not in COLOURS:
                raise SceneError(f"There is no colour {colour!r}: choose {_options(COLOURS)}.")
            if shape not in SHAPES:
                raise SceneError(f"There is no shape {shape!r}: choose {_options(SHAPES)}.")
        if len(self.groups) == 1 and self.relation is not None:
            raise SceneError("A single group stands in no relation: add a second one.")
        if len(self.groups) == 2 and self.relation not in RELATIONS:
            raise SceneError(f"Two groups need a relation: choose {_options(RELATIONS)}.")

    @property
    def caption(self) -> tuple[str, ...]:
        """The words, without special tokens."""
        relation = self.relation.split() if self.relation else []
        return (*self.groups[0].words, *relation, *(w for g in self.groups[1:] for w in g.words))

    @property
    def starts(self) -> tuple[int, ...]:
        """Index in the caption at which each group's three words begin."""
        return (0, 3 + len(self.relation.split()))[: len(self.groups)] if self.relation else (0,)


def _options(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + f" or {names[-1]}"


Box = tuple[int, int, int, int, int]  # token index, then x0, y0, x1, y1 (the last two outside)


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture and what it shows.

    Args:
        image: (48, 48, 3) uint8, RGB.
        caption: words, without special tokens.
        boxes: gold: for each count, colour and shape word its index in the caption, and the box of
            its group, x0 <= x < x1 and y0 <= y < y1 in pixels from the upper left corner.
    """

    image: np.ndarray
    caption: tuple[str, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, eq=False)
class Scenes:
    """Many scenes.

    Args:
        images: (N, 48, 48, 3) uint8.
        captions, boxes: N of each, as in `Scene`.
    """

    images: np.ndarray
    captions: tuple[tuple[str, ...], ...]
    boxes: tuple[tuple[Box, ...], ...]

    def __len__(self) -> int:
        return len(self.captions)

    def __getitem__(self, place: int) -> Scene:
        return Scene(self.images[place], self.captions[place], self.boxes[place])

    def __iter__(self) -> Iterator[Scene]:
        return (self[place] for place in range(len(self)))
