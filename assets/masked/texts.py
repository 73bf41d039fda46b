"""From the text files to rows of token numbers, once, kept in a work folder.

The folder is the caller's, outside the repository: nothing of the text becomes part of the project.
"""

from __future__ import annotations

from pathlib import Path

from lab.masked.corpus import SEED, rows_of
from lab.masked.rows import Rows
from lab.masked.sentences import hold_out, read_documents
from lab.masked.vocabulary import chosen_words, train_vocabulary

SOURCES = (
    "wiki2014_bio",
    "wiki2014_general",
    "gutenberg_fiction_1860_1925",
    "nltk_state_union",
    "nltk_inaugural",
)
COPIES = "occupation_snippets"  # windows cut from the first three
HELD_OUT = 0.0045  # share of the documents: about 200,000 tokens


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
