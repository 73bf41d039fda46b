"""Edited tables in a link: `wq=0,1;2,0` is a matrix, `table=it:0,1;won:1,0` vectors of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from lab.attention.vectors import MOST_WORDS, WIDTH, VectorsError, checked, words_of
from lab.lesson.kit.keys import Key

MATRICES = ("q", "k", "v", "o")
_LONGEST = 2_000  # characters of one parameter

Edits = dict[str, Any]  # "table": {word: row}; "q", "k", "v", "o": rows


def written(rows: Sequence[Sequence[float]]) -> str:
    """Return a matrix as a link holds it."""
    return ";".join(",".join(f"{value:.10g}" for value in row) for row in rows)


def written_words(table: Mapping[str, Sequence[float]]) -> str:
    """Return vectors of words as a link holds them."""
    return ";".join(f"{word}:{written([row])}" for word, row in table.items())


def _matrix(text: str, name: str, rows: int) -> np.ndarray:
    if len(text) > _LONGEST:
        raise VectorsError(f"{name} is too long.")
    return checked([line.split(",") for line in text.split(";")], name, rows, WIDTH)


def _words(text: str) -> dict[str, list[float]]:
    found = {}
    for part in text[:_LONGEST].split(";")[: 4 * MOST_WORDS]:
        word, _, row = part.partition(":")
        if words_of(word) != (word,):
            raise VectorsError(f"{word!r} is no word.")
        found[word] = _matrix(row, "A vector", 1)[0].tolist()
    return found


# Name of a matrix -> its key in the link, and the key of the vectors of words.
W: dict[str, Key[Any]] = {
    name: Key(f"w{name}", None, partial(_matrix, name=f"W_{name.upper()}", rows=WIDTH), written)
    for name in MATRICES
}
TABLE: Key[dict[str, list[float]]] = Key("table", {}, _words, written_words)
KEYS = (*W.values(), TABLE)


def of_link() -> Edits:
    """Return what the link holds of edited tables."""
    found = {name: key.get() for name, key in W.items() if key.get() is not None}
    return {**found, **({"table": TABLE.get()} if TABLE.get() else {})}
