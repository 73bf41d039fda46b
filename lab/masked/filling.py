"""Read sentences with blanks: what the project's own masked model says at each [MASK]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from lab.masked.vocabulary import MASK, tokenizer_of
from lab.models.bert import Bert


class Filled(NamedTuple):
    """A sentence as the model read it.

    Attributes:
        ids: (T) token numbers, [CLS] ... [SEP].
        pieces: (T) the same as tokens.
        places: (K) where the blanks stand among them.
        log_probabilities: (K, V) of each token at each blank, in nats.
    """

    ids: list[int]
    pieces: list[str]
    places: list[int]
    log_probabilities: np.ndarray


@torch.no_grad()
def fill(model: Bert, tokens: Sequence[str], sentences: Sequence[str]) -> list[Filled]:
    """Ask for the tokens behind every [MASK] of some sentences.

    Sentences of the same number of tokens are read together: a row is never padded.

    Args:
        model: ready to be used.
        tokens: its vocabulary.
        sentences: each with one [MASK] or more.

    Raises:
        ValueError: a sentence has no blank or is too long; the message says which.
    """
    encodings = tokenizer_of(tokens).encode_batch(list(sentences))
    by_length: dict[int, list[int]] = {}
    for number, (sentence, encoding) in enumerate(zip(sentences, encodings, strict=True)):
        if MASK not in encoding.ids:
            raise ValueError(f"There is no [MASK] in {sentence[:60]!r}: put one where to guess.")
        if len(encoding.ids) > model.context:
            raise ValueError(
                f"A sentence has {len(encoding.ids)} tokens and the model reads {model.context}: "
                "shorten it."
            )
        by_length.setdefault(len(encoding.ids), []).append(number)
    found: dict[int, Filled] = {}
    for numbers in by_length.values():
        ids = torch.tensor([encodings[number].ids for number in numbers])  # (B, T)
        places = (ids == MASK).flatten().nonzero().flatten()
        logits = model(ids.to(model.bias.device), places.to(model.bias.device)).float()
        guesses = torch.log_softmax(logits, dim=1).cpu().numpy()  # (M, V)
        rows = (places // ids.shape[1]).numpy()
        for row, number in enumerate(numbers):
            encoding = encodings[number]
            blanks = [place for place, token in enumerate(encoding.ids) if token == MASK]
            found[number] = Filled(encoding.ids, encoding.tokens, blanks, guesses[rows == row])
    return [found[number] for number in range(len(sentences))]


def top(filled: Filled, tokens: Sequence[str], count: int = 5) -> list[tuple[str, float]]:
    """Return the most probable tokens of the first blank with their probabilities."""
    chances = filled.log_probabilities[0]
    best = np.argsort(-chances, kind="stable")[:count]
    return [(tokens[number], float(np.exp(chances[number]))) for number in best]


def followed(filled: Filled, tokens: Sequence[str], words: Sequence[str]) -> dict[str, float]:
    """Return the probabilities of words at the first blank; one that is no token is left out."""
    numbers = {word: tokens.index(word) for word in words if word in tokens}
    chances = filled.log_probabilities[0]
    return {word: float(np.exp(chances[number])) for word, number in numbers.items()}
