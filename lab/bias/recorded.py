"""Cosines that were measured in vectors too large to be passed on: word2vec on Google News.

Recorded are the words of WEAT 1 to 10 (`assets/stimuli/make.py`). Four decimals are kept: S, d and
p of a test differ from those of the vectors by less than a thousandth.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from lab.bias import stimuli
from lab.bias.cosines import Cosines, of_pairs

FILE = stimuli.FOLDER / "word2vec_cosines.json"
ONE = 10_000  # a cosine of 1 in the file, which holds whole numbers


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
