"""One sitting of a short Implicit Association Test: which words, in which order, and what came.

Flowers and insects, pleasant and unpleasant: the first and most harmless of these tests. A sitting
is wholly given by its seed, so that the browser has to send nothing but times.

Words: eight of each list of Greenwald, McGhee and Schwartz 1998, experiment 1, as WEAT 1 of
Caliskan, Bryson and Narayanan 2017 has them; chosen to be short and known to people who learnt
English at school. ("Spider" is on the list of insects, though it is none.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FLOWERS, INSECTS, PLEASANT, UNPLEASANT = "flowers", "insects", "pleasant", "unpleasant"
WORDS = {
    FLOWERS: ("rose", "tulip", "daisy", "lily", "orchid", "violet", "daffodil", "poppy"),
    INSECTS: ("ant", "spider", "wasp", "mosquito", "cockroach", "moth", "beetle", "termite"),
    PLEASANT: ("love", "peace", "happy", "friend", "gift", "laughter", "rainbow", "sunrise"),
    UNPLEASANT: ("filth", "poison", "stink", "ugly", "rotten", "crash", "accident", "disaster"),
}
COMPATIBLE, INCOMPATIBLE, PRACTICE = "compatible", "incompatible", "practice"
PRACTISED = 4  # words of each of the two categories of a practice block
LONGEST = 600_000  # milliseconds; more is no time that a browser measured in a sitting


@dataclass(frozen=True)
class Block:
    """Trials in a row with the same keys.

    Attributes:
        part: PRACTICE, COMPATIBLE or INCOMPATIBLE; practice is not scored.
        left, right: categories of the left and of the right key, one or two.
        words, categories: of each trial.
    """

    part: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    words: tuple[str, ...]
    categories: tuple[str, ...]

    @property
    def lefts(self) -> tuple[bool, ...]:
        """Whether the left key is right, for each trial."""
        return tuple(category in self.left for category in self.categories)


@dataclass(frozen=True)
class Trial:
    """One answer of a scored block.

    Attributes:
        part: COMPATIBLE or INCOMPATIBLE.
        number: place in its block, from 1.
        word, category: what was shown.
        milliseconds: until the right key.
        errors: wrong keys before it.
    """

    part: str
    number: int
    word: str
    category: str
    milliseconds: float
    errors: int


def compatible_first(seed: int) -> bool:
    """Return whether the compatible block comes first: with even seeds, so for half a class."""
    return seed % 2 == 0


def plan(seed: int) -> tuple[Block, ...]:
    """Return the five blocks of a sitting: 8, 8, 32, 8 and 32 trials.

    Things, attributes, both together, things with keys exchanged, both together again. Attributes
    keep their keys. Each scored block has every word once, so that the two differ in nothing but
    the keys (and in that one comes later). In them things and attributes alternate.

    Args:
        seed: not negative; even for the compatible block first. The rest of it chooses the sides
            and the order of words.
    """
    if seed < 0:
        raise ValueError(f"A seed is not negative; {seed} is.")
    rng = np.random.default_rng(seed)
    good, bad = (PLEASANT, UNPLEASANT) if rng.random() < 0.5 else (UNPLEASANT, PLEASANT)
    with_left = {PLEASANT: FLOWERS, UNPLEASANT: INSECTS}[good]  # compatible with the left attribute
    other = INSECTS if with_left == FLOWERS else FLOWERS
    order = [(with_left, other), (other, with_left)]
    parts = [COMPATIBLE, INCOMPATIBLE]
    if not compatible_first(seed):
        order.reverse()
        parts.reverse()
    blocks = [_practice(rng, *order[0]), _practice(rng, good, bad)]
    for number, ((left, right), part) in enumerate(zip(order, parts, strict=True)):
        if number:
            blocks.append(_practice(rng, left, right))
        blocks.append(_combined(rng, part, (left, good), (right, bad)))
    return tuple(blocks)


def _practice(rng: np.random.Generator, left: str, right: str) -> Block:
    pairs = [
        (str(word), category)
        for category in (left, right)
        for word in rng.choice(WORDS[category], PRACTISED, replace=False)
    ]
    return _block(PRACTICE, (left,), (right,), [pairs[n] for n in rng.permutation(len(pairs))])


def _combined(
    rng: np.random.Generator, part: str, left: tuple[str, ...], right: tuple[str, ...]
) -> Block:
    things, attributes = (
        _shuffled(rng, categories) for categories in ((FLOWERS, INSECTS), (PLEASANT, UNPLEASANT))
    )
    pairs = [pair for both in zip(things, attributes, strict=True) for pair in both]
    return _block(part, left, right, pairs)


def _shuffled(rng: np.random.Generator, categories: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [(word, category) for category in categories for word in WORDS[category]]
    return [pairs[n] for n in rng.permutation(len(pairs))]


def _block(part: str, left: tuple, right: tuple, pairs: Sequence[tuple[str, str]]) -> Block:
    words, categories = zip(*pairs, strict=True)
    return Block(part, left, right, words, categories)


def read(seed: int, raw: Any) -> tuple[Trial, ...]:
    """Return the scored trials of what a browser sent, which can be anything.

    Args:
        seed: of the sitting that was asked for.
        raw: {"seed", "times": a list of milliseconds for each block, "errors": counts likewise}.

    Raises:
        ValueError: it is not a complete sitting of this seed.
    """
    blocks = plan(seed)
    if not isinstance(raw, Mapping) or raw.get("seed") != seed:
        raise ValueError("This is not the sitting that was asked for: begin again.")
    times, errors = raw.get("times"), raw.get("errors")
    for values, kind, most in ((times, (int, float), LONGEST), (errors, int, 1_000)):
        if not _complete(values, blocks, kind, most):
            raise ValueError("The sitting is not complete, so it has no score: begin again.")
    return tuple(
        Trial(
            block.part, n + 1, block.words[n], block.categories[n], float(times[b][n]), errors[b][n]
        )
        for b, block in enumerate(blocks)
        for n in range(len(block.words))
        if block.part != PRACTICE
    )


def _complete(values: Any, blocks: Sequence[Block], kind: Any, most: int) -> bool:
    return (
        isinstance(values, list)
        and len(values) == len(blocks)
        and all(
            isinstance(row, list)
            and len(row) == len(block.words)
            and all(isinstance(v, kind) and not isinstance(v, bool) and 0 <= v <= most for v in row)
            for row, block in zip(values, blocks, strict=True)
        )
    )


def times(trials: Sequence[Trial], part: str) -> np.ndarray:
    """Return the times of one part in the order of its trials, in milliseconds."""
    return np.array([trial.milliseconds for trial in trials if trial.part == part])


# A made-up person: nobody answers sooner than LEAST; above it, median time and the standard
# deviation of its logarithm; share of errors and the time that correcting one takes (milliseconds).
# Set by hand to look like a person's; nothing was fitted to data.
LEAST, MEDIAN, SPREAD = 330.0, 320.0, 0.6
WRONG, COST = 0.05, 420.0
PACE, PRACTISED_PACE = 0.12, 0.95  # people differ (deviation of a logarithm); the second block
MOST_SLOWER = 400


def simulate(seed: int, slower: float = 200.0) -> tuple[Trial, ...]:
    """Return the scored trials of a person who does not exist: log-normal times, some errors.

    Args:
        seed: of the person and of the sitting's plan.
        slower: true difference of the two blocks' means in milliseconds, from -400 to 400; on top
            of it the block that comes second goes a little faster.

    Raises:
        ValueError: the difference is outside.
    """
    if not -MOST_SLOWER <= slower <= MOST_SLOWER:
        raise ValueError(f"A difference is between {-MOST_SLOWER} and {MOST_SLOWER} ms here.")
    rng = np.random.default_rng([seed, 1])
    pace, later = float(np.exp(rng.normal(0, PACE))), 1.0
    cost = {COMPATIBLE: max(-slower, 0), INCOMPATIBLE: max(slower, 0)}
    made = []
    for block in plan(seed):
        if block.part == PRACTICE:
            continue
        for n, (word, category) in enumerate(zip(block.words, block.categories, strict=True)):
            wrong = int(rng.random() < WRONG)
            time = LEAST + pace * later * MEDIAN * np.exp(rng.normal(0, SPREAD))
            time += cost[block.part] + wrong * COST
            made.append(Trial(block.part, n + 1, word, category, round(float(time), 1), wrong))
        later = PRACTISED_PACE
    return tuple(made)


def simulated_differences(slower: float, people: int = 200, seed: int = 0) -> np.ndarray:
    """Return how much slower each of many simulated people was, in milliseconds, (people)."""
    sittings = [simulate(seed + n, slower) for n in range(people)]
    return np.array([times(s, INCOMPATIBLE).mean() - times(s, COMPATIBLE).mean() for s in sittings])
