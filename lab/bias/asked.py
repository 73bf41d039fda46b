"""What a page asks a worker about an association test: cosines of a source, verdicts, leave-outs.

Everything goes in and comes out as JSON holds it.
"""

from __future__ import annotations

import gzip
import math
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from lab.bias import conventions, exact
from lab.bias.cosines import Cosines, leave_one_out, of_vectors
from lab.bias.distribution import permutation_distribution
from lab.bias.files import FileError, read_vectors
from lab.bias.own_lists import own
from lab.bias.stimuli import ROLES, Stimuli, StimuliError, WordSet
from lab.bias.weat import effect_size

LARGEST_UNPACKED = 200_000_000  # bytes of an uploaded file, once unpacked
_MEETING = 44  # targets up to which a p-value is exact within milliseconds
_COARSE = 1 << 13  # cells of the bracket above that, where a hundred are asked for

Sets = Mapping[str, Sequence[str]]


def of_folder(path: str, sets: Sets, readings: Sequence[Sequence[Any]], **given: Any) -> list[dict]:
    """Return the cosines of a test in a model folder, for one reading after the other.

    Args:
        path: of the folder.
        sets: role -> words.
        readings: (way, layer); see `lab.bias.embeddings.of_folder`.
        **given: templates.

    Returns:
        See `packed`, with "way" and "layer". Layers below 0 come back counted from 0.

    Raises:
        ValueError: the model or a reading cannot be used, or none of a list is known.
    """
    from lab.bias import embeddings

    return _read(lambda **more: embeddings.of_folder(path, **more), sets, readings, given)


def of_run(
    checkpoint: bytes, data: Any, sets: Sets, readings: Sequence[Sequence[Any]], **given: Any
) -> list[dict]:
    """Return the cosines of a test in a run; see `of_folder`."""
    from lab.bias import embeddings

    return _read(lambda **more: embeddings.of_run(checkpoint, data, **more), sets, readings, given)


def _read(
    vectors_of: Any, sets: Sets, readings: Sequence[Sequence[Any]], given: dict[str, Any]
) -> list[dict]:
    from lab.bias.embeddings import decode

    test = stimuli_of(sets)
    found = []
    for way, layer in readings:
        answer = vectors_of(words=test.words, way=way, layer=layer, **given)
        vectors = dict(zip(answer["words"], decode(answer), strict=True))
        pieces = {w: n for w, n in zip(answer["words"], answer["pieces"], strict=True) if n > 1}
        counted = layer if layer >= 0 else answer["layers"] + 1 + layer
        more = {"way": way, "layer": counted, "layers": answer["layers"], "pieces": pieces}
        found.append(packed(of_vectors(test, vectors)) | more)
    return found


def of_file(path: str, sets: Sets) -> dict[str, Any]:
    """Return the cosines of a test in a file of word vectors.

    Returns:
        See `packed`, with "found_as" (words that were found in lower case only), "format" and
        "dimensions".

    Raises:
        ValueError: the file cannot be read, or none of a list is in it.
    """
    test = stimuli_of(sets)
    read = read_vectors(path, test.words, lower=True)
    vectors = dict(zip(read.words, read.vectors, strict=True))
    more = {"found_as": read.found_as, "format": read.format, "dimensions": read.vectors.shape[1]}
    return packed(of_vectors(test, vectors)) | more


def of_bytes(data: bytes, name: str, sets: Sets) -> dict[str, Any]:
    """Return the same of a file that was uploaded.

    Raises:
        ValueError: as `of_file`, or it grows beyond `LARGEST_UNPACKED` when unpacked.
    """
    _bounded(data, name)
    with tempfile.TemporaryDirectory() as folder:
        # Messages name the file: what it was called, without a way into other folders.
        path = Path(folder) / (Path(name.replace("\\", "/")).name[:60] or "file")
        path.write_bytes(data)
        return of_file(str(path), sets)


def _bounded(data: bytes, name: str) -> None:
    large = FileError(f"{name[:60]} is larger than {LARGEST_UNPACKED // 10**6} MB when unpacked.")
    if data[:2] == b"\x1f\x8b":
        size = 0
        try:
            # By the class that reads it afterwards: a file may have many members.
            with gzip.GzipFile(fileobj=BytesIO(data)) as file:
                while part := file.read(1 << 24):
                    size += len(part)
                    if size > LARGEST_UNPACKED:
                        raise large
        except EOFError:
            return  # who reads it says after how many words it ends
        except (zlib.error, gzip.BadGzipFile):
            raise FileError(f"{name[:60]} is damaged or cut short: copy it anew.") from None
    elif data[:2] == b"PK":
        try:
            with zipfile.ZipFile(BytesIO(data)) as entries:
                if sum(entry.file_size for entry in entries.infolist()) > LARGEST_UNPACKED:
                    raise large
        except zipfile.BadZipFile:
            raise FileError(f"{name[:60]} is damaged or cut short: copy it anew.") from None


