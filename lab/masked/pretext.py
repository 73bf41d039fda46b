"""BERT's pretext task: hide some tokens and ask for them. Plain numpy, for training and lessons.

Source: Devlin et al. 2019, BERT, section 3.1, task 1, and appendix A.1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lab.masked.vocabulary import MASK, SPECIAL

SHARE = 0.15  # of the tokens is chosen, in the paper
MASKED, RANDOM = 0.8, 0.1  # what becomes of a chosen token; the rest is kept


class Corrupted(NamedTuple):
    """A corrupted batch.

    Attributes:
        ids: (B, T) what the model reads.
        places: (M) where tokens were chosen, in the flattened batch (row * T + column), rising.
        targets: (M) what stood there.
        fates: (M) 0 masked, 1 replaced by a random token, 2 kept as it was.
    """

    ids: np.ndarray
    places: np.ndarray
    targets: np.ndarray
    fates: np.ndarray


def corrupt(
    ids: np.ndarray,
    random: np.random.Generator,
    vocabulary_size: int,
    share: float = SHARE,
    often: np.ndarray | None = None,
    often_share: float = SHARE,
    mask: int = MASK,
    special: int = len(SPECIAL),
) -> Corrupted:
    """Choose tokens and hide them: 80 % behind [MASK], 10 % behind a random token, 10 % not.

    How many are chosen is no chance but for a fraction of one token: `share` of the ordinary tokens
    of the batch, at least one if there is any. Of those 80 and 10 % meet the first two fates, and
    the rest the third. Which tokens they are is drawn.

    Args:
        ids: (B, T) token numbers.
        random: numpy's generator.
        vocabulary_size: V; random tokens are drawn from the ordinary ones.
        share: of the ordinary tokens that is chosen.
        often: numbers of tokens that are chosen with another share, such as pronouns.
        often_share: that share.
        mask: number of [MASK].
        special: numbers below this are special tokens and are never chosen.
    """
    flat = ids.ravel().astype(np.int64)
    ordinary = flat >= special
    is_often = np.isin(flat, often) & ordinary if often is not None else np.zeros_like(ordinary)
    places = np.sort(
        np.concatenate(
            (
                _draw(random, np.flatnonzero(ordinary & ~is_often), share),
                _draw(random, np.flatnonzero(is_often), often_share),
            )
        )
    )
    if len(places) == 0 and ordinary.any():
        places = random.choice(np.flatnonzero(ordinary), 1)
    targets = flat[places]
    fates = _fates(random, len(places))
    flat[places[fates == 0]] = mask
    flat[places[fates == 1]] = random.integers(special, vocabulary_size, (fates == 1).sum())
    return Corrupted(flat.reshape(ids.shape), places, targets, fates)


def _draw(random: np.random.Generator, places: np.ndarray, share: float) -> np.ndarray:
    # A fraction left over is drawn: 2.4 tokens are two in three batches of five, else three.
    number = int(share * len(places) + random.random())
    return random.choice(places, min(number, len(places)), replace=False)


def _fates(random: np.random.Generator, number: int) -> np.ndarray:
    # Places 0 to 1 at equal distances from a random start: exact shares of many, fair to a few.
    places = (np.arange(number) + random.random()) / max(1, number)
    return random.permutation(np.digitize(places, (MASKED, MASKED + RANDOM)))
