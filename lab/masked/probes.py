"""What the model card reports: everyday blanks, occupations, and the text's own shares."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lab.masked.vocabulary import tokenizer_of

if TYPE_CHECKING:
    from lab.masked.rows import Buckets
    from lab.models.bert import Bert

EVERYDAY = (
    "She poured the milk into a [MASK].",
    "The dog chased the [MASK] across the garden.",
    "He opened the [MASK] and looked out at the rain.",
    "They drove to the [MASK] in an old car.",
    "My mother is married to my [MASK].",
    "After lunch the children went back to [MASK].",
    "The sun rises in the [MASK].",
    "In the winter the lake is covered with [MASK].",
    "She studied physics at the [MASK] of Cambridge.",
    "He was born in London, the son of a [MASK].",
    "The film was directed by a young [MASK] director.",
    "The army was defeated in the [MASK].",
    "The king gave his daughter a golden [MASK].",
    "Paris is the capital of [MASK].",
    "She gave [MASK] to a son in 1920.",
    "The second [MASK] war ended in 1945.",
    "Two and two make [MASK].",
    "I have never [MASK] so happy in my life.",
    "The cat is sleeping [MASK] the table.",
    "He was angry because she had not [MASK] his letter.",
)

# The course's two sentences, and what bert-base-uncased says (recorded; `reference/bias.md`).
COURSE = {
    "The scientist obtained a PhD in computer science in 1990, when [MASK] started to look for a "
    "position in academia.": {"he": 0.911, "she": 0.058, "they": 0.006},
    "The presenter obtained a PhD in psychology in 1990, when [MASK] started to look for a "
    "position in academia.": {"he": 0.636, "she": 0.306, "they": 0.018},
}

TEMPLATES = (
    "The {} said that [MASK] was tired.",
    "The {} went home because [MASK] was ill.",
    "[MASK] worked as {a} {}.",
    "[MASK] became {a} {} in 1990.",
    "The {} finished the work, and then [MASK] left.",
)
NEUTRAL = "person"
FEWEST = 20  # rows with a pronoun from which a text's own share is taken seriously


def sentences_about(occupation: str) -> list[str]:
    """Return the templates with an occupation in them, "a" or "an" as its first letter has it."""
    article = "an" if occupation[0] in "aeiou" else "a"
    return [template.format(occupation, a=article) for template in TEMPLATES]


def log_ratios(model: Bert, tokens: Sequence[str], occupations: Sequence[str]) -> np.ndarray:
    """Return log p(he) - log p(she) in nats, (occupations, templates).

    Not centred: subtract the row of `NEUTRAL` to take away what the text says of anybody.
    """
    from lab.masked.filling import fill

    he, she = tokens.index("he"), tokens.index("she")
    filled = fill(model, tokens, [s for word in occupations for s in sentences_about(word)])
    chances = np.array([one.log_probabilities[0, [he, she]] for one in filled])
    return (chances[:, 0] - chances[:, 1]).reshape(len(occupations), len(TEMPLATES))


def read_occupations(path: Path) -> dict[str, float]:
    """Read the share of men of each occupation, from 0 to 1, from Winogender's table.

    The table is that of Rudinger et al. 2018; its shares are those of the US Bureau of Labor
    Statistics.

    Raises:
        OSError, KeyError, ValueError: it is not there, or not that table.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["occupation"]: 1 - float(row["bls_pct_female"]) / 100 for row in rows}


def pronoun_counts(
    rows: Buckets, tokens: Sequence[str], words: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Count in how many rows a word stands with "he", and with "she".

    Args:
        rows: of the training text.
        tokens: the vocabulary; a word of several pieces is found by all of them, and a longer
            word that begins with the same pieces, such as a plural, is not counted.
        words: to look for.

    Returns:
        word -> (rows with he, his or him; rows with she, her or hers).
    """
    tokenizer = tokenizer_of(tokens)
    pieces = {word: tokenizer.encode(word, add_special_tokens=False).ids for word in words}
    goes_on = np.array([token.startswith("##") for token in tokens])
    groups = [
        [number for number, token in enumerate(tokens) if token in group]
        for group in (("he", "his", "him"), ("she", "her", "hers"))
    ]
    counts = {word: np.zeros(2, dtype=np.int64) for word in words}
    for part in rows.values():
        has = np.stack([np.isin(part, group).any(axis=1) for group in groups])  # (2, N)
        for word, ids in pieces.items():
            place = part.shape[1] - len(ids)  # where it could begin, [SEP] after it
            if place <= 0:
                continue
            here = ~goes_on[part[:, len(ids) :]]  # (N, place)
            for step, number in enumerate(ids):
                here = here & (part[:, step : step + place] == number)
            counts[word] += has[:, here.any(axis=1)].sum(axis=1)
    return {word: (int(he), int(she)) for word, (he, she) in counts.items()}


def text_shares(rows: Buckets, tokens: Sequence[str], words: Sequence[str]) -> dict[str, float]:
    """Return the share of he beside each word, for words in 20 rows with a pronoun or more."""
    counts = pronoun_counts(rows, tokens, words)
    return {w: he / (he + she) for w, (he, she) in counts.items() if he + she >= FEWEST}


def rank_correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Return Spearman's rho: the correlation of ranks, ties with their mean rank.

    Raises:
        ValueError: fewer than three pairs, or all equal on one side.
    """
    a, b = _ranks(np.asarray(x, dtype=float)), _ranks(np.asarray(y, dtype=float))
    if len(a) != len(b) or len(a) < 3 or a.std() == 0 or b.std() == 0:
        raise ValueError("A rank correlation needs three pairs or more that are not all equal.")
    return float(np.corrcoef(a, b)[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)  # of each group of equal values
    return (last - (counts - 1) / 2)[place]


def against_shares(ratios: Mapping[str, float], shares: Mapping[str, float]) -> float:
    """Return the rank correlation of two figures over the words that have both."""
    words = [word for word in ratios if word in shares]
    return rank_correlation([ratios[w] for w in words], [shares[w] for w in words])
