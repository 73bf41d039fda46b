"""Causal self-attention, and the ways to tell it where a token stands.

Source: Vaswani et al. 2017, Attention Is All You Need, section 3.2.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Cache = tuple[Tensor, Tensor]  # keys and values of all tokens read, (B, nh, T, hs) each


class CausalAttention(nn.Module):
    """Multi-head attention in which a token sees itself and the tokens before it.

    Args:
        width: C, size of the residual stream.
        heads: nh; each has C / nh = hs dimensions.
        dropout: probability, on the weights and on the output.
    """

    def __init__(self, width: int, heads: int, dropout: float = 0.0):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, bias: Tensor | None, past: Cache | None) -> tuple[Tensor, Cache]:
        """Attend from x (B, T, C) to all that was read.

        Args:
            x: the tokens that ask.
            bias: (1, nh or 1, T, S) added to the scores, minus infinity where a token must not
                look; None for plain causal attention with no past.
            past: keys and values of the S - T tokens before.
        """
        B, T, C = x.shape
        q, k, v = self.qkv(x).view(B, T, 3, self.heads, C // self.heads).unbind(2)  # (B, T, nh, hs)
        q, k, v = q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)  # (B, nh, T, hs)
        if past is not None:
            k, v = torch.cat((past[0], k), dim=2), torch.cat((past[1], v), dim=2)  # (B, nh, S, hs)
        y = self.attend(q, k, v, bias)  # (B, nh, T, hs)
        y = self.out(y.transpose(1, 2).reshape(B, T, C))
        return F.dropout(y, self.dropout, self.training), (k, v)

    def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        """softmax(q k^T / sqrt(hs) + bias) v in one fused call (equation 1)."""
        if q.dtype == torch.bfloat16 and q.device.type == "cpu":
            # The fused call is for float32 and for accelerators. Measured on a CPU with AMX at
            # T = 64: 8.8 ms there and back in bfloat16, and 1.2 ms written out.
            return written_out(q, k, v, bias, self.dropout if self.training else 0.0)
        return F.scaled_dot_product_attention(
            q,
            k,
            v,
            attn_mask=None if bias is None else bias.to(q.dtype),
            is_causal=bias is None,
            dropout_p=self.dropout if self.training else 0.0,
        )


class OpenAttention(CausalAttention):
    """The same attention with equation 1 written out. Same parameters, same results."""

    def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        """softmax(q k^T / sqrt(hs) + bias) v, step by step."""
        return written_out(q, k, v, bias, self.dropout if self.training else 0.0)


def written_out(
    q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None, dropout: float = 0.0
) -> Tensor:
    """Attend from queries (B, nh, T, hs) to keys and values (B, nh, S, hs): equation 1.

    Args:
        q, k, v: queries, keys, values.
        bias: see `CausalAttention.forward`.
        dropout: probability for each weight.
    """
    T, hs = q.shape[-2:]
    if bias is None:
        bias = attention_bias(1, False, T, T, q.dtype, q.device)
    scores = (q / math.sqrt(hs)) @ k.transpose(2, 3)  # (B, nh, T, hs) x (B, nh, hs, S)
    weights = torch.softmax(scores + bias.to(q.dtype), dim=-1)  # (B, nh, T, S), rows sum to one
    weights = F.dropout(weights, dropout, dropout > 0)
    return weights.to(v.dtype) @ v  # (B, nh, T, S) x (B, nh, S, hs) -> (B, nh, T, hs)


def alibi_slopes(heads: int) -> list[float]:
    """Return the slope of each head for attention with linear biases.

    For nh = 2^m heads the geometric sequence that starts at 2^(-8/nh) with that same ratio; for
    another number, the slopes of the next lower power of two, then every second one of the next
    higher, as in the authors' code.

    Source: Press et al. 2022, Train Short, Test Long, section 3.
    """
    power = 2 ** math.floor(math.log2(heads))
    slopes = [2 ** (-8 * (n + 1) / power) for n in range(power)]
    return slopes + [2 ** (-8 * (2 * n + 1) / (2 * power)) for n in range(heads - power)]


@lru_cache(maxsize=64)
@torch.inference_mode(False)  # what a sample has made first must serve training too
def attention_bias(
    heads: int, alibi: bool, T: int, S: int, dtype: torch.dtype, device: torch.device
) -> Tensor:
    """Return what is added to the scores of T tokens that attend to S (the last T of them own).

    Minus infinity for the future; with ALiBi, minus slope times distance for the past.

    Returns:
        (1, nh, T, S), or (1, 1, T, S) without ALiBi.
    """
    own = torch.arange(S - T, S, device=device)  # position of each query
    distance = own[:, None] - torch.arange(S, device=device)  # (T, S), negative in the future
    slopes = torch.tensor(alibi_slopes(heads) if alibi else [0.0], device=device)
    bias = -slopes[:, None, None] * distance  # (nh, 1, 1) x (T, S) -> (nh, T, S)
    # Four dimensions: with three, PyTorch leaves its fused kernel for one at half the speed.
    return bias.masked_fill(distance < 0, -math.inf).to(dtype)[None]


@lru_cache(maxsize=8)
@torch.inference_mode(False)
def sinusoidal(length: int, width: int, device: torch.device) -> Tensor:
    """Return fixed position vectors: sines in the even places, cosines in the odd ones.

    PE(pos, 2i) = sin(pos / 10000^(2i/C)), PE(pos, 2i+1) = cos(pos / 10000^(2i/C))

    Source: Vaswani et al. 2017, section 3.5.

    Returns:
        (length, width).
    """
    position = torch.arange(length, device=device)[:, None]
    angle = position / 10000 ** (torch.arange(0, width, 2, device=device) / width)  # (T, C/2)
    return torch.stack((angle.sin(), angle.cos()), dim=2).flatten(1)
