"""From a line of text to the tokens that a translator reads, and back to a line for the eye."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

UNITS = ("character", "word")

# What French writes without its vowel before another one; the rest of the word is a new token.
_ELIDED = "l|d|j|m|t|s|c|n|qu|jusqu|lorsqu|puisqu|quoiqu"
_ELISION = re.compile(f"(?:{_ELIDED})'")
_INVISIBLE = re.compile(  # controls, marks that turn the direction of writing, lone surrogates
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\uff07]")


def split(text: str, unit: str) -> tuple[str, ...]:
    """Split a line into tokens: characters as they are, or words in lower case.

    Letters with accents become one character each (Unicode NFC), white space becomes one space,
    and what cannot be seen is left out.
    Words: punctuation marks are tokens of their own, hyphens too; an elided French word keeps its
    apostrophe ("l'accord" gives "l'" and "accord"), and English "don't" stays whole.

    Raises:
        ValueError: `unit` is neither "character" nor "word".
    """
    text = " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())
    if unit == "character":
        return tuple(text)
    check_unit(unit)
    return tuple(_pattern().findall(_APOSTROPHES.sub("'", text.lower())))


def check_unit(unit: str) -> None:
    """Raise a ValueError unless `unit` is one of `UNITS`."""
    if unit not in UNITS:
        raise ValueError(f"There is no unit {unit!r}; there are {', '.join(UNITS)}.")


def join(tokens: Sequence[str], unit: str) -> str:
    """Write tokens as a line to read; `split` gives tokens that it made back unchanged.

    Full stops and commas stand close to the word before them, elided words to the one after.
    """
    if unit == "character":
        return "".join(tokens)
    line = "".join(tokens[:1])
    for before, token in pairwise(tokens):
        close = token in (".", ",") or _ELISION.fullmatch(before)
        line += token if close else " " + token
    return line


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern:
    # Python's \w leaves out the vowel signs of Hindi or Thai, which are marks and no letters.
    marks = "".join(
        sign for sign in map(chr, range(0x300, 0x10000)) if unicodedata.category(sign)[0] == "M"
    )
    letter = f"[\\w{re.escape(marks)}\u200c\u200d]"
    return re.compile(
        rf"\d+(?:[.,]\d+)+|(?:{_ELIDED})'(?={letter})|{letter}+(?:'{letter}+)*|[^\w\s]"
    )
