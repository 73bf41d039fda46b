"""The attention of models that were trained in the lab: questions that a page asks about a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lab.attention.trace import MOST_TOKENS, Pack, Trace, TraceError, block
from lab.models.attention import OpenAttention, attention_bias, written_out
from lab.models.tokens import START
from lab.models.transformer import Transformer
from lab.models.translation_transformer import TranslationTransformer
from lab.seq2seq import captioning, decoding
from lab.seq2seq import questions as translation
from lab.seq2seq.pairs import PairCorpus
from lab.seq2seq.scenes import SceneCorpus
from lab.text.corpus import Corpus
from lab.training import questions as language

TOP = 5


class SeenAttention(OpenAttention):
    """Attention that keeps what it did: queries, keys (nh, T, hs) and weights (nh, T, T)."""

    seen: tuple[Tensor, Tensor, Tensor]

    def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        """softmax(q k^T / sqrt(hs) + bias) v, and keep the weights."""
        # Values of one-hot vectors give the weights themselves.
        places = torch.eye(k.shape[2], dtype=q.dtype).expand(*k.shape[:2], -1, -1)
        self.seen = q[0], k[0], written_out(q, k, places, bias)[0]
        return super().attend(q, k, v, bias)


class SeenTransformer(Transformer):
    """The lab's Transformer with attention that keeps what it did."""

    attention = SeenAttention

    @classmethod
    def of(cls, model: Transformer) -> SeenTransformer:
        """Return a copy of a trained model."""
        width = model.embedding.weight.shape[1]
        seen = cls(
            model.embedding.weight.shape[0],
            width,
            len(model.layers),
            model.heads,
            model.context,
            model.positions,
        )
        seen.load_state_dict(model.state_dict())
        return seen.eval()

    def hide(self, places: Sequence[int]) -> None:
        """Let nobody look at some places, but the token there itself: it must look somewhere."""
        for layer in self.layers:
            layer.attention.attend = _without(layer.attention, places)


def _without(attention: SeenAttention, places: Sequence[int]):
    def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        T = q.shape[2]
        if bias is None:
            bias = attention_bias(1, False, T, T, q.dtype, q.device)
        shut = torch.zeros(T, T)
        shut[:, list(places)] = -torch.inf
        shut[range(T), range(T)] = 0.0
        return SeenAttention.attend(attention, q, k, v, bias + shut)

    return attend


def trace(
    checkpoint: bytes,
    data: Any,
    text: str,
    hidden: Sequence[int] = (),
    layer: int | None = None,
    pack: Pack = block,
) -> Trace:
    """Return the attention of a run's model on a text.

    Args:
        checkpoint: of the run.
        data: of the run.
        text: to read; for a captioner the number of a held-out scene.
        hidden: places of tokens that nobody may look at.
        layer: see `lab.attention.trace.block`.
        pack: what is kept of the weights.

    Raises:
        TraceError: the model has no attention, or the text cannot be read.
        CheckpointError: the checkpoint is damaged.
    """
    if isinstance(data, Corpus):
        return _language(checkpoint, data, text, hidden, layer, pack)
    if isinstance(data, PairCorpus):
        return _translation(checkpoint, data, text, layer, pack)
    if isinstance(data, SceneCorpus):
        return _caption(checkpoint, data, text, pack)
    raise TraceError("This kind of model cannot be opened here: choose another.")


def read(model: Transformer, corpus: Corpus, text: str) -> tuple[Tensor, list[str], list[str]]:
    """Return ids (1, T), tokens, and notes of a text that somebody typed.

    Raises:
        TraceError: there is nothing to read.
    """
    ids = np.asarray(corpus.tokenizer.encode(text))
    if not len(ids):
        raise TraceError("Write a text to look at.")
    longest, notes = min(model.context or MOST_TOKENS, MOST_TOKENS), []
    if len(ids) > longest:
        notes.append(f"The model's context holds {longest} tokens: the first {longest} are shown.")
        ids = ids[:longest]
    return torch.from_numpy(ids)[None], corpus.tokenizer.tokens(ids.tolist()), notes


