"""Sentences around one word in several senses, and how well vectors of the word tell them apart.

Sources: Ethayarajh 2019, How Contextual are Contextualized Word Representations?; Rousseeuw 1987,
Silhouettes, Journal of Computational and Applied Mathematics 20, 53-65.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from lab.places import ASSETS

FOLDER = ASSETS / "words"
WORDS = ("bank", "cell", "light")  # that the project wrote sentences for
FEWEST, MOST, LONGEST = 3, 200, 400  # sentences, sentences, characters of one
MOST_SENSES = 6  # as many as charts have colours
LONGEST_NAME = 30  # characters of a word or of a sense's name
UNSAID = "own"  # sense of a sentence that came without one
_TIE = 1e-9  # cosines that are as good as equal


class SensesError(ValueError):
    """Sentences that cannot be used; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Sentence:
    """A sentence with the word in it.

    Args:
        sense: short name of what the word means there.
        text: the sentence.
        own: whether a student wrote it.
    """

    sense: str
    text: str
    own: bool = False


def load(word: str, folder: Path = FOLDER) -> list[Sentence]:
    """Return the project's sentences for one of `WORDS`.

    Raises:
        SensesError: there are none for this word.
    """
    if word not in WORDS:
        raise SensesError(f"The lab has sentences for {', '.join(WORDS)}: write your own.")
    lines = (folder / f"{word}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Sentence(sense, text) for _, sense, text in rows]


def read(text: str) -> list[Sentence]:
    """Return sentences that a student wrote, one a line: `sense | sentence`, or the sentence."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        before, bar, after = line.partition("|")
        sense, said = (before.strip(), after.strip()) if bar else ("", line.strip())
        found.append(Sentence(sense or UNSAID, said, own=True))
    return found


def span_of(sentence: str, word: str) -> tuple[int, int] | None:
    """Return where a word first stands in a sentence as a whole word, whatever its case."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence, re.IGNORECASE)
    return found.span() if found else None


def check(sentences: Sequence[Sentence], word: str) -> None:
    """Make sure that sentences can be compared.

    Raises:
        SensesError: the first thing that is wrong.
    """
    if not word.strip():
        raise SensesError("Write the word that all sentences have.")
    if len(word) > LONGEST_NAME:
        raise SensesError(f"The word is longer than {LONGEST_NAME} characters: take a shorter one.")
    if len(sentences) < FEWEST:
        raise SensesError(
            f"There are {len(sentences)} sentences: write at least {FEWEST}, one in each line."
        )
    if len(sentences) > MOST:
        raise SensesError(f"There are {len(sentences)} sentences: keep at most {MOST} of them.")
    seen: dict[str, int] = {}
    for number, sentence in enumerate(sentences, 1):
        start = f"{sentence.text[:40]}…" if len(sentence.text) > 40 else sentence.text
        if len(sentence.text) > LONGEST:
            raise SensesError(f"“{start}” is longer than {LONGEST} characters: shorten it.")
        if span_of(sentence.text, word) is None:
            raise SensesError(f"“{start}” does not have the word “{word}”: add it, in this form.")
        if len(sentence.sense) > LONGEST_NAME:
            raise SensesError(f"A sense of “{start}” has a long name: use a word or two.")
        if seen.setdefault(sentence.text.casefold(), number) != number:
            raise SensesError(f"“{start}” is there twice: a copy would be its own neighbour.")
    senses = {sentence.sense for sentence in sentences}
    if len(senses) > MOST_SENSES:
        raise SensesError(f"There are {len(senses)} senses: keep at most {MOST_SENSES}.")


def project(vectors: ArrayLike, axes: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Project vectors onto the directions in which they differ most (PCA).

    By singular value decomposition of the centred vectors. An axis may point either way; here the
    largest number in each direction is positive, so that a picture does not flip.

    Args:
        vectors: (N, d).
        axes: how many directions.

    Returns:
        Points (N, axes), and each axis's share (axes) of the variance, 0 where there is none.

    Raises:
        SensesError: fewer than two vectors, or numbers that are not finite.
    """
    x = _finite(vectors)
    centred = x - x.mean(axis=0)
    _, strengths, directions = np.linalg.svd(centred, full_matrices=False)
    points, shares = np.zeros((len(x), axes)), np.zeros(axes)
    total = (strengths**2).sum()
    scale = np.abs(x).max() if x.size else 0.0
    if total <= (1e-12 * max(scale, 1e-300)) ** 2:  # all the same: only rounding is left
        return points, shares
    for axis in range(min(axes, len(strengths))):
        direction = directions[axis]
        direction = direction * np.sign(direction[np.abs(direction).argmax()])
        points[:, axis] = centred @ direction
        shares[axis] = strengths[axis] ** 2 / total
    return points, shares


def cosines(vectors: ArrayLike) -> np.ndarray:
    """Return the cosine of the angle between each two vectors (N, d), as (N, N).

    A vector of zeros has no angle; its cosines are 0.
    """
    x = _finite(vectors)
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    unit = np.divide(x, lengths, out=np.zeros_like(x), where=lengths > 0)
    return np.clip(unit @ unit.T, -1, 1)


def neighbours(vectors: ArrayLike, count: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest vectors of each vector by cosine, the nearest first.

    Args:
        vectors: (N, d).
        count: at most so many.

    Returns:
        Places and cosines, both (N, min(count, N - 1)).
    """
    near = cosines(vectors)
    np.fill_diagonal(near, -np.inf)
    order = np.argsort(-near, axis=1, kind="stable")[:, : min(count, len(near) - 1)]
    return order, np.take_along_axis(near, order, axis=1)


def _companions(senses: Sequence[str]) -> np.ndarray:
    """Return of each sentence how many others have its sense (N)."""
    counts = Counter(senses)
    return np.array([counts[sense] - 1 for sense in senses])


def same_sense(vectors: ArrayLike, senses: Sequence[str]) -> float | None:
    """Return how often the nearest neighbour has the same sense (leave-one-out, cosine).

    Over the sentences whose sense another one has too. Where several neighbours are equally near
    it is the share of them that has the sense.

    Args:
        vectors: (N, d).
        senses: of each.

    Returns:
        0 to 1; None with fewer than two senses, or none that two sentences have.
    """
    others = _companions(senses)
    if len(set(senses)) < 2 or not others.any():
        return None
    near = cosines(vectors)
    np.fill_diagonal(near, -np.inf)
    nearest = near >= near.max(axis=1, keepdims=True) - _TIE  # (N, N)
    alike = np.array(senses)[:, None] == np.array(senses)[None]
    shares = (nearest & alike).sum(axis=1) / nearest.sum(axis=1)
    return float(shares[others > 0].mean())


def chance(senses: Sequence[str]) -> float | None:
    """Return what `same_sense` would be in `per_layer`, were the nearest neighbour drawn by lot."""
    senses = [sense for sense in senses if sense != UNSAID]
    others = _companions(senses)
    if len(set(senses)) < 2 or not others.any():
        return None
    return float(others[others > 0].mean() / (len(senses) - 1))


def silhouette(vectors: ArrayLike, senses: Sequence[str]) -> float | None:
    """Return the mean silhouette: how much nearer its own sense is to a vector than the next one.

    (b - a) / max(a, b), a being the mean distance (1 - cosine) to the others of its sense and b
    the smallest mean distance to another sense; 0 for a sentence alone in its sense.

    Source: Rousseeuw 1987, section 2.

    Args:
        vectors: (N, d).
        senses: of each.

    Returns:
        -1 to 1; None with fewer than two senses, or none that two sentences have.
    """
    others = _companions(senses)
    names = sorted(set(senses))
    if len(names) < 2 or not others.any():
        return None
    far, kinds = 1 - cosines(vectors), np.array(senses)
    values = np.zeros(len(kinds))
    for place in np.flatnonzero(others):
        means = {
            name: far[place, kinds == name].sum() / (kinds == name).sum()
            for name in names
            if name != kinds[place]
        }
        own = far[place, kinds == kinds[place]].sum() / others[place]  # 0 to itself
        next_one = min(means.values())
        if max(own, next_one) > _TIE:
            values[place] = (next_one - own) / max(own, next_one)
    return float(values.mean())


def _finite(vectors: ArrayLike) -> np.ndarray:
    x = np.asarray(vectors, dtype=np.float64)
    if x.ndim != 2 or len(x) < 2:
        raise SensesError("At least two vectors of one length are needed to compare them.")
    if not np.isfinite(x).all():
        raise SensesError("The model gave numbers that are not finite: train it with a lower rate.")
    return x


def per_layer(layers: ArrayLike, senses: Sequence[str]) -> list[dict[str, float | None]]:
    """Return for each layer how well it tells the senses apart.

    Sentences that came without a sense are left out.

    Args:
        layers: (L + 1, N, d), the embeddings first.
        senses: N of them.

    Returns:
        L + 1 dicts with layer, same_sense and silhouette.
    """
    named = [place for place, sense in enumerate(senses) if sense != UNSAID]
    kept = [senses[place] for place in named]
    rows = []
    for number, vectors in enumerate(layers):
        some = np.asarray(vectors, dtype=np.float64)[named]
        told = len(named) >= 2
        rows.append(
            {
                "layer": number,
                "same_sense": same_sense(some, kept) if told else None,
                "silhouette": silhouette(some, kept) if told else None,
            }
        )
    return rows
