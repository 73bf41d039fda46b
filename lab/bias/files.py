"""Files of word vectors, read for the words that are needed: a file of gigabytes is streamed.

Four formats: word2vec's binary and text (a first line with two counts), GloVe's text (none), and
NumPy's `.npz` with an array of words and one of vectors. The first two may be packed with gzip.
Nothing in a file is executed: pickled arrays are refused.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from lab.bias import formats
from lab.bias.formats import FileError

MOST_KEPT = 500_000_000  # bytes of vectors in the answer
LARGEST_NPZ = 2_000_000_000  # bytes, unpacked


@dataclass(frozen=True)
class Vectors:
    """Words with their vectors.

    Attributes:
        words: N words, in the order in which they were asked for, then in the order of the file.
        vectors: (N, D) float32.
        missing: words that were asked for and are not there.
        format: "word2vec binary", "word2vec text", "GloVe text" or "npz".
        found_as: of words that were found in lower case only, how they stand in the file.
    """

    words: tuple[str, ...]
    vectors: np.ndarray
    missing: tuple[str, ...]
    format: str
    found_as: dict[str, str]

    def of(self, words: Iterable[str]) -> np.ndarray:
        """Return the vectors of some of the words, (n, D).

        Raises:
            KeyError: one of them is not there.
        """
        places = {word: place for place, word in enumerate(self.words)}
        return self.vectors[[places[word] for word in words]]


def read_vectors(
    path: str | Path, words: Iterable[str] = (), first: int = 0, lower: bool = False
) -> Vectors:
    """Read the vectors of some words.

    Reading ends when all is found, so what is behind it in the file is not looked at.

    Args:
        path: of the file; the format is found by looking at it.
        words: to find, each once.
        first: also take so many words from the beginning of the file: in published files those
            are the most frequent.
        lower: take a word in lower case where it is not there as it is.

    Raises:
        FileError: the file is missing, damaged, cut short, or of another kind.
    """
    path = Path(path)
    asked = [word for word in dict.fromkeys(words) if word]
    wanted = set(asked) | ({word.lower() for word in asked} if lower else set())
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if start[:2] == b"PK":
            kind, dimensions, records = _npz(path)
            return _collect(records, kind, dimensions, asked, wanted, first, lower)
        packed = start[:2] == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            kind, dimensions, records = _records(file, path, packed, wanted, first)
            return _collect(records, kind, dimensions, asked, wanted, first, lower)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise FileError(f"{path.name} is damaged or cut short: copy it anew.") from error
    except OSError as error:
        raise FileError(f"{path.name} cannot be read ({error.strerror or 'no file'}).") from error


def _collect(
    records: Iterator[tuple[str, np.ndarray]],
    kind: str,
    dimensions: int,
    asked: list[str],
    wanted: set[str],
    first: int,
    lower: bool,
) -> Vectors:
    if (len(wanted) + first) * dimensions * 4 > MOST_KEPT:
        raise FileError(f"{len(wanted) + first:,} vectors are too many at once: ask for fewer.")
    found: dict[str, np.ndarray] = {}
    ahead: list[str] = []
    left = set(wanted)
    for place, (word, vector) in enumerate(records):
        if place < first or word in left:
            found.setdefault(word, vector)
            left.discard(word)
            if place < first:
                ahead.append(word)
        if place + 1 >= first and not left:
            break
    names = {w: w if w in found else w.lower() for w in asked if lower or w in found}
    names = {w: as_it_is for w, as_it_is in names.items() if as_it_is in found}
    order = dict.fromkeys([*names, *ahead])
    rows = [found[names.get(word, word)] for word in order]
    return Vectors(
        tuple(order),
        np.array(rows, dtype=np.float32).reshape(len(rows), dimensions),
        tuple(word for word in asked if word not in names),
        kind,
        {word: as_it_is for word, as_it_is in names.items() if word != as_it_is},
    )


def _records(
    file: IO[bytes], path: Path, packed: bool, wanted: set[str], first: int
) -> tuple[str, int, Iterator[tuple[str, np.ndarray]]]:
    line = file.readline(formats.LONGEST_LINE)
    if not line.strip():
        raise FileError(f"{path.name} is empty: choose a file of word vectors.")
    counts = formats.header(line, path.name)
    if counts is None:  # no header: GloVe, whose first line is the first word
        dimensions = formats.dimensions(line, path.name)
        lines = formats.text(file, path.name, dimensions, None, wanted, first, line)
        return "GloVe text", dimensions, lines
    count, dimensions = counts
    beginning = file.read(formats.BLOCK)
    if formats.is_text(beginning, dimensions):
        lines = formats.text(file, path.name, dimensions, count, wanted, first, beginning)
        return "word2vec text", dimensions, lines
    if not packed and path.stat().st_size < len(line) + count * (4 * dimensions + 2):
        raise FileError(
            f"{path.name} is cut short: {count:,} words of {dimensions} numbers need "
            f"{count * (4 * dimensions + 2) / 1e6:,.0f} MB or more. Copy it anew."
        )
    records = formats.binary(file, path.name, dimensions, count, wanted, first, beginning)
    return "word2vec binary", dimensions, records


def _npz(path: Path) -> tuple[str, int, Iterator[tuple[str, np.ndarray]]]:
    with zipfile.ZipFile(path) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > LARGEST_NPZ:
            raise FileError(f"{path.name} is larger than {LARGEST_NPZ / 1e9:.0f} GB when unpacked.")
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = [a for a in map(arrays.get, arrays.files) if isinstance(a, np.ndarray)]
    except (ValueError, OSError) as error:
        raise FileError(
            f"{path.name} has arrays that NumPy cannot read without pickle: save words as text "
            "(dtype str) and vectors as float32."
        ) from error
    words = [one for one in found if one.ndim == 1 and one.dtype.kind in "US"]
    vectors = [one for one in found if one.ndim == 2 and one.dtype.kind == "f"]
    if len(words) != 1 or len(vectors) != 1 or len(words[0]) != len(vectors[0]):
        raise FileError(
            f"{path.name} needs one array of N words and one of (N, D) vectors, and no more."
        )
    names = [w.decode("utf-8", "replace") if isinstance(w, bytes) else w for w in words[0].tolist()]
    values = vectors[0].astype(np.float32)
    if not values.size or not np.isfinite(values).all():
        raise FileError(f"{path.name} has no vectors, or numbers that are not finite.")
    return "npz", values.shape[1], iter(zip(names, values, strict=True))
