"""What there is to tell of a drawn scene, and which part of the picture tells it. No torch here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lab.seq2seq.scenes import (
    COLOURS,
    COUNTS,
    RELATIONS,
    SHAPES,
    Scene,
    SceneCorpus,
    gold_cells,
)

ALONE = "alone"
GROUP = 3  # words that speak of a group: count, colour, shape


@dataclass(frozen=True)
class Label:
    """A question about a scene, and its answers.

    Args:
        question: as it is asked on the page.
        classes: the K answers.
        answer: caption -> one of the classes.
        all_groups: whether every group has to be looked at, or only the larger one.
        region: the part of the picture that has to be looked at, in words.
    """

    question: str
    classes: tuple[str, ...]
    answer: Callable[[Sequence[str]], str]
    all_groups: bool
    region: str


def _colour_and_shape(caption: Sequence[str]) -> str:
    return f"{caption[1]} {caption[2].removesuffix('s')}"


def _relation(caption: Sequence[str]) -> str:
    if len(caption) == GROUP:
        return ALONE
    return " ".join(caption[GROUP:-GROUP])


def _how_many(caption: Sequence[str]) -> str:
    return str(sum(COUNTS.index(word) + 1 for word in caption if word in COUNTS))


LABELS = {
    "colour and shape": Label(
        "Which colour and shape have the larger ones?",
        tuple(f"{colour} {shape}" for colour in COLOURS for shape in SHAPES),
        _colour_and_shape,
        False,
        "the larger shapes",
    ),
    "relation": Label(
        "Where do the larger shapes stand, seen from the smaller ones?",
        (*RELATIONS, ALONE),
        _relation,
        True,
        "the shapes",
    ),
    "how many": Label(
        "How many shapes are there?",
        tuple(str(number) for number in range(1, 7)),
        _how_many,
        True,
        "the shapes",
    ),
}
WHAT = tuple(LABELS)


@lru_cache(maxsize=16)
def answers(corpus: SceneCorpus, part: str, what: str) -> np.ndarray:
    """Return the number of the right class of each scene: (N) int64.

    Args:
        corpus: the scenes.
        part: "train" or "held_out".
        what: a key of `LABELS`.
    """
    label = LABELS[what]
    place = {name: number for number, name in enumerate(label.classes)}
    captions = getattr(corpus, part).captions
    return np.array([place[label.answer(caption)] for caption in captions], dtype=np.int64)


def object_places(scene: Scene, what: str, grid: int) -> np.ndarray:
    """Return the places that touch what the answer is about: (grid * grid) bool.

    Args:
        scene: with gold boxes.
        what: a key of `LABELS`.
        grid: places a side.
    """
    cells = gold_cells(scene, grid)
    found = np.zeros(grid * grid, dtype=bool)
    words = range(len(cells)) if LABELS[what].all_groups else range(GROUP)
    for word in words:
        found[list(cells[word])] = True
    return found
