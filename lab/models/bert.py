"""BERT's encoder with its masked head: every token looks at all others, left and right.

Normalisation stands after each part, as in the paper, so that the weights are those of Hugging
Face's `BertForMaskedLM` under other names (`lab.masked.export` renames them). What is left out is
what a row of one sentence does not need: padding, segments, dropout.

Source: Devlin et al. 2019, BERT, section 3 and appendix A.2.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

EPSILON = 1e-12  # of BERT's normalisations


class Attention(nn.Module):
    """Multi-head attention in which a token sees the whole row.

    Args:
        width: C, size of the residual stream.
        heads: nh; each has C / nh = hs dimensions.
    """

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)

    def forward(
        self, x: Tensor, weights: bool = False, seen: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Attend within x (B, T, C).

        Args:
            x: the tokens.
            weights: also return the attention.
            seen: (B, 1, 1, T), False where a token is padding that nobody may look at.

        Returns:
            What the heads found, side by side, (B, T, C); and with `weights` the attention
            (B, nh, T, T), rows sum to one, else None.
        """
        B, T, C = x.shape
        qkv = self.qkv(x).view(B, T, 3, self.heads, C // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # (B, nh, T, hs) each
        attention = None
        if weights or (q.dtype == torch.bfloat16 and q.device.type == "cpu"):
            # Written out: to show the weights, and because the fused call is slower in bfloat16
            # on a CPU (see `lab.models.attention`).
            scores = (q / math.sqrt(q.shape[3])) @ k.transpose(2, 3)  # (B, nh, T, T)
            if seen is not None:
                scores = scores.masked_fill(~seen, -math.inf)
            attention = torch.softmax(scores, dim=3).to(v.dtype)
            y = attention @ v  # (B, nh, T, T) x (B, nh, T, hs) -> (B, nh, T, hs)
        else:
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
        return y.transpose(1, 2).reshape(B, T, C), attention if weights else None


class Layer(nn.Module):
    """One layer: attention moves information between tokens, then each is worked on alone."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.attention = Attention(width, heads)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=EPSILON)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.norm2 = nn.LayerNorm(width, eps=EPSILON)

    def forward(
        self,
        x: Tensor,
        only: Tensor | None = None,
        weights: bool = False,
        seen: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Work on x (B, T, C).

        Args:
            x: the residual stream.
            only: (M) places in the flattened batch that are wanted; None for all. After attention
                no token needs another, so the last layer computes only what will be read.
            weights: also return the attention.
            seen: see `Attention.forward`.

        Returns:
            (B, T, C), or (M, C) with `only`; and the attention (B, nh, T, T) or None.
        """
        found, attention = self.attention(x, weights, seen)
        if only is not None:
            x, found = x.flatten(0, 1)[only], found.flatten(0, 1)[only]  # (M, C)
        x = self.norm1(x + self.out(found))
        x = self.norm2(x + self.down(F.gelu(self.up(x))))
        return x, attention


class Bert(nn.Module):
    """Word and position vectors, layers, and a head that guesses the token at masked places.

    Args:
        vocabulary_size: V.
        width: C, size of the residual stream.
        layers: L.
        heads: nh per layer; they share the width equally.
        context: longest row that it can read, in tokens.

    Raises:
        ValueError: the width cannot be shared by the heads.
    """

    def __init__(
        self,
        vocabulary_size: int,
        width: int = 256,
        layers: int = 4,
        heads: int = 8,
        context: int = 128,
    ):
        super().__init__()
        if width % heads:
            raise ValueError(f"The width {width} must be divisible by the {heads} heads.")
        self.context = context
        self.embedding = nn.Embedding(vocabulary_size, width)
        self.position = nn.Embedding(context, width)
        self.norm = nn.LayerNorm(width, eps=EPSILON)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.transform = nn.Linear(width, width)
        self.transform_norm = nn.LayerNorm(width, eps=EPSILON)
        self.bias = nn.Parameter(torch.zeros(vocabulary_size))
        # BERT has 0.02 at a width of 768; the same share of the stream at any width.
        std = 0.02 * math.sqrt(768 / width)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                nn.init.normal_(parameter, std=std)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(
        self, ids: Tensor, masked: Tensor | None = None, weights: bool = False
    ) -> Tensor | tuple[Tensor, list[Tensor]]:
        """Guess tokens.

        Args:
            ids: (B, T), rows of equal length.
            masked: (M) places in the flattened batch (row * T + column) to guess at; None for
                every place.
            weights: also return the attention of each layer.

        Returns:
            Logits, (M, V) or (B, T, V); with `weights` a pair of them and a list of L tensors
            (B, nh, T, T).

        Raises:
            ValueError: a row is longer than the context.
        """
        x, attentions = self.encode(ids, masked, weights)
        logits = self.guess(x)
        return (logits, attentions) if weights else logits

    def encode(
        self,
        ids: Tensor,
        only: Tensor | None = None,
        weights: bool = False,
        real: Tensor | None = None,
    ) -> tuple[Tensor, list[Tensor]]:
        """Read rows (B, T).

        Args:
            ids: the tokens.
            only: see `Layer.forward`.
            weights: also return the attention of each layer.
            real: (B, T), False where a row is padded: no token looks there. None for rows of one
                length.

        Returns:
            The last layer's vectors, (B, T, C) or (M, C), and the attentions if wanted.
        """
        length = ids.shape[1]
        if length > self.context:
            raise ValueError(f"The model reads {self.context} tokens at once, not {length}.")
        x = self.norm(self.embedding(ids) + self.position.weight[:length])  # (B, T, C)
        seen = None if real is None else real[:, None, None]  # (B, 1, 1, T)
        attentions = []
        for number, layer in enumerate(self.layers):
            last = number == len(self.layers) - 1
            x, attention = layer(x, only if last else None, weights, seen)
            attentions.append(attention)
        if not self.layers and only is not None:
            x = x.flatten(0, 1)[only]
        return x, attentions if weights else []

    def guess(self, x: Tensor) -> Tensor:
        """Turn vectors (..., C) into logits (..., V); the read-out is the table of word vectors."""
        x = self.transform_norm(F.gelu(self.transform(x)))
        return F.linear(x, self.embedding.weight, self.bias)
