"""From paragraphs to rows of token numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.masked.rows import Rows, make_rows
from lab.masked.sentences import sentences
from lab.masked.vocabulary import tokenizer_of

SEED = 20
VECTOR_TOKENS = 16_000_000  # that word vectors are made from
VECTOR_DIMENSIONS = 192


def rows_of(
    train: Sequence[str],
    held: Sequence[str],
    tokens: Sequence[str],
    name: str,
    vectors: bool = True,
) -> Rows:
    """Turn paragraphs into rows, with word vectors to begin from if wanted."""
    parts = [make_rows(encode(part, tokens), SEED) for part in (train, held)]
    found = None
    if vectors:
        from lab.masked.initialise import word_vectors

        whole = sum(rows.size for rows in parts[0].values())
        every = max(1, whole // VECTOR_TOKENS)
        some = {length: rows[::every] for length, rows in parts[0].items()}
        found = word_vectors(some, len(tokens), VECTOR_DIMENSIONS).numpy().astype(np.float16)
    return Rows(parts[0], parts[1], tuple(tokens), name, found)


def encode(paragraphs: Sequence[str], tokens: Sequence[str]) -> list[list[list[int]]]:
    """Return the token numbers of each sentence of each paragraph, without special tokens."""
    tokenizer = tokenizer_of(tokens)
    cut = [sentences(paragraph) for paragraph in paragraphs]
    flat = [sentence for pieces in cut for sentence in pieces]
    found = iter(tokenizer.encode_batch_fast(flat, add_special_tokens=False))
    return [[next(found).ids for _ in pieces] for pieces in cut]
