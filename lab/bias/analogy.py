"""Analogies by arithmetic on word vectors: a is to b as c is to which word?

The usual answer leaves the three words that were given out of the candidates. Without that, the
nearest word to b - a + c is very often b or c itself: much of what analogies seem to show comes
from leaving it out.

Sources: Mikolov, Yih and Zweig 2013, Linguistic Regularities (3CosAdd); Levy and Goldberg 2014,
Linguistic Regularities in Sparse and Explicit Word Representations (3CosMul); Nissim, van Noord
and van der Goot 2020, Fair is Better than Sensational, on leaving words out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lab.bias.weat import unit

METHODS = ("3CosAdd", "3CosMul")
_EPSILON = 1e-3  # of 3CosMul, as in the paper


class Candidate(NamedTuple):
    """A word as the fourth of an analogy.

    Attributes:
        word: of the vocabulary.
        score: by the method.
        given: whether it is one of the three words of the question.
    """

    word: str
    score: float
    given: bool


def analogy(
    words: Sequence[str],
    vectors: ArrayLike,
    a: str,
    b: str,
    c: str,
    *,
    method: str = "3CosAdd",
    exclude: bool = True,
    count: int = 10,
) -> list[Candidate]:
    """Return the best words x for a : b = c : x, the best first.

    3CosAdd: cos(x, b) - cos(x, a) + cos(x, c), on vectors of length one.
    3CosMul: cos(x, b) cos(x, c) / (cos(x, a) + 0.001), cosines moved to 0 ... 1.

    Args:
        words: V words.
        vectors: (V, D).
        a, b, c: of the words.
        method: one of `METHODS`.
        exclude: whether the three given words are left out.
        count: of candidates.

    Raises:
        ValueError: a word or the method is unknown, or a vector is zero.
    """
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}: choose {', '.join(METHODS)}.")
    places = {word: place for place, word in enumerate(words)}
    unknown = next((word for word in (a, b, c) if word not in places), None)
    if unknown is not None:
        raise ValueError(f"“{unknown[:40]}” has no vector here: choose another word.")
    table = unit(vectors, "the vocabulary")
    if len(table) != len(places):
        raise ValueError("Each word of the vocabulary needs one vector, and stands there once.")
    to_a, to_b, to_c = (table @ table[places[word]] for word in (a, b, c))
    if method == "3CosAdd":
        scores = to_b - to_a + to_c
    else:
        to_a, to_b, to_c = ((cosine + 1) / 2 for cosine in (to_a, to_b, to_c))
        scores = to_b * to_c / (to_a + _EPSILON)
    given = {places[word] for word in (a, b, c)}
    if exclude:
        scores[list(given)] = -np.inf
    best = np.argsort(-scores, kind="stable")[: min(count, len(words))]
    return [
        Candidate(words[place], float(scores[place]), int(place) in given)
        for place in best
        if np.isfinite(scores[place])
    ]


def neighbours(
    words: Sequence[str], vectors: ArrayLike, word: str, count: int = 10
) -> list[tuple[str, float]]:
    """Return the words nearest to a word by cosine, without itself, the nearest first.

    Raises:
        ValueError: the word has no vector.
    """
    if word not in words:
        raise ValueError(f"“{word[:40]}” has no vector here: choose another word.")
    table, place = unit(vectors, "the vocabulary"), list(words).index(word)
    near = table @ table[place]
    near[place] = -np.inf
    return [
        (words[p], float(near[p])) for p in np.argsort(-near, kind="stable")[:count] if p != place
    ]
