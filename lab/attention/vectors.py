"""Small vectors for words and small matrices, with numbers that one can multiply in one's head."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

import numpy as np

WIDTH = 4  # of the vectors made by hand: its root is a whole number
MOST_WORDS = 12
LARGEST = 1000.0  # absolute value of a number
_LONGEST = 20  # letters of a word
_STEPS = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])

# The example: what each of the four numbers stands for, and the words that have some. All of it is
# made by hand for this lab; no model learned it.
FEATURES = ("thing", "living", "pointing", "doing")
SENTENCE = "the animal thinks it won"
LEXICON: dict[str, tuple[float, ...]] = {
    "the": (0, 0, 1, 0),
    "animal": (1, 2, 0, 0),
    "thinks": (0, 0, 0, 1),
    "it": (0, 1, 2, 0),
    "won": (1, 0, 0, 1),
    "slept": (0, 1, 0, 2),
    "crossed": (0, 0, 0, 2),
    "street": (2, 0, 0, 0),
    "because": (0, 0, 0.5, 0.5),
    "tired": (0, 1, 0, 0.5),
}
BY_HAND: dict[str, tuple[tuple[float, ...], ...]] = {
    # A thing asks for a doing, a pointing word for a living thing, a doing for somebody living.
    "q": ((0, 0, 0, 1), (0, 0, 0, 1), (1, 1, 0, 0), (0, 1, 0, 0)),
    "k": ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)),
    "v": ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 0), (0, 0, 0, 1)),
}


class VectorsError(ValueError):
    """Words or vectors cannot be used; the message says what to do."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a sentence in small letters, without punctuation.

    Raises:
        VectorsError: no word, too many of them, or one that is too long.
    """
    text = text.lower()
    # Vowel signs and points belong to their letters; for `re` they are no part of a word.
    plain = "".join("a" if unicodedata.category(c)[0] in "LNM" else c for c in text)
    found = re.finditer(r"[^\W_]+(?:['’-][^\W_]+)*", plain)
    words = tuple(text[match.start() : match.end()] for match in found)
    if not words:
        raise VectorsError("There is no word to attend to: write one at least.")
    if len(words) > MOST_WORDS:
        raise VectorsError(
            f"{len(words)} words are too many for tables that can be read: write at most "
            f"{MOST_WORDS}."
        )
    if any(len(word) > _LONGEST for word in words):
        raise VectorsError(f"A word is too long: write words of at most {_LONGEST} letters.")
    return words


def embed(words: Sequence[str], width: int = WIDTH, seed: int = 0) -> np.ndarray:
    """Return a vector for each word that depends on the word and the seed, and on nothing else.

    The numbers are -1, -0.5, 0, 0.5 or 1, each as often as the others: with `weights` of the same
    width, scaled scores then spread by about one, whatever the width.

    Args:
        words: T words.
        width: C.
        seed: of the numbers.

    Returns:
        (T, C).
    """
    rows = [_generator(seed, f"word {word}").integers(0, len(_STEPS), width) for word in words]
    return _STEPS[np.array(rows, dtype=int).reshape(len(words), width)]


def by_hand(words: Sequence[str], seed: int = 0) -> np.ndarray:
    """Return the example's vectors (T, 4); words that it does not know get those of `embed`."""
    drawn = embed(words, WIDTH, seed)
    return np.array(
        [LEXICON.get(word, row) for word, row in zip(words, drawn, strict=True)], dtype=float
    ).reshape(len(words), WIDTH)


def weights(width: int = WIDTH, seed: int = 0) -> dict[str, np.ndarray]:
    """Return random W_Q, W_K and W_V of -1, 0 and 1, with about 8/3 numbers other than 0 a column.

    Args:
        width: C.
        seed: of the numbers.

    Returns:
        "q", "k" and "v", each (C, C), for row vectors: q = x W_Q.
    """
    share = min(1.0, 8 / (3 * width))
    made = {}
    for name in ("q", "k", "v"):
        generator = _generator(seed, f"matrix {name}")
        signs = generator.choice([-1.0, 1.0], (width, width))
        made[name] = np.where(generator.random((width, width)) < share, signs, 0.0)
    return made


def checked(values: object, name: str, rows: int | None = None, width: int | None = None):
    """Return values as a matrix of finite numbers of a bearable size.

    Args:
        values: of any kind.
        name: for the message.
        rows, width: what they have to be; None if anything will do.

    Raises:
        VectorsError: they are not.
    """
    try:
        table = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise VectorsError(
            f"{name} needs a number in every cell, and rows of one length."
        ) from None
    if table.ndim != 2 or 0 in table.shape:
        raise VectorsError(f"{name} has to be a table with rows and columns.")
    if not np.isfinite(table).all():
        raise VectorsError(f"{name} has an empty cell or an infinite number: fill it in.")
    if np.abs(table).max() > LARGEST:
        raise VectorsError(f"{name} has a number beyond ±{LARGEST:.0f}: choose a smaller one.")
    for found, wanted, what in ((table.shape[0], rows, "rows"), (table.shape[1], width, "columns")):
        if wanted is not None and found != wanted:
            raise VectorsError(f"{name} has {found} {what}, and {wanted} are needed to fit.")
    return table


def _generator(seed: int, what: str) -> np.random.Generator:
    # Python's own hash of a string is another one in every process.
    digest = hashlib.sha256(f"{seed} {what}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
