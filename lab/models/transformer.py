"""The decoder-only Transformer: every token looks back at all others, layer after layer.

Source: Vaswani et al. 2017, Attention Is All You Need; with normalisation before each part and
scaled initial weights as in Radford et al. 2019, Language Models are Unsupervised Multitask
Learners, section 2.3.
"""

from __future__ import annotations

import math

from torch import Tensor, nn
from torch.nn import functional as F

from lab.models.attention import (
    Cache,
    CausalAttention,
    OpenAttention,
    attention_bias,
    sinusoidal,
)
from lab.models.language_model import LanguageModel


class Layer(nn.Module):
    """One layer: attention moves information between tokens, then each is worked on alone."""

    def __init__(self, width: int, heads: int, dropout: float, attention: type[CausalAttention]):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = attention(width, heads, dropout)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.dropout = dropout

    def forward(self, x: Tensor, bias: Tensor | None, past: Cache | None) -> tuple[Tensor, Cache]:
        """Add to the residual stream x (B, T, C) what this layer finds."""
        found, cache = self.attention(self.norm1(x), bias, past)
        x = x + found
        y = self.down(F.gelu(self.up(self.norm2(x))))  # (B, T, C) -> (B, T, 4C) -> (B, T, C)
        return x + F.dropout(y, self.dropout, self.training), cache


class Transformer(LanguageModel):
    """Embedding and positions, layers, a last normalisation, linear read-out.

    Args:
        vocabulary_size: V.
        width: C, size of the residual stream.
        layers: L.
        heads: nh per layer; they share the width equally.
        context: longest text that it can read, in tokens.
        positions: "learned" (a vector per position), "sinusoidal", "alibi" (scores fall with
            distance), or "none" (the causal mask alone gives the order away).
        dropout: probability, on attention weights, on what each part adds and on the embedding.
    """

    attention = CausalAttention

    def __init__(
        self,
        vocabulary_size: int,
        width: int,
        layers: int = 2,
        heads: int = 4,
        context: int = 64,
        positions: str = "alibi",
        dropout: float = 0.0,
    ):
        super().__init__()
        self.context: int = context
        self.positions, self.heads = positions, heads
        self.embedding = nn.Embedding(vocabulary_size, width)
        if positions == "learned":
            self.position = nn.Embedding(context, width)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(
            Layer(width, heads, dropout, self.attention) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.readout = nn.Linear(width, vocabulary_size)
        # GPT-2 has 0.02 for widths from 768 on; at 128 that is too little to begin with, and costs
        # 0.05 nats after 1,500 steps. 0.5 / sqrt(C) is about the same at 768 and 0.044 at 128.
        std = 0.5 / math.sqrt(width)
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif parameter.ndim == 2:
                # What 2 L parts add to the stream should not make it grow with depth.
                into_stream = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(parameter, std=std / math.sqrt(2 * layers if into_stream else 1))

    def forward(self, ids: Tensor, state: list[Cache] | None = None) -> tuple[Tensor, list[Cache]]:
        """Read `ids` (B, T); the state is the key-value cache of each layer.

        Raises:
            ValueError: more tokens than the context holds, the cached ones included.
        """
        T, read = ids.shape[1], state[0][0].shape[2] if state else 0
        if read + T > self.context:
            raise ValueError(f"The context holds {self.context} tokens, not {read + T}.")
        x = self.embedding(ids)  # (B, T) -> (B, T, C)
        if self.positions == "learned":
            x = x + self.position.weight[read : read + T]
        elif self.positions == "sinusoidal":
            x = x + sinusoidal(self.context, x.shape[2], x.device)[read : read + T]
        x = self.dropout(x)
        bias = None
        if read or self.positions == "alibi":
            alibi = self.positions == "alibi"
            bias = attention_bias(self.heads, alibi, T, read + T, x.dtype, x.device)
        caches = []
        for number, layer in enumerate(self.layers):
            x, cache = layer(x, bias, state[number] if state else None)
            caches.append(cache)
        return self.readout(self.norm(x)), caches  # (B, T, V)


class OpenTransformer(Transformer):
    """The same network with attention written out. Same parameters, same results."""

    attention = OpenAttention