def transformer_of(checkpoint: bytes, corpus: Corpus) -> SeenTransformer:
    """Rebuild a language model with attention that can be seen.

    Raises:
        TraceError: it is no Transformer.
    """
    model = language.load(checkpoint, corpus)
    if not isinstance(model, Transformer):
        raise TraceError(
            "This model has no attention: a recurrent net keeps one state. Choose a Transformer."
        )
    return SeenTransformer.of(model)


def _language(
    checkpoint: bytes,
    corpus: Corpus,
    text: str,
    hidden: Sequence[int],
    layer: int | None,
    pack: Pack,
) -> Trace:
    model = transformer_of(checkpoint, corpus)
    ids, tokens, notes = read(model, corpus, text)
    if hidden:
        model.hide(check_places(hidden, len(tokens)))
    with torch.no_grad():
        logits, _ = model(ids)
    weights = torch.stack([layer.attention.seen[2] for layer in model.layers]).numpy()
    top = logits[0, -1].softmax(0).topk(min(TOP, logits.shape[2]))
    names = corpus.tokenizer.tokens(top.indices.tolist())
    says = {
        "title": "What comes next",
        "rows": [("after the last token", list(zip(names, top.values.tolist(), strict=True)))],
    }
    found = pack("self-attention", tokens, tokens, weights, layer)
    return Trace("Transformer", (found,), says, tuple(notes), "no look")


def _translation(
    checkpoint: bytes, corpus: PairCorpus, text: str, layer: int | None, pack: Pack
) -> Trace:
    model = translation.load(checkpoint, corpus)
    tokens, unknown, source = translation.read(corpus, text)
    notes = [f"Unknown to this model: {', '.join(unknown[:5])}."] if unknown else []
    columns = [*tokens, "</s>"]
    out = decoding.greedy(model, source, decoding.limit(source))[0]
    rows = [corpus.target_vocabulary[i] for i in out.ids]
    if isinstance(model, TranslationTransformer):
        target = torch.tensor([[START, *out.ids[:-1]]])
        opened = model.open_blocks(source, target)
        read_rows = [corpus.target_vocabulary[i] for i in target[0].tolist()]
        blocks = tuple(
            pack(name, names, seen, torch.stack([step[key] for step in opened[side]]), layer)
            for name, side, key, names, seen in (
                ("encoder", "encoder", "attention", columns, columns),
                ("decoder", "decoder", "self_attention", read_rows, read_rows),
                ("cross-attention", "decoder", "cross_attention", rows, columns),
            )
        )
    elif out.weights is None:
        raise TraceError(
            "This translator has no attention: it squeezes the sentence into one vector."
        )
    else:
        found = np.array(out.weights)[None, None]
        blocks = (pack("cross-attention", rows, columns, found, layer),)
    says = {
        "title": "Its translation",
        "rows": [(word, [(word, p)]) for word, p in zip(rows, out.probabilities, strict=True)],
    }
    return Trace("Translator", blocks, says, tuple(notes))


def _caption(checkpoint: bytes, corpus: SceneCorpus, text: str, pack: Pack) -> Trace:
    if not text.strip().isdecimal() or int(text) >= len(corpus.held_out):
        raise TraceError(f"Write the number of a scene, 0 to {len(corpus.held_out) - 1}.")
    model = captioning.load(checkpoint, corpus)
    images = torch.from_numpy(corpus.held_out.images[[int(text)]])
    out = decoding.greedy(model, images, captioning.LONGEST)[0]
    if out.weights is None:
        raise TraceError("This captioner has no attention: choose one with soft attention.")
    rows = [corpus.target_vocabulary[i] for i in out.ids]
    weights = np.array(out.weights)[None, None]  # (1, 1, T, places)
    side = round(weights.shape[3] ** 0.5)
    places = [f"row {place // side + 1}, column {place % side + 1}" for place in range(side**2)]
    says = {
        "title": "Its caption",
        "rows": [(word, [(word, p)]) for word, p in zip(rows, out.probabilities, strict=True)],
    }
    return Trace("Captioner", (pack("cross-attention", rows, places, weights, None),), says)


def check_places(hidden: Sequence[int], length: int) -> list[int]:
    """Return the places of tokens to hide, each once.

    Raises:
        TraceError: there is no such token.
    """
    places = sorted({int(place) for place in hidden})
    if places and not 0 <= places[0] <= places[-1] < length:
        raise TraceError("A token to hide is not in this text: take the mask off and try again.")
    return places