def stimuli_of(sets: Sets) -> Stimuli:
    """Return lists that came as JSON."""
    return own(*("\n".join(sets[role]) for role in ROLES))


def packed(cosines: Cosines) -> dict[str, Any]:
    """Return cosines such as JSON can hold: words by role, X, Y (rounded to 1e-9), missing."""
    return {
        "sets": {role: list(one.words) for role, one in cosines.stimuli.sets.items()},
        "X": np.round(cosines.X, 9).tolist(),
        "Y": np.round(cosines.Y, 9).tolist(),
        "missing": list(cosines.missing),
    }


def unpacked(answer: Mapping[str, Any], test: Stimuli) -> Cosines:
    """Return the cosines of an answer, with the names of the test that was asked about."""
    sets = {r: WordSet(test.sets[r].name, tuple(answer["sets"][r])) for r in ROLES}
    rest = {name: getattr(test, name) for name in ("about", "source", "variant", "note")}
    return Cosines(
        Stimuli(test.key, test.title, **sets, **rest),
        np.array(answer["X"], dtype=np.float64),
        np.array(answer["Y"], dtype=np.float64),
        tuple(answer["missing"]),
        answer.get("pieces") or {},
        answer.get("layers", 0),
    )


def p_of(first: Sequence[float], second: Sequence[float], quick: bool = False) -> tuple:
    """Return (low, high, method) of the lab's p-value; quick: a coarser bracket above 44 scores."""
    many = len(first) + len(second) > _MEETING
    options = {"method": "bracket", "cells": _COARSE} if quick and many else {}
    found = exact.p_value(first, second, alternative="greater", scale=1.0, **options)
    return found.low, found.high, found.method


def verdicts(first: Sequence[float], second: Sequence[float], seed: int = 0) -> list[dict]:
    """Return what every convention says of two groups of scores; see `conventions.Verdict`.

    Returns:
        A dict for each of `conventions.CONVENTIONS`, with "below" (of .05; None where it cannot
        be told) and NaN as None; "partitions" and "opposite" (the lab's p-value of the other
        direction, low and high) are in the first.
    """
    found = []
    for convention in conventions.CONVENTIONS:
        verdict = conventions.judge(convention, first, second, seed=seed)
        below = conventions.significant(verdict)
        numbers = {"statistic", "effect_size", "p_low", "p_high"}
        told = {k: _none(v) if k in numbers else v for k, v in vars(verdict).items()}
        found.append(told | {"below": below})
    opposite = exact.p_value(first, second, alternative="less", scale=1.0)
    found[0] |= {"partitions": opposite.partitions, "opposite": [opposite.low, opposite.high]}
    return found


def _none(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def chance(first: Sequence[float], second: Sequence[float], bins: int = 40) -> dict[str, Any]:
    """Return how often chance gives which S; see `distribution.permutation_distribution`.

    Returns:
        {"edges", "counts", "observed"}.
    """
    drawn = permutation_distribution(first, second, bins=bins)
    counts, edges = np.asarray(drawn.counts).tolist(), drawn.edges.tolist()
    return {"edges": edges, "counts": counts, "observed": float(drawn.observed)}


def left_out(
    X: Sequence[Sequence[float]], Y: Sequence[Sequence[float]], sets: Sets
) -> list[dict[str, Any]]:
    """Return d and p without each word in turn.

    Args:
        X, Y: cosines, as `packed` gives them.
        sets: role -> words.

    Returns:
        {"role", "word", "d" (None where all scores are equal), "p_low", "p_high"}.
    """
    cosines = Cosines(_stimuli(sets), np.array(X, dtype=float), np.array(Y, dtype=float))
    found = []
    for role, word, first, second in leave_one_out(cosines):
        low, high, _ = p_of(first, second, quick=True)
        d = _none(effect_size(first, second))
        found.append({"role": role, "word": word, "d": d, "p_low": low, "p_high": high})
    return found


def _stimuli(sets: Sets) -> Stimuli:
    if any(not sets[role] for role in ROLES):
        raise StimuliError("A list is empty: write a word or more.")
    return Stimuli("own", "", **{role: WordSet(role, tuple(sets[role])) for role in ROLES})
