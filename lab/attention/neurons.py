"""Queries and keys of every layer: what a neuron view shows under the attention weights."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lab.attention.own import read as read_own
from lab.attention.own import transformer_of
from lab.attention.pretrained import read
from lab.attention.steps import softmax
from lab.attention.trace import TraceError
from lab.pretrained.loading import Opened, open_model
from lab.text.corpus import Corpus

# Names of the projections in `transformers`: BERT and its kin, DistilBERT, OPT and its kin.
_QUERIES, _KEYS = ("query", "q_lin", "q_proj"), ("key", "k_lin", "k_proj")
_REASON = "The neuron view knows BERT, GPT-2 and their kin: use the lab's own view for this model."


def of_run(checkpoint: bytes, data: Any, text: str) -> dict[str, Any]:
    """Return what a neuron view needs of a Transformer that a student trained.

    Returns:
        tokens (T), and arrays queries and keys (L, H, T, hs), weights (L, H, T, T); and
        causal.

    Raises:
        TraceError: it is no language model with attention, or the text cannot be read.
    """
    if not isinstance(data, Corpus):
        raise TraceError(_REASON)
    model = transformer_of(checkpoint, data)
    ids, tokens, _ = read_own(model, data, text)
    with torch.no_grad():
        model(ids)
    seen = [layer.attention.seen for layer in model.layers]
    names = ("queries", "keys", "weights")
    arrays = {n: torch.stack([s[i] for s in seen]).numpy() for i, n in enumerate(names)}
    return {"tokens": tokens, **arrays, "causal": True}


@torch.no_grad()
def of_folder(path: str, text: str) -> dict[str, Any]:
    """Return what a neuron view needs of a model folder; see `of_run`.

    Raises:
        ModelError: the model cannot be opened.
        TraceError: its queries and keys cannot be found, or do not give its attention.
    """
    opened = open_model(path)
    if opened.kind == "seq2seq":
        raise TraceError(_REASON)
    reading = read(opened, text)
    caught: dict[str, list[Tensor]] = {"queries": [], "keys": []}
    hooks = _hooks(opened, caught)
    try:
        out = opened.model(reading.ids, output_attentions=True)
    finally:
        for hook in hooks:
            hook.remove()
    layers = getattr(out, "attentions", None)
    if not layers or any(len(part) != len(layers) for part in caught.values()):
        raise TraceError(_REASON)
    weights = torch.stack([layer[0] for layer in layers]).numpy()  # (L, H, T, T)
    queries, keys = (
        torch.stack([_split(x, weights.shape[1]) for x in caught[name]]).numpy()
        for name in ("queries", "keys")
    )
    causal = opened.kind == "causal"
    if not np.allclose(_weights(queries, keys, causal), weights, atol=1e-3):
        raise TraceError(_REASON)  # rotary positions, biases: q and k alone are not the story
    return {
        "tokens": reading.tokens,
        "queries": queries,
        "keys": keys,
        "weights": weights,
        "causal": causal,
    }


def _hooks(opened: Opened, caught: dict[str, list[Tensor]]) -> list[Any]:
    def keep(name: str):
        return lambda _, given, out: caught[name].append(out[0])

    def keep_both(_, given, out):
        q, k, _ = out[0].chunk(3, dim=-1)  # GPT-2 makes all three at once
        caught["queries"].append(q)
        caught["keys"].append(k)

    hooks = []
    for path, module in opened.model.named_modules():
        last = path.rpartition(".")[2]
        if last in _QUERIES:
            hooks.append(module.register_forward_hook(keep("queries")))
        elif last in _KEYS:
            hooks.append(module.register_forward_hook(keep("keys")))
        elif last == "c_attn":
            hooks.append(module.register_forward_hook(keep_both))
    return hooks


def _split(x: Tensor, heads: int) -> Tensor:
    if x.shape[-1] % heads:
        raise TraceError(_REASON)
    return x.view(x.shape[0], heads, -1).transpose(0, 1)  # (T, C) -> (H, T, hs)


def _weights(queries: np.ndarray, keys: np.ndarray, causal: bool) -> np.ndarray:
    # Equation 1 of Vaswani et al. 2017, (L, H, T, T).
    scores = queries @ keys.swapaxes(2, 3) / math.sqrt(queries.shape[3])
    if causal:
        scores = np.where(np.tri(scores.shape[2], dtype=bool), scores, -np.inf)
    return softmax(scores)
