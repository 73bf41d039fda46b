"""A direction taken out of a whole vocabulary, and what stays: who is still whose neighbour.

Bolukbasi et al. 2016 find a direction in pairs of words and take it out of all words that it is not
meant for. Gonen and Goldberg 2019 then sort the words by how they leaned before, and find those of
one side still together: by their neighbours, and by clustering in two. Both are here, with what a
lot would give beside them.

The steps themselves are in `lab.bias.debias`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from lab.bias.debias import Direction, direction, neutralise
from lab.bias.tables import Table

PAIRS = (
    "he she, his her, himself herself, man woman, boy girl, father mother, son daughter, "
    "brother sister, male female, king queen"
)
_OCCUPATIONS = (
    "accountant architect baker carpenter cashier chef clerk dancer doctor electrician engineer "
    "farmer hairdresser housekeeper journalist judge lawyer librarian maid manager mechanic nurse "
    "painter pilot poet professor programmer receptionist scientist secretary servant singer "
    "soldier surgeon tailor teacher therapist waiter writer"
)
OCCUPATIONS = tuple(_OCCUPATIONS.split())
FEWEST_PAIRS, MOST_PAIRS = 2, 40
WORDS = 10_000  # of a table that are looked at: the most frequent ones
_LOTS = 20  # draws of pairs by lot
_STARTS, _ROUNDS = 8, 30  # of the clustering


class PairsError(ValueError):
    """Pairs that cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Removed:
    """A table before and after a direction is taken out.

    Args:
        table: before.
        pairs: those that were found in it; the direction points to the first words.
        missing: words of pairs that are not in it.
        found: the direction, with the shares of the components.
        by_lot: shares of the components for as many pairs drawn by lot, the mean of 20 draws.
        leans: cosine of each word to the direction, before, (V).
        after: (V, D) at length one, without the direction but for the kept words.
        kept: words that stay as they are.
    """

    table: Table
    pairs: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    found: Direction
    by_lot: np.ndarray
    leans: np.ndarray
    after: np.ndarray
    kept: frozenset[str]


def read_pairs(text: str) -> list[tuple[str, str]]:
    """Read pairs: two words each, with commas or line breaks between the pairs.

    Raises:
        PairsError: a pair has not two words, or there are too few or too many.
    """
    pairs = []
    for part in filter(str.strip, re.split(r"[,;\n]", text.lower())):
        words = re.split(r"\s*[-–/]\s*|\s+", part.strip())
        if len(words) != 2 or not all(words) or words[0] == words[1]:
            raise PairsError(f"“{part.strip()[:40]}” is no pair: write two words, as in “he she”.")
        pairs.append((words[0], words[1]))
    distinct: dict[frozenset, tuple[str, str]] = {}
    for pair in pairs:  # the same pair turned round is the same direction
        distinct.setdefault(frozenset(pair), pair)
    pairs = list(distinct.values())
    if not FEWEST_PAIRS <= len(pairs) <= MOST_PAIRS:
        raise PairsError(f"{FEWEST_PAIRS} to {MOST_PAIRS} pairs are needed, not {len(pairs)}.")
    return pairs


def remove(table: Table, pairs: Sequence[tuple[str, str]], keep: Collection[str] = ()) -> Removed:
    """Take the direction of some pairs out of the first 10,000 words of a table.

    Args:
        table: of words.
        pairs: each of two words.
        keep: more words that stay as they are; the words of the pairs always do.

    Raises:
        PairsError: fewer than two pairs are in the table.
    """
    table = table.first(WORDS)
    there = tuple(pair for pair in pairs if len(table.known(pair)) == 2)
    missing = tuple(w for w in dict.fromkeys(sum(pairs, ())) if w not in table.places)
    if len(there) < FEWEST_PAIRS:
        raise PairsError(
            f"{len(there)} of {len(pairs)} pairs have vectors here, and {FEWEST_PAIRS} are needed: "
            "choose other pairs."
        )
    firsts, seconds = (table.of(words) for words in zip(*there, strict=True))
    found = direction(firsts, seconds)
    leans = table.unit @ found.vector.astype(np.float32)
    kept = frozenset({word for pair in there for word in pair} | set(keep))
    after = table.unit.copy()
    # A word that is nothing but the direction (it cannot be taken out) stays too.
    change = [p for p, w in enumerate(table.words) if w not in kept and abs(leans[p]) < 1 - 1e-6]
    if change:
        after[change] = neutralise(after[change], found.vector)
    by_lot = shares_by_lot(table, len(there))
    return Removed(table, there, missing, found, by_lot, leans, after, kept)


