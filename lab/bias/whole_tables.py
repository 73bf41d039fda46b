"""The whole words of a model, of a file or of a text with their vectors. Runs in a worker.

Of a model the rows of its input table are read, before any layer. Pieces of words are left out:
a piece has a vector, but is no word.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lab.bias import counted_vectors
from lab.bias.files import FileError, read_vectors
from lab.bias.tables import MOST, counted, make_table, pack
from lab.places import ASSETS

OF_MODEL = 12_000  # words of a model: 768 numbers each are 18 MB in half precision
LARGEST_UNPACKED = 200_000_000  # bytes of an uploaded .npz
TEXT_WORDS, TEXT_DIMENSIONS, LEAST = 3_000, 100, 5_000
_STARTS = ("Ġ", "▁")  # what stands before the first piece of a word, in byte-pair and unigram ones


def of_folder(path: str) -> dict[str, Any]:
    """Return the input vectors of a model folder's whole words; see `lab.bias.tables.pack`.

    Raises:
        ValueError: the model cannot be opened, or has too few whole words.
    """
    if Path(path).parent == ASSETS:  # by its own code, which is up seconds before transformers
        from lab.masked.export import load

        model, tokens = load(Path(path))
        # Both were made from one text: a token that is no frequent word of it begins longer ones.
        return _of_tokens(tokens, model.embedding.weight, set(counted().words))
    from lab.pretrained.loading import open_model

    opened = open_model(path)
    table = opened.model.get_input_embeddings().weight
    tokens = opened.tokenizer.convert_ids_to_tokens(range(min(len(opened.tokenizer), len(table))))
    return _of_tokens(tokens, table)


def of_run(checkpoint: bytes, data: Any) -> dict[str, Any]:
    """Return the same of a run: of a masked model, or of a language model over whole words.

    Raises:
        ValueError: also for another run.
    """
    from lab.masked.rows import Rows
    from lab.text.corpus import Corpus

    if isinstance(data, Rows):
        from lab.masked.questions import load as load_masked

        model = load_masked(checkpoint, data)
        return _of_tokens(data.tokens, model.embedding.weight, ends(data.train, data.tokens))
    if not isinstance(data, Corpus):
        raise ValueError("This run has no vectors of English words: choose another.")
    from lab.training.questions import load

    model = load(checkpoint, data)
    if not hasattr(model, "embedding") or data.tokenizer.kind != "word":
        raise ValueError("This run has no vectors of whole words: train one over words.")
    return _of_tokens(data.tokenizer.vocabulary, model.embedding.weight)


def _of_tokens(
    tokens: Sequence[str], weight: Any, among: Collection[str] | None = None
) -> dict[str, Any]:
    rows = {w: n for w, n in whole_words(tokens).items() if among is None or w in among}
    words, places = list(rows)[:OF_MODEL], list(rows.values())[:OF_MODEL]
    vectors = weight.detach().float().numpy()[places]
    return pack(make_table(words, vectors, len(rows) - len(words)))


def whole_words(tokens: Sequence[str]) -> dict[str, int]:
    """Return word -> number of the tokens of letters alone that may be words, in lower case."""
    marked = any(str(token).startswith(_STARTS) for token in tokens)
    found: dict[str, int] = {}
    for number, token in enumerate(tokens):
        token = str(token)
        if marked:  # a token without the mark goes on with a word
            token = token[1:] if token.startswith(_STARTS) else ""
        # "##ing" and "[MASK]" are no words, and of the letters two are.
        if token.isalpha() and (len(token) > 1 or token.lower() in "ai"):
            found.setdefault(token.lower(), number)
    return found


def ends(rows: Mapping[int, np.ndarray], tokens: Sequence[str]) -> set[str]:
    """Return the tokens that are mostly whole words in some text, not the beginning of one.

    Args:
        rows: length T -> (N, T) token numbers.
        tokens: of WordPiece, "##" before a piece that goes on.
    """
    goes_on = np.array([token.startswith("##") for token in tokens])
    all_, cut = (np.zeros(len(tokens), dtype=np.int64) for _ in range(2))
    for part in rows.values():
        firsts = part[:, :-1].ravel()
        all_ += np.bincount(firsts, minlength=len(tokens))
        cut += np.bincount(firsts[goes_on[part[:, 1:].ravel()]], minlength=len(tokens))
    return {token for n, token in enumerate(tokens) if all_[n] > 2 * cut[n]}


def of_file(path: str) -> dict[str, Any]:
    """Return the first words of a file of word vectors, at most 50,000.

    Raises:
        ValueError: the file cannot be read, or has too few words.
    """
    read = read_vectors(path, first=MOST + 1)
    more = int(len(read.words) > MOST)
    return pack(make_table(read.words[:MOST], read.vectors[:MOST], more))


def of_bytes(data: bytes, name: str) -> dict[str, Any]:
    """Return the same of a file that was uploaded.

    Raises:
        ValueError: as `of_file`, or it grows beyond 200 MB when unpacked.
    """
    name = Path(name.replace("\\", "/")).name[:60] or "file"
    if data[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                raise FileError(f"{name} is larger than 200 MB when unpacked: take a smaller one.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return of_file(str(path))


def of_text(text: str) -> dict[str, Any]:
    """Count vectors of a text's own words, as `lab.bias.counted_vectors` does.

    Raises:
        ValueError: the text is too short.
    """
    ids, words, counts = counted_vectors.read(text.splitlines(), TEXT_WORDS)
    if (ids >= 0).sum() < LEAST:
        raise ValueError(f"The text has {(ids >= 0).sum():,} words: {LEAST:,} are needed at least.")
    words = words[: sum(count > 1 for count in counts)]  # seen once is no company
    ids = np.where(ids < len(words), ids, -1)
    table = counted_vectors.ppmi(counted_vectors.company(ids, len(words)))
    vectors = counted_vectors.factorise(table, min(TEXT_DIMENSIONS, len(words)))
    return pack(make_table(words, vectors))
