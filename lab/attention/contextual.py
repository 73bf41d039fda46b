"""The vectors of one word in many sentences, layer by layer.

Source: Peters et al. 2018, Deep Contextualized Word Representations; Ethayarajh 2019, How
Contextual are Contextualized Word Representations?
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from lab.attention.own import transformer_of
from lab.attention.senses import MOST, span_of
from lab.attention.trace import TraceError
from lab.pretrained.loading import open_model
from lab.text.corpus import Corpus


def of_folder(path: str, sentences: Sequence[str], word: str) -> dict[str, Any]:
    """Return the word's vectors in a model folder: a mean over its pieces.

    Args:
        path: of the folder.
        sentences: N sentences.
        word: that stands in each of them.

    Returns:
        layers: (L + 1, N', d) float16, the input embeddings first; pieces: of the word, in
        the first sentence; left_out: places of sentences in which it was not found.

    Raises:
        ModelError: the model cannot be opened.
        TraceError: its tokenizer does not tell places, or the word is in none of the sentences.
    """
    opened = open_model(path)
    if not getattr(opened.tokenizer, "is_fast", False):
        raise TraceError("This model's tokenizer does not tell where its pieces stand.")
    encoder = getattr(opened.model, "get_encoder", None) if opened.kind == "seq2seq" else None
    model = encoder() if encoder else opened.model

    def look(sentence: str) -> tuple[list[tuple[int, int]], list[str], list[Tensor]]:
        read = opened.tokenizer(
            sentence,
            return_offsets_mapping=True,
            return_tensors="pt",
            truncation=True,
            max_length=min(opened.longest, 512),
        )
        out = model(read.input_ids, output_hidden_states=True)
        tokens = opened.tokenizer.convert_ids_to_tokens(read.input_ids[0].tolist())
        return read.offset_mapping[0].tolist(), tokens, [x[0] for x in out.hidden_states]

    return _collect(look, sentences, word)


def of_run(checkpoint: bytes, data: Any, sentences: Sequence[str], word: str) -> dict[str, Any]:
    """Return the word's vectors in a Transformer that a student trained; see `of_folder`.

    Raises:
        TraceError: the run is no language model with attention, or cannot read the word.
    """
    if not isinstance(data, Corpus):
        raise TraceError("Only a language model has such vectors: choose a Transformer.")
    model = transformer_of(checkpoint, data)

    def look(sentence: str) -> tuple[list[tuple[int, int]], list[str], list[Tensor]]:
        ids = data.tokenizer.encode(sentence)[: model.context]
        tokens, places, at = data.tokenizer.tokens(ids.tolist()), [], 0
        for token in tokens:
            start = sentence.lower().find(token.lower().strip(), at)
            places.append((start, start + len(token.strip())) if start >= 0 else (0, 0))
            at = max(at, places[-1][1])
        return places, tokens, _streams(model, torch.from_numpy(ids)[None])

    return _collect(look, sentences, word)


def _streams(model: Any, ids: Tensor) -> list[Tensor]:
    # (L + 1) x (T, C): what goes into the first layer, and what comes out of each.
    seen: list[Tensor] = []
    hooks = [model.layers[0].register_forward_pre_hook(lambda _, given: seen.append(given[0][0]))]
    hooks += [
        layer.register_forward_hook(lambda _, given, out: seen.append(out[0][0]))
        for layer in model.layers
    ]
    try:
        model(ids)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


@torch.no_grad()
def _collect(look: Any, sentences: Sequence[str], word: str) -> dict[str, Any]:
    found, pieces, left_out = [], [], []
    for number, sentence in enumerate(sentences[:MOST]):
        span = span_of(sentence, word)
        places, tokens, layers = look(sentence) if span else ([], [], [])
        inside = [i for i, (a, b) in enumerate(places) if a < b and a < span[1] and b > span[0]]
        if not inside:
            left_out.append(number)
            continue
        pieces = pieces or [tokens[i] for i in inside]
        found.append(torch.stack([x[inside].mean(0) for x in layers]))  # (L + 1, d)
    if not found:
        raise TraceError(f"This model finds {word!r} in none of the sentences: choose another.")
    layers = torch.stack(found, dim=1).half().numpy()
    return {"layers": layers, "pieces": pieces, "left_out": left_out}