def shares_by_lot(table: Table, pairs: int, seed: int = 0) -> np.ndarray:
    """Return the mean shares of the components for pairs of words drawn by lot, (pairs)."""
    random = np.random.default_rng(seed)
    some = min(len(table.words), 2_000)
    pairs = min(pairs, some // 2)
    draws = []
    for _ in range(_LOTS):
        rows = table.unit[random.choice(some, 2 * pairs, replace=False)]
        draws.append(direction(rows[:pairs], rows[pairs:]).shares)
    return np.mean(draws, axis=0)


def leaning(removed: Removed, count: int) -> tuple[list[int], list[int]]:
    """Return the places of the words that lean most to each side before, kept words left out.

    Args:
        removed: a direction taken out.
        count: of words on each side, fewer where the table is small.
    """
    order = np.argsort(-removed.leans, kind="stable")
    order = [int(p) for p in order if removed.table.words[p] not in removed.kept]
    count = min(count, len(order) // 2)
    return order[:count], order[-count:][::-1]


def clusters(vectors: np.ndarray, groups: Sequence[bool], seed: int = 0) -> float:
    """Cluster words in two without being told their groups; return the share that fits them.

    Spherical k-means (on vectors of length one), the best of eight starts.

    Args:
        vectors: (N, D) at length one.
        groups: N, the group of each.

    Returns:
        Of two clusters and two groups, the better way of naming: 0.5 to 1.
    """
    of = np.asarray(groups, dtype=bool)
    random = np.random.default_rng(seed)
    best, share = -np.inf, 0.5
    for _ in range(_STARTS):
        centres = vectors[random.choice(len(vectors), 2, replace=False)]
        for _ in range(_ROUNDS):
            side = (vectors @ centres.T).argmax(axis=1)
            if side.min() == side.max():
                break
            sums = np.stack([vectors[side == k].sum(axis=0) for k in (0, 1)])
            centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        near = vectors @ centres.T
        if near.max(axis=1).sum() > best:
            best = near.max(axis=1).sum()
            fits = float(((near.argmax(axis=1) == 0) == of).mean())
            share = max(fits, 1 - fits)
    return share


def company(removed: Removed, words: Sequence[str], count: int = 50) -> list[dict]:
    """Say of some words how they leaned, and how their neighbours of then and now had leaned.

    Args:
        removed: a direction taken out.
        words: of its table.
        count: of neighbours, among all words.

    Returns:
        {"word", "lean" (cosine to the direction, before), "before", "after" (share of its
        neighbours that had leaned to the first side, in the table before and after)}.
    """
    places = [removed.table.place(word) for word in words]
    first = removed.leans > 0
    shares = []
    for table in (removed.table.unit, removed.after):
        near = table[places] @ table.T
        near[range(len(places)), places] = -np.inf
        few = min(count, len(table) - 1)
        order = np.argpartition(-near, few - 1, axis=1)[:, :few]
        shares.append(first[order].mean(axis=1))
    return [
        {"word": word, "lean": float(removed.leans[p]), "before": float(b), "after": float(a)}
        for word, p, b, a in zip(words, places, *shares, strict=True)
    ]


def neighbours(removed: Removed, word: str, count: int = 10) -> tuple[list[str], list[str]]:
    """Return the words nearest to a word before, and after, the nearest first.

    Raises:
        ValueError: the word has no vector.
    """
    place = removed.table.place(word)
    found = []
    for table in (removed.table.unit, removed.after):
        near = table @ table[place]
        near[place] = -np.inf
        found.append([removed.table.words[p] for p in np.argsort(-near, kind="stable")[:count]])
    return found[0], found[1]
