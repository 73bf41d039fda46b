"""The three layouts of word-vector files that are read record by record.

A reader yields a word with its vector for words that are wanted, and ("", nothing) for the others,
so that places in the file can be counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import IO

import numpy as np

MOST_DIMENSIONS = 8192
MOST_WORDS = 100_000_000  # that a header may announce
LONGEST_LINE = 1 << 20  # bytes
BLOCK = 1 << 22  # bytes read at a time
_LONGEST_WORD = 4096  # bytes


class FileError(ValueError):
    """A file of vectors that cannot be read; the message is one sentence that says what to do."""


def header(line: bytes, name: str) -> tuple[int, int] | None:
    """Return how many words of how many numbers a first line announces; None if it is no header."""
    parts = line.split()
    if len(parts) != 2 or not all(part.isdigit() and len(part) < 12 for part in parts):
        return None
    count, dimensions = map(int, parts)
    if not (0 < count <= MOST_WORDS and 0 < dimensions <= MOST_DIMENSIONS):
        raise FileError(
            f"The first line of {name} announces {count:,} words of {dimensions:,} numbers, which "
            "no file of word vectors has."
        )
    return count, dimensions


def dimensions(line: bytes, name: str) -> int:
    """Return how many numbers follow the word in a first line that is no header."""
    parts = line.split()
    if not line.endswith(b"\n") and len(line) >= LONGEST_LINE:
        parts = []
    if len(parts) < 3 or len(parts) - 1 > MOST_DIMENSIONS or _numbers(parts[1:]) is None:
        raise FileError(
            f"{name} is no file of word vectors: its first line is neither two counts nor a word "
            "with numbers."
        )
    return len(parts) - 1


def is_text(beginning: bytes, dimensions: int) -> bool:
    """Return whether the bytes behind a header are a line of text with so many numbers."""
    line = beginning.split(b"\n", 1)[0]
    parts = line.rstrip().rsplit(b" ", dimensions)
    return len(parts) == dimensions + 1 and _numbers(parts[1:]) is not None


def _numbers(parts: list[bytes]) -> np.ndarray | None:
    try:
        return np.array([float(part) for part in parts], dtype=np.float32)
    except ValueError:
        return None


def text(
    file: IO[bytes],
    name: str,
    dimensions: int,
    count: int | None,
    wanted: set[str],
    first: int,
    begun: bytes,
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the records of a text file.

    Args:
        file: open, behind `begun`.
        name: for messages.
        dimensions: D.
        count: of words as announced, or None.
        wanted: words to take apart.
        first: take so many from the beginning too.
        begun: bytes that were read already.
    """
    # Only lines whose beginning is that of a wanted word are taken apart.
    starts = {word.encode().split(b" ", 1)[0] for word in wanted}
    nothing = np.zeros(0, dtype=np.float32)
    number = 0
    for number, line in enumerate(_lines(file, begun, name), 1):
        if number > first and line.split(b" ", 1)[0] not in starts:
            yield "", nothing
            continue
        parts = line.rstrip().rsplit(b" ", dimensions)
        values = _numbers(parts[1:]) if len(parts) == dimensions + 1 else None
        if values is None:
            raise FileError(
                f"Word {number:,} of {name} has not {dimensions} numbers: the file is damaged."
            )
        _finite(values, number, name)
        yield parts[0].decode("utf-8", "replace"), values
    if count is not None and number < count:
        raise FileError(f"{name} ends after {number:,} of {count:,} words: copy it anew.")


def _lines(file: IO[bytes], begun: bytes, name: str) -> Iterator[bytes]:
    rest = begun
    while True:
        *whole, rest = rest.split(b"\n")
        yield from (line for line in whole if line.strip())
        if len(rest) > LONGEST_LINE:
            raise FileError(f"A line of {name} is longer than a megabyte: this is another format.")
        block = file.read(BLOCK)
        if not block:
            break
        rest += block
    if rest.strip():
        yield rest


def binary(
    file: IO[bytes],
    name: str,
    dimensions: int,
    count: int,
    wanted: set[str],
    first: int,
    begun: bytes,
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the records of a binary file; arguments as of `text`."""
    # A record: word, space, 4 D bytes of little-endian float32, in some files a line break.
    known = {word.encode("utf-8"): word for word in wanted}
    size, nothing = 4 * dimensions, np.zeros(0, dtype=np.float32)
    buffer, at = begun, 0
    for number in range(1, count + 1):
        while (space := buffer.find(b" ", at)) < 0 or space + 1 + size > len(buffer):
            block = file.read(max(BLOCK, size))
            if not block:
                raise FileError(
                    f"{name} ends after {number - 1:,} of {count:,} words: copy it anew."
                )
            if space < 0 and len(buffer) - at > _LONGEST_WORD:
                break
            buffer, at = buffer[at:] + block, 0
        if space < 0 or space - at > _LONGEST_WORD:
            raise FileError(f"Word {number:,} of {name} does not end: the file is damaged.")
        word = buffer[at:space].lstrip(b"\n")
        at = space + 1 + size
        if number <= first or word in known:
            values = np.frombuffer(buffer, "<f4", dimensions, space + 1).astype(np.float32)
            _finite(values, number, name)
            yield known.get(word) or word.decode("utf-8", "replace"), values
        else:
            yield "", nothing


def _finite(values: np.ndarray, number: int, name: str) -> None:
    if not math.isfinite(float(np.abs(values).sum())):
        raise FileError(
            f"Word {number:,} of {name} has numbers that are not finite: it is damaged."
        )
