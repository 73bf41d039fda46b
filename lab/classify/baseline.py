"""A bag of words and logistic regression: what counting words alone can do. Plain numpy.

Simple and often strong; whoever trains a network should know this figure first. Each text is the
set of its words, their order lost. Source: Wang and Manning 2012, Baselines and Bigrams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lab.classify.texts import Examples, Labelled, words

DECAY = 0.3  # of the squared weights, for each text: between many and few texts it does well
_ROUNDS = 120
_MOST_WORDS = 20_000


@dataclass(frozen=True, eq=False)
class Baseline:
    """A trained one.

    Args:
        places: word -> row of the weights.
        weights: (V + 1, K); the last row is what is said of a text without a known word.
    """

    places: dict[str, int]
    weights: np.ndarray

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Return the probabilities (N, K) of the classes of texts."""
        return _softmax(_scores(_rows(texts, self.places), self.weights))

    def shares(self, data: Labelled) -> dict[str, float]:
        """Return the shares of held-out texts told right.

        Returns:
            "words" of all, "words_new" of those with a new word and "words_known" of the others,
            if there are any, and "majority" of always naming the most frequent class.
        """
        hits = self.probabilities(data.held_out.texts).argmax(1) == data.held_out.labels
        parts = {"words": hits, "words_new": hits[data.new], "words_known": hits[~data.new]}
        found = {name: float(part.mean()) for name, part in parts.items() if len(part)}
        return {**found, "majority": data.majority}


@lru_cache(maxsize=16)
def baseline(data: Labelled, examples: int = 0, seed: int = 0) -> Baseline:
    """Train on the same texts as a run with these settings.

    Args:
        data: the texts.
        examples, seed: see `Labelled.chosen`.
    """
    chosen = data.chosen(examples, seed)
    texts = tuple(data.train.texts[n] for n in chosen)
    labels = tuple(data.train.labels[n] for n in chosen)
    return fit(Examples(texts, labels), len(data.classes))


def fit(examples: Examples, classes: int, decay: float = DECAY) -> Baseline:
    """Minimise the cross-entropy plus decay / 2 times the squared weights.

    With Nesterov's accelerated gradient, which needs no choice of a learning rate: the step is one
    over a bound of the curvature.

    Args:
        examples: texts and labels.
        classes: K.
        decay: in units of one text.
    """
    counts: dict[str, int] = {}
    for text in examples.texts:
        for word in set(words(text)):
            counts[word] = counts.get(word, 0) + 1
    often = sorted(counts, key=lambda word: (-counts[word], word))[:_MOST_WORDS]
    places = {word: place for place, word in enumerate(often)}
    rows = _rows(examples.texts, places)
    right = np.eye(classes)[list(examples.labels)]  # (N, K)
    weights = ahead = np.zeros((len(places) + 1, classes))
    curvature = 0.5 * _largest(rows, len(weights)) + decay
    for number in range(1, _ROUNDS + 1):
        error = _softmax(_scores(rows, ahead)) - right
        gradient = _spread(rows, error, len(weights)) + decay * ahead
        before, weights = weights, ahead - gradient / curvature
        ahead = weights + number / (number + 3) * (weights - before)
    return Baseline(places, weights)


@dataclass(frozen=True)
class _Rows:
    # Which words stand in which text: text (M) and word (M) for each of M occurrences.
    text: np.ndarray
    word: np.ndarray
    value: np.ndarray  # (M); each text has length one
    count: int


def _rows(texts: Sequence[str], places: dict[str, int]) -> _Rows:
    found = [
        [*sorted({places[w] for w in words(text) if w in places}), len(places)] for text in texts
    ]
    sizes = [len(row) for row in found]
    word = np.array([place for row in found for place in row], dtype=np.int64)
    value = np.repeat([size**-0.5 for size in sizes], sizes)
    return _Rows(np.repeat(np.arange(len(texts)), sizes), word, value, len(texts))


def _scores(rows: _Rows, weights: np.ndarray) -> np.ndarray:
    """Return (N, K)."""
    parts = weights[rows.word] * rows.value[:, None]
    columns = [np.bincount(rows.text, part, rows.count) for part in parts.T]
    return np.stack(columns, axis=1)


def _spread(rows: _Rows, error: np.ndarray, size: int) -> np.ndarray:
    """Return the gradient (V + 1, K): the error (N, K) of each text, given to its words."""
    parts = error[rows.text] * rows.value[:, None]
    return np.stack([np.bincount(rows.word, part, size) for part in parts.T], axis=1)


def _largest(rows: _Rows, size: int) -> float:
    # The largest eigenvalue of X^T X, by powers; a little more, so that it is a bound.
    vector = np.ones((size, 1))
    for _ in range(20):
        vector /= np.linalg.norm(vector)
        vector = _spread(rows, _scores(rows, vector), size)
    return 1.1 * float(np.linalg.norm(vector))


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
