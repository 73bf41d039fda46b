"""Edited tables in a link: `wq=0,1;2,0` is a matrix, `table=it:0,1;won:1,0` vectors of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lab.attention.vectors import MOST_WORDS, WIDTH, VectorsError, checked, words_of

MATRICES = ("q", "k", "v", "o")
_LONGEST = 2_000  # characters of one parameter

Edits = dict[str, object]  # "table": {word: row}; "q", "k", "v", "o": rows


def written(rows: Sequence[Sequence[float]]) -> str:
    """Return a matrix as a link holds it."""
    return ";".join(",".join(f"{value:.10g}" for value in row) for row in rows)


def written_words(table: Mapping[str, Sequence[float]]) -> str:
    """Return vectors of words as a link holds them."""
    return ";".join(f"{word}:{written([row])}" for word, row in table.items())


def read(query: Mapping[str, str]) -> tuple[Edits, list[str]]:
    """Read the edits of a link; what cannot be read is left out and named.

    Returns:
        The edits, and the parts that were left out.
    """
    edits, left_out = {}, []
    for name in MATRICES:
        text = query.get(f"w{name}")
        if text:
            try:
                edits[name] = _matrix(text, f"W_{name.upper()}", WIDTH)
            except VectorsError:
                left_out.append(f"w{name}={text}"[:60])
    if text := query.get("table"):
        try:
            edits["table"] = _words(text)
        except VectorsError:
            left_out.append(f"table={text}"[:60])
    return edits, left_out


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
