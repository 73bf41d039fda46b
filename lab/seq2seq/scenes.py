"""Drawn scenes with captions: the smallest world in which a captioner has to look around.

A scene is a picture of 48 x 48 pixels with one or two groups of shapes. Everything is generated, so
the region that each word speaks of is known, and it can be judged where a model looked for it.

What makes a caption the only right one: the group with the larger shapes is named first, and of the
four relations exactly one holds. Groups one above the other are rows and lie apart from top to
bottom, not from left to right; groups side by side are columns, and the other way round.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import product

import numpy as np

from lab.models.tokens import END, SPECIALS, UNKNOWN
from lab.seq2seq.descriptions import (
    COLOURS,
    COUNTS,
    RELATIONS,
    SHAPES,
    VOCABULARY,
    Description,
    Group,
    Scene,
    SceneError,
    Scenes,
)
from lab.seq2seq.drawing import SIDE, layout, paint
from lab.training.hyperparameters import SettingsError

__all__ = [
    "COLOURS", "COUNTS", "FEWEST", "MOST", "RELATIONS", "SHAPES", "VOCABULARY", "Description",
    "Group", "Scene", "SceneCorpus", "SceneError", "Scenes", "draw", "gold_cells", "gold_links",
    "load_scenes", "scene_from_words",
]  # fmt: skip

FEWEST, MOST = 200, 10_000  # training scenes; 10,000 are 70 MB of pixels
LARGEST_SEED = 2**63 - 1
_VERSION = 1  # to be raised when a recipe comes to mean other scenes
_ALONE = 0.15  # share of the training scenes with one group
_KEPT_BACK = 0.1  # share of the combinations that training never sees
_FOREIGN = "These are no scenes that Glasshouse saved: choose them anew."


def draw(description: Description, random: np.random.Generator) -> Scene:
    """Draw a scene; sizes, places, shades and noise by chance."""
    return _draw([description], random)[0]


def scene_from_words(
    groups: Sequence[tuple[int, str, str]], relation: str | None = None, seed: int = 0
) -> Scene:
    """Draw a scene that somebody composed.

    Args:
        groups: one or two of (count, colour, shape), the one to be drawn larger first. Unlike in
            a corpus, both may have the same colour and shape.
        relation: of the first to the second, one of `RELATIONS`.
        seed: decides places, sizes, shades and noise.

    Raises:
        SceneError: there can be no such scene.
    """
    try:
        description = Description(tuple(Group(*group) for group in groups), relation)
    except TypeError:
        raise SceneError("A group is a count, a colour and a shape.") from None
    return draw(description, _generator(seed))


def _draw(descriptions: Sequence[Description], random: np.random.Generator) -> Scenes:
    table = np.array([_numbers(description) for description in descriptions])  # (N, 7)
    groups, relation = table[:, :6].reshape(-1, 2, 3), table[:, 6]
    count, colour, shape = np.moveaxis(groups, 2, 0)  # (N, 2) each, count 0: no such group
    placed = layout(count, relation, random)
    images = paint(placed, colour, shape, random)
    boxes = tuple(
        tuple(
            (start + word, *box)
            for start, box in zip(description.starts, found, strict=False)
            for word in range(3)
        )
        for description, found in zip(descriptions, placed.boxes.tolist(), strict=True)
    )
    return Scenes(images, tuple(description.caption for description in descriptions), boxes)


def _numbers(description: Description) -> list[int]:
    # Count, colour and shape of two groups (zeros for none), and the relation (-1 for none).
    both = [
        number
        for count, colour, shape in description.groups
        for number in (count, COLOURS.index(colour), SHAPES.index(shape))
    ]
    relation = RELATIONS.index(description.relation) if description.relation else -1
    return [*both, *[0] * (6 - len(both)), relation]


@dataclass(frozen=True, eq=False)
class SceneCorpus:
    """Scenes to learn from and scenes to be judged by. Make one with `load_scenes`.

    Every held-out scene shows two groups in a relation, a combination that no training scene
    shows; each group and each relation occurs in training. Two groups of a scene never share both
    colour and shape.

    Args:
        count, seed: the recipe, number of training scenes and what decides them all.
        train, held_out: the scenes; there is one held-out scene to ten of training.
    """

    count: int
    seed: int
    train: Scenes
    held_out: Scenes
    name: str = "Drawn scenes"
    target_vocabulary: tuple[str, ...] = field(default=VOCABULARY, init=False)
    target_unit: str = field(default="word", init=False)

    @property
    def recipe(self) -> dict[str, int]:
        """What the scenes are generated from."""
        return {"count": self.count, "seed": self.seed, "held_out": len(self.held_out)}

    def encode_target(self, tokens: Sequence[str]) -> list[int]:
        """Ids of a caption with END after it; what is not in the vocabulary is UNKNOWN."""
        return [*(_IDS.get(token, UNKNOWN) for token in tokens), END]

    def target_text(self, tokens: Sequence[str]) -> str:
        """Write a caption as a line to read."""
        return " ".join(tokens)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (64 hex digits) of the recipe: equal recipes give equal scenes."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """Give the recipe as JSON: the scenes are drawn again from it."""
        recipe = {"kind": "scenes", "version": _VERSION, "count": self.count, "seed": self.seed}
        return json.dumps(recipe).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> SceneCorpus:
        """Draw the scenes whose recipe `to_bytes` wrote; the latest few are kept.

        Raises:
            SceneError: the bytes are something else.
        """
        try:
            recipe = json.loads(data.decode()) if len(data) <= 200 else None
        except (ValueError, RecursionError):
            raise SceneError(_FOREIGN) from None
        if not isinstance(recipe, dict) or set(recipe) != {"kind", "version", "count", "seed"}:
            raise SceneError(_FOREIGN)
        numbers = [recipe[name] for name in ("version", "count", "seed")]
        if recipe["kind"] != "scenes" or any(type(number) is not int for number in numbers):
            raise SceneError(_FOREIGN)
        if recipe["version"] != _VERSION:
            raise SceneError("These scenes are of another version of Glasshouse: choose them anew.")
        return load_scenes(recipe["count"], recipe["seed"])


def scene_number(corpus: SceneCorpus, prompt: str) -> int:
    """Read the number of the held-out scene that a run watches.

    Raises:
        SettingsError: there are not so many.
    """
    if int(prompt) >= len(corpus.held_out):
        raise SettingsError(
            f"There are {len(corpus.held_out)} held-out scenes: choose a smaller number."
        )
    return int(prompt)


def load_scenes(count: int = 6000, seed: int = 0) -> SceneCorpus:
    """Draw scenes; equal arguments give equal scenes.

    Args:
        count: number of training scenes, `FEWEST` to `MOST`; a tenth of it is held out on top.
        seed: decides what is drawn, where, and which combinations are held out.

    Raises:
        SceneError: the arguments are out of range.
    """
    if not FEWEST <= count <= MOST:
        raise SceneError(
            f"There can be {FEWEST} to {MOST:,} training scenes, not {count:,}: choose a number "
            "in between."
        )
    if not 0 <= seed <= LARGEST_SEED:
        raise SceneError("The seed must lie between 0 and 2**63 - 1: choose a smaller one.")
    return _generated(count, seed)


@lru_cache(maxsize=2)
def _generated(count: int, seed: int) -> SceneCorpus:
    random = _generator(seed)
    combinations = _combinations()
    order = np.argsort(random.random(len(combinations)), kind="stable")
    cut = round(_KEPT_BACK * len(order))
    pairs = order[cut:][_below(random, len(order) - cut, count)]
    alone, single = random.random(count) < _ALONE, _below(random, len(_GROUPS), count)
    shown = [
        Description((_GROUPS[g],)) if one else combinations[pair]
        for one, g, pair in zip(alone, single, pairs, strict=True)
    ]
    kept_back = order[:cut][_below(random, cut, count // 10)]
    scenes = _draw(shown, random), _draw([combinations[pair] for pair in kept_back], random)
    return SceneCorpus(count, seed, *scenes)


_GROUPS = tuple(Group(*parts) for parts in product((1, 2, 3), COLOURS, SHAPES))
_IDS = {token: place for place, token in enumerate(VOCABULARY) if token not in SPECIALS}


@lru_cache(maxsize=1)
def _combinations() -> tuple[Description, ...]:
    # All of group, relation, group.
    return tuple(
        Description((one, two), relation)
        for one, relation, two in product(_GROUPS, RELATIONS, _GROUPS)
        if one[1:] != two[1:]
    )


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def _below(random: np.random.Generator, n: int, size: int) -> np.ndarray:
    # Whole numbers 0 to n - 1 from `random()` alone, whose sequence NumPy has never changed.
    return (random.random(size) * n).astype(np.int64)


def gold_cells(scene: Scene, grid: int, grown: float = 0.5) -> list[set[int]]:
    """Return the places of a grid at which the model should look for each word.

    A place is right if its centre lies within the word's box grown by a part of a place on every
    side. Grown by a half, these are the places that the box touches.

    Args:
        scene: with gold boxes.
        grid: places a side; place (row, column) has number row * grid + column.
        grown: in places.

    Returns:
        A set for each word of the caption, empty for words that speak of no region.
    """
    cells = [set() for _ in scene.caption]
    size = SIDE / grid
    centres = (np.arange(grid) + 0.5) * size
    for word, x0, y0, x1, y1 in scene.boxes:
        columns = np.abs(centres - (x0 + x1) / 2) < (x1 - x0) / 2 + grown * size
        rows = np.abs(centres - (y0 + y1) / 2) < (y1 - y0) / 2 + grown * size
        cells[word] = set(np.flatnonzero(np.outer(rows, columns)).tolist())
    return cells


def gold_links(scenes: Scenes, grid: int, length: int, grown: float = 0.5) -> np.ndarray:
    """Return `gold_cells` of many scenes, of colour and shape words alone, as one array.

    Count words are left out: "a" before one shape says no more than that nothing else is there.

    Returns:
        (N, length, grid * grid) bool.
    """
    links = np.zeros((len(scenes), length, grid * grid), dtype=bool)
    for number, scene in enumerate(scenes):
        for word, cells in enumerate(gold_cells(scene, grid, grown)):
            if cells and scene.caption[word] not in COUNTS:
                links[number, word, list(cells)] = True
    return links
