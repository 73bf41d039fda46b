"""From the text files to rows of token numbers, once, kept in a work folder.

The folder is the caller's, outside the repository: nothing of the text becomes part of the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lab.masked.rows import Rows, make_rows
from lab.masked.sentences import hold_out, read_documents, sentences
from lab.masked.vocabulary import chosen_words, tokenizer_of, train_vocabulary

SOURCES = (
    "wiki2014_bio",
    "wiki2014_general",
    "gutenberg_fiction_1860_1925",
    "nltk_state_union",
    "nltk_inaugural",
)
COPIES = "occupation_snippets"  # windows cut from the first three
HELD_OUT = 0.0045  # share of the documents: about 200,000 tokens
SEED = 20
VECTOR_TOKENS = 16_000_000  # that word vectors are made from
VECTOR_DIMENSIONS = 192


def prepare(data: Path, work: Path, size: int = 8192) -> Rows:
    """Return the rows of the text in a folder, made once.

    Args:
        data: holds the .txt.xz files.
        work: where `rows.npz` is kept.
        size: of the vocabulary.

    Raises:
        FileNotFoundError: a text is missing.
    """
    kept = work / "rows.npz"
    if not kept.exists():
        work.mkdir(parents=True, exist_ok=True)
        texts = [read_documents(data / f"{name}.txt.xz") for name in SOURCES]
        copies = [p for document in read_documents(data / f"{COPIES}.txt.xz") for p in document]
        train, held = hold_out(texts, HELD_OUT, SEED, copies)
        tokens = train_vocabulary(train, size, chosen_words())
        rows = rows_of(train, held, tokens, "Wikipedia 2014, fiction, speeches")
        half = kept.with_suffix(".part")
        rows.save(half)
        half.replace(kept)
    return Rows.load(kept)


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
