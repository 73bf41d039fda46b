"""A test and the words that leaned, before and after a direction is taken out."""

from __future__ import annotations

from typing import NamedTuple

from lab.bias.debias import Kept, kept
from lab.bias.stays import Removed, clusters, leaning
from lab.bias.stimuli import Stimuli, weat_test
from lab.bias.tables import Table
from lab.bias.weat import WeatResult, weat

# Test -> its lists that name people of one gender: they stay as they are.
GENDERED = {"weat6": "XY", "weat7": "AB", "weat8": "AB", "weat1": ""}
FEWEST = 3  # words of a list


class Tested(NamedTuple):
    """A test before and after.

    Attributes:
        before, after: its results.
        known: role -> how many words of the list have a vector.
        test: the lists as published.
    """

    before: WeatResult
    after: WeatResult
    known: dict[str, int]
    test: Stimuli


class Together(NamedTuple):
    """Words that leaned to one side, and how far they stand together.

    Attributes:
        first, second: those that leaned most to each end, the most first.
        near: of their neighbours among both groups, the share of the own side.
        clustered_before, clustered_after: share of words that clustering in two sorts as before.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    near: Kept
    clustered_before: float
    clustered_after: float


def gendered(key: str) -> frozenset[str]:
    """Return the words of a test that stay as they are, in lower case."""
    sets = weat_test(key).sets
    return frozenset(word.lower() for role in GENDERED[key] for word in sets[role].words)


def weat_twice(removed: Removed, key: str) -> Tested:
    """Do a test of `GENDERED` before and after.

    Raises:
        ValueError: fewer than three words of a list have a vector.
    """
    test, table = weat_test(key), removed.table
    sets = {r: table.known(w.lower() for w in one.words) for r, one in test.sets.items()}
    few = next((role for role, words in sets.items() if len(words) < FEWEST), None)
    if few:
        raise ValueError(
            f"These vectors know {len(sets[few])} of the {len(test.sets[few].words)} words of the "
            f"list {test.sets[few].name}: choose another test."
        )
    results = [
        weat(*(rows[[table.places[w] for w in sets[role]]] for role in "XYAB"))
        for rows in (table.unit, removed.after)
    ]
    return Tested(*results, {role: len(words) for role, words in sets.items()}, test)


def together(removed: Removed, count: int = 250, near: int = 10) -> Together:
    """Look at the words that leaned most to each side: are they still each other's neighbours?

    Args:
        removed: a direction taken out.
        count: of words on each side.
        near: neighbours that are looked at.
    """
    first, second = leaning(removed, count)
    both, groups = [*first, *second], [True] * len(first) + [False] * len(second)
    before, after = removed.table.unit[both], removed.after[both]
    words = removed.table.words
    return Together(
        tuple(words[p] for p in first),
        tuple(words[p] for p in second),
        kept(before, after, groups, near),
        clusters(before, groups),
        clusters(after, groups),
    )


def split(table: Table, text: str, most: int = 60) -> tuple[list[str], list[str]]:
    """Return the words of a typed list that a table knows, and those that it does not."""
    words = list(dict.fromkeys(text.lower().replace(",", " ").split()))[:most]
    known = table.known(words)
    return known, [word for word in words if word not in table.places]
