"""Vectors of words from a network, for tests that were made for word vectors.

What "the vector of a word" is has to be chosen, and the choice can turn the sign of a test:

- *static*: the row of the input table, before any layer; it knows no sentence.
- *contextual*: the word's own place in a sentence, after a layer.
- *cls*: the first token of a sentence, after a layer.
- *mean*: the mean over all tokens of a sentence, [CLS] and [SEP] among them, as sentence encoders
  pool them.

A word of several pieces gets the mean of theirs, and is flagged. Runs in a worker.

Source: May et al. 2019, On Measuring Social Biases in Sentence Encoders (a WEAT on sentences);
Bommasani et al. 2020 for pooling pieces and contexts.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from lab.bias.pooling import Encoded, Network, pack, vectors
from lab.places import ASSETS
from lab.pretrained.folders import ModelError
from lab.pretrained.loading import open_model

WAYS = ("static", "contextual", "cls", "mean")
TEMPLATE = "This is {}."
MOST_WORDS, MOST_TEMPLATES, LONGEST = 500, 20, 300


def of_folder(
    path: str,
    words: Sequence[str],
    way: str = "contextual",
    layer: int = -1,
    templates: Sequence[str] = (TEMPLATE,),
) -> dict[str, Any]:
    """Return the vectors of words in a model folder, such as JSON can hold.

    Args:
        path: of the folder, or of the lab's own masked model.
        words: N of them.
        way: see the module.
        layer: 0 is what goes into the first layer, -1 what comes out of the last; not for static.
        templates: sentences with {} where the word goes; the vector is the mean over them.

    Returns:
        {"words": those that have a vector, "vectors": base64 of (n, D) little-endian float32 (see
        `decode`), "pieces": for each word how many, "missing", "layers": how many there are}.

    Raises:
        ValueError: the model cannot be opened, the way or the layer does not exist, or there are
            too many words.
    """
    templates = _check(words, way, templates)
    if Path(path).parent == ASSETS:  # by its own code, which is up seconds before transformers
        model, tokens = load_own(str(path))
        return of_bert(model, tokens, words, way, layer, templates)
    opened = open_model(str(path))
    if not getattr(opened.tokenizer, "is_fast", False):
        raise ModelError(f"The tokenizer of {opened.name} does not tell where its pieces stand.")
    model = opened.model
    if opened.kind == "seq2seq":
        model = model.get_encoder()
    unknown = opened.tokenizer.unk_token_id
    special = set(opened.tokenizer.all_special_ids)

    def encode(sentences: Sequence[str]) -> list[Encoded]:
        read = opened.tokenizer(
            list(sentences),
            return_offsets_mapping=True,
            truncation=True,
            max_length=min(opened.longest, 512),
        )
        found = []
        for ids, places in zip(read.input_ids, read.offset_mapping, strict=True):
            spans = [
                (0, 0) if n in special and n != unknown else p
                for n, p in zip(ids, places, strict=True)
            ]
            found.append(Encoded(ids, spans, [number != unknown for number in ids]))
        return found

    def states(ids: Tensor, mask: Tensor) -> list[Tensor]:
        out = model(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        return list(out.hidden_states)

    table = opened.model.get_input_embeddings().weight
    padding = opened.tokenizer.pad_token_id or 0
    network = Network(encode, states, table, padding, True)
    return vectors(network, words, way, layer, templates)


def of_run(
    checkpoint: bytes,
    data: Any,
    words: Sequence[str],
    way: str = "contextual",
    layer: int = -1,
    templates: Sequence[str] = (TEMPLATE,),
) -> dict[str, Any]:
    """Return the vectors of words in a run; arguments and answer as those of `of_folder`.

    A run of a masked model has all ways. A language model that reads whole words has the static
    vectors: those that training gave them.

    Raises:
        ValueError: also for a run of another kind.
    """
    from lab.masked.rows import Rows
    from lab.text.corpus import Corpus

    templates = _check(words, way, templates)
    if isinstance(data, Rows):
        from lab.masked.questions import load

        return of_bert(load(checkpoint, data), data.tokens, words, way, layer, templates)
    if isinstance(data, Corpus):
        return _of_language_model(checkpoint, data, words, way)
    raise ValueError("This run has no vectors of English words: choose a masked or language model.")


def of_bert(
    model: Any,
    tokens: Sequence[str],
    words: Sequence[str],
    way: str = "contextual",
    layer: int = -1,
    templates: Sequence[str] = (TEMPLATE,),
) -> dict[str, Any]:
    """Return the vectors of words in the lab's own masked network, as `of_folder` does.

    Args:
        model: a `lab.models.bert.Bert`, ready to be used.
        tokens: its vocabulary.
        words, way, layer, templates: as in `of_folder`.
    """
    from lab.masked.vocabulary import PAD, UNK, tokenizer_of

    tokenizer = tokenizer_of(tokens)

    def encode(sentences: Sequence[str]) -> list[Encoded]:
        read = tokenizer.encode_batch(list(sentences))
        return [Encoded(r.ids, list(r.offsets), [n != UNK for n in r.ids]) for r in read]

    def states(ids: Tensor, mask: Tensor) -> list[Tensor]:
        x = model.norm(model.embedding(ids) + model.position.weight[: ids.shape[1]])  # (B, T, C)
        found = [x]
        for part in model.layers:
            found.append(part(found[-1])[0])
        return found

    # Rows are never padded here: the network has no mask for it.
    network = Network(encode, states, model.embedding.weight, PAD, False)
    return vectors(network, words, way, layer, templates)


def _of_language_model(
    checkpoint: bytes, corpus: Any, words: Sequence[str], way: str
) -> dict[str, Any]:
    from lab.training.questions import load

    if way != "static":
        raise ValueError("A language model reads from left to right: take its static vectors.")
    model, table = load(checkpoint, corpus), None
    if hasattr(model, "embedding"):
        table = model.embedding.weight
    if table is None:
        raise ValueError("This model has no table of vectors: choose one with an embedding.")
    found: dict[str, Tensor] = {}
    for word in dict.fromkeys(words):
        ids = corpus.tokenizer.encode(word)
        if len(ids) == 1 and not len(corpus.tokenizer.unknown(word)):
            found[word] = table[int(ids[0])]
    pieces = dict.fromkeys(found, 1)
    return pack(words, found, pieces, 0)


def decode(answer: dict[str, Any]) -> np.ndarray:
    """Return the vectors (n, D) of an answer."""
    flat = np.frombuffer(base64.b64decode(answer["vectors"]), "<f4")
    return flat.reshape(len(answer["words"]), -1)


@lru_cache(maxsize=1)
def load_own(path: str) -> tuple[Any, list[str]]:
    """Return a model that the lab exported, and its vocabulary, kept for the next question."""
    from lab.masked.export import load

    return load(Path(path))


def _check(words: Sequence[str], way: str, templates: Sequence[str]) -> Sequence[str]:
    """Return the templates to read: a static vector needs only one."""
    if way not in WAYS:
        raise ValueError(f"There is no way {way!r}: choose {', '.join(WAYS)}.")
    if not words or len(words) > MOST_WORDS:
        raise ValueError(f"1 to {MOST_WORDS} words are read at once, not {len(words)}.")
    if not templates or len(templates) > MOST_TEMPLATES:
        raise ValueError(f"1 to {MOST_TEMPLATES} templates are read, not {len(templates)}.")
    for template in templates:
        if template.count("{}") != 1 or len(template) > LONGEST:
            raise ValueError(f"“{template[:60]}” needs {{}} once, where the word goes.")
    return (TEMPLATE,) if way == "static" else templates
