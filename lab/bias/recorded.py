"""Cosines that were measured in vectors too large to be passed on: word2vec on Google News.

Written by `python -m lab.bias.recorded --data DIR`, where DIR has `w2v_weat_subset.npz` with the
vectors of the words of WEAT 1 to 10. Four decimals are kept: S, d and p of a test differ from
those of the vectors by less than a thousandth.
"""

from __future__ import annotations

import argparse
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lab.bias import files, stimuli
from lab.bias.cosines import Cosines, of_pairs
from lab.bias.weat import unit

FILE = stimuli.FOLDER / "word2vec_cosines.json"
ONE = 10_000  # a cosine of 1 in the file, which holds whole numbers
SOURCE = (
    "Cosines measured in the word2vec vectors of Google News (Mikolov et al. 2013, "
    "GoogleNews-vectors-negative300), between the words of WEAT 1 to 10; the vectors themselves "
    "are not part of this file."
)


@cache
def _read() -> dict[str, Any]:
    return json.loads(FILE.read_text(encoding="utf-8"))


@cache
def _pairs() -> dict[str, dict[str, float]]:
    given = _read()
    columns = given["attributes"]
    return {
        word: {other: value / ONE for other, value in zip(columns, row, strict=True)}
        for word, row in given["cosines"].items()
    }


def known() -> tuple[list[str], list[str]]:
    """Return the words that can be targets, and those that can be attributes."""
    given = _read()
    return list(given["cosines"]), list(given["attributes"])


def source() -> str:
    """Return where the cosines come from, in a sentence."""
    return _read()["source"]


def cosines(test: stimuli.Stimuli) -> Cosines:
    """Return the recorded cosines of a test.

    Raises:
        ValueError: none of a list is among the recorded words.
    """
    return of_pairs(test, _pairs())


def needed() -> tuple[list[str], list[str]]:
    """Return all targets and all attributes of WEAT 1 to 10 and their variants."""
    targets: dict[str, None] = {}
    attributes: dict[str, None] = {}
    for key in stimuli.weat_tests():
        for variant in ["", *stimuli.variants(key)]:
            test = stimuli.weat_test(key, variant)
            targets |= dict.fromkeys([*test.X.words, *test.Y.words])
            attributes |= dict.fromkeys([*test.A.words, *test.B.words])
    return list(targets), list(attributes)


def measure(vectors: files.Vectors) -> dict[str, Any]:
    """Return what the file holds: target -> cosines to all attributes, in units of 1 / `ONE`."""
    targets, attributes = ([w for w in part if w in set(vectors.words)] for part in needed())
    table = unit(vectors.of(targets), "targets") @ unit(vectors.of(attributes), "attributes").T
    whole = np.rint(table * ONE).astype(int)
    return {
        "source": SOURCE,
        "unit": f"1/{ONE}",
        "attributes": attributes,
        "cosines": {word: row.tolist() for word, row in zip(targets, whole, strict=True)},
    }


def write(folder: Path, to: Path = FILE) -> int:
    """Measure and write the file; return its size in bytes."""
    words = [word for part in needed() for word in part]
    given = measure(files.read_vectors(folder / "w2v_weat_subset.npz", words))
    rows = ",\n".join(
        f"{json.dumps(word)}:{json.dumps(row, separators=(',', ':'))}"
        for word, row in given["cosines"].items()
    )
    head = json.dumps({k: v for k, v in given.items() if k != "cosines"}, ensure_ascii=False)
    return to.write_text(f'{head[:-1]},\n"cosines":{{\n{rows}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Record the cosines of WEAT's words.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the vectors")
    print(f"{write(parser.parse_args().data):,} bytes in {FILE.name}")
