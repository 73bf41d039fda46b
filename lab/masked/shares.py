"""Raw and conditional probabilities of some words in a blank, and log-ratios. No torch.

The raw probability is over the whole vocabulary. The conditional one shares out among the compared
words what they have together: it hides how much lies elsewhere, so that goes with it everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

Scores = Sequence[float | None]


def conditional(log_p: Scores) -> list[float | None]:
    """Return the shares of words in the probability that they have together.

    Args:
        log_p: log-probabilities of single tokens at one blank, in nats; None for a word that has
            none, which gets None.
    """
    values = np.array([-np.inf if value is None else value for value in log_p], dtype=np.float64)
    top = values.max(initial=-np.inf)
    if not np.isfinite(top):
        return [None] * len(values)
    shares = np.exp(values - top)
    shares /= shares.sum()
    return [None if p is None else float(s) for p, s in zip(log_p, shares, strict=True)]


def elsewhere(log_p: Scores) -> float:
    """Return the probability of everything else: 1 minus that of the words, never below 0."""
    return max(0.0, 1.0 - sum(math.exp(value) for value in log_p if value is not None))


def log_ratios(
    rows: Sequence[Scores], first: int, second: int, neutral: Sequence[Scores] | None = None
) -> list[float | None]:
    """Return log p(first) - log p(second) of each row, in nats.

    Args:
        rows: N lists of log-probabilities.
        first, second: places of two words in them.
        neutral: N lists of the same sentences about nobody in particular; their log-ratio is
            taken away, so that 0 means "as for anybody".
    """
    found = [_ratio(row, first, second) for row in rows]
    if neutral is None:
        return found
    centre = [_ratio(row, first, second) for row in neutral]
    return [None if a is None or b is None else a - b for a, b in zip(found, centre, strict=True)]


def _ratio(row: Scores, first: int, second: int) -> float | None:
    a, b = row[first], row[second]
    return None if a is None or b is None else a - b


def long_rows(
    model: str, sentence: str, words: Sequence[Mapping[str, Any]], log_p: Scores
) -> Iterator[dict[str, Any]]:
    """Yield a row of a table for each word in a sentence.

    Args:
        model: its name.
        sentence: with one blank.
        words: {"word", "single", "pieces"} of each.
        log_p: of each, in nats, or None.

    Yields:
        model, sentence, target, pieces (number of tokens), p_raw, p_conditional (among the single
        tokens; empty for words of several pieces), log_p; None where nothing is known.
    """
    alone = [value if word["single"] else None for word, value in zip(words, log_p, strict=True)]
    shares = conditional(alone)
    for word, value, share in zip(words, log_p, shares, strict=True):
        yield {
            "model": model,
            "sentence": sentence,
            "target": word["word"],
            "pieces": len(word["pieces"]) or 1,
            "p_raw": None if value is None else math.exp(value),
            "p_conditional": share,
            "log_p": value,
        }
