"""The Transformer as it was invented: an encoder, a decoder, and attention between the two.

Source: Vaswani et al. 2017, Attention Is All You Need, section 3, with one change. The paper
normalises after each part (post-norm); here it is before (pre-norm), so that the residual stream
runs through untouched and the first gradients are even over the layers. With post-norm they are
large near the output, and need a slow warm-up: Xiong et al. 2020, On Layer Normalization in the
Transformer Architecture.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.models.attention import Cache, attention_bias, sinusoidal
from lab.models.seq2seq import Memory, Seq2Seq, State, Step
from lab.models.tokens import END, PAD


class Attention(nn.Module):
    """Multi-head attention (section 3.2), from a sequence to itself or to another one.

    Written out, not fused: the weights are looked at, and for sequences this short it is as fast
    (a training step of two layers on one core at B = 64, S = T = 20, C = 128: 92 ms, with fused
    attention 89; in bfloat16 52 and 148).

    Args:
        width: C, size of the residual stream.
        heads: nh; each has C / nh = hs dimensions.
        dropout: probability, on the attention weights.
    """

    def __init__(self, width: int, heads: int, dropout: float):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def keys_and_values(self, x: Tensor) -> Cache:
        """Return what x (B, S, C) offers to those who look at it: two tensors (B, nh, S, hs)."""
        B, S, C = x.shape
        k, v = self.kv(x).view(B, S, 2, self.heads, C // self.heads).unbind(2)  # (B, S, nh, hs)
        return k.transpose(1, 2), v.transpose(1, 2)

    def forward(self, x: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
        """Attend from x (B, T, C) to keys and values (B, nh, S, hs): equation 1.

        Args:
            x: the tokens that ask.
            k, v: from `keys_and_values`.
            bias: (B or 1, 1, T or 1, S) added to the scores, minus infinity where not to look.

        Returns:
            What was found (B, T, C), and the weights (B, nh, T, S).
        """
        B, T, C = x.shape
        q = self.q(x).view(B, T, self.heads, C // self.heads).transpose(1, 2)  # (B, nh, T, hs)
        scores = (q / math.sqrt(q.shape[3])) @ k.transpose(2, 3)  # (B, nh, T, hs) x (B, nh, hs, S)
        weights = torch.softmax(scores.float() + bias, dim=3)  # (B, nh, T, S), rows sum to one
        kept = F.dropout(weights, self.dropout, self.training).to(v.dtype)
        y = (kept @ v).transpose(1, 2).reshape(B, T, C)  # (B, nh, T, hs) -> (B, T, C)
        return self.out(y), weights


class FeedForward(nn.Module):
    """Each token worked on alone: C -> 4 C -> C (section 3.3, equation 2)."""

    def __init__(self, width: int):
        super().__init__()
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return what is to be added to x (B, T, C)."""
        return self.down(torch.relu(self.up(x)))  # (B, T, C) -> (B, T, 4C) -> (B, T, C)


class EncoderSteps(NamedTuple):
    """The residual stream (B, S, C) on its way through a layer, and the weights (B, nh, S, S)."""

    input: Tensor
    attention: Tensor
    after_attention: Tensor
    after_feed_forward: Tensor


class EncoderLayer(nn.Module):
    """Self-attention over the whole source, then each token alone."""

    def __init__(self, width: int, heads: int, dropout: float):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads, dropout)
        self.feed_forward = FeedForward(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> EncoderSteps:
        """Add to x (B, S, C) what this layer finds; the bias (B, 1, 1, S) hides padding."""
        y = self.norm1(x)
        y, weights = self.attention(y, *self.attention.keys_and_values(y), bias)
        attended = x + self.dropout(y)
        y = self.feed_forward(self.norm2(attended))
        return EncoderSteps(x, weights, attended, attended + self.dropout(y))


class DecoderSteps(NamedTuple):
    """The residual stream (B, T, C) on its way through a layer, and what its attentions did.

    Weights of self-attention are (B, nh, T, t + T) for t tokens read before, those of
    cross-attention (B, nh, T, S); the cache holds keys and values of all t + T tokens.
    """

    input: Tensor
    self_attention: Tensor
    after_self_attention: Tensor
    cross_attention: Tensor
    after_cross_attention: Tensor
    after_feed_forward: Tensor
    cache: Cache


class DecoderLayer(nn.Module):
    """Self-attention over what is written, cross-attention to the source, each token alone."""

    def __init__(self, width: int, heads: int, dropout: float):
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.self_attention = Attention(width, heads, dropout)
        self.cross_attention = Attention(width, heads, dropout)
        self.feed_forward = FeedForward(width)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Tensor, past: Cache, source: Cache, future: Tensor, hidden: Tensor
    ) -> DecoderSteps:
        """Add to x (B, T, C) what this layer finds.

        Args:
            x: residual stream of the tokens to read.
            past: keys and values of the t tokens before, (B, nh, t, hs) each.
            source: keys and values of the source, (B, nh, S, hs) each.
            future: bias (1, 1, T, t + T) that hides later tokens.
            hidden: bias (B, 1, 1, S) that hides places of the source.
        """
        y = self.norm1(x)
        k, v = self.self_attention.keys_and_values(y)
        if past[0].shape[2]:
            k, v = torch.cat((past[0], k), 2), torch.cat((past[1], v), 2)  # (B, nh, t + T, hs)
        y, own = self.self_attention(y, k, v, future)
        attended = x + self.dropout(y)
        y, cross = self.cross_attention(self.norm2(attended), *source, hidden)
        informed = attended + self.dropout(y)
        y = self.feed_forward(self.norm3(informed))
        z = informed + self.dropout(y)
        return DecoderSteps(x, own, attended, cross, informed, z, (k, v))


class TranslationTransformer(Seq2Seq):
    """Embeddings and positions, encoder and decoder with as many layers each, linear read-out.

    The state of the decoder is a cache of four tensors a layer: keys and values of the tokens
    written, (B, nh, t, hs) each with t = 0 at the start, then those of the source.

    Args:
        source_vocabulary, target_vocabulary: sizes.
        width: C, size of the residual stream; even, and a multiple of the heads.
        layers: L of the encoder, and L of the decoder.
        heads: nh of each attention; they share the width equally.
        dropout: probability, on attention weights, on what each part adds and on embeddings.
        attend_end: whether cross-attention may look at END of the source.
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        width: int,
        layers: int,
        heads: int,
        dropout: float = 0.0,
        attend_end: bool = True,
    ):
        super().__init__()
        self.attend_end = attend_end
        self.source_embedding = nn.Embedding(source_vocabulary, width)
        self.target_embedding = nn.Embedding(target_vocabulary, width)
        self.dropout = nn.Dropout(dropout)
        self.encoder = nn.ModuleList(EncoderLayer(width, heads, dropout) for _ in range(layers))
        self.encoder_norm = nn.LayerNorm(width)
        self.decoder = nn.ModuleList(DecoderLayer(width, heads, dropout) for _ in range(layers))
        self.decoder_norm = nn.LayerNorm(width)
        self.readout = nn.Linear(width, target_vocabulary)
        std = 0.5 / math.sqrt(width)
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
            elif "embedding" in name:
                # Positions have 0.7. Copying 2-12 letters to 95 % exact match takes 1.6 seconds of
                # one core so, 3.4 with 0.1, 2.7 with 1.0; reversing 2.7, and 9.2 with 1.0.
                nn.init.normal_(parameter, std=0.3)
            elif parameter.ndim == 2:
                # What the parts add to the stream should not make it grow with depth.
                parts = (2 if name.startswith("encoder") else 3) * layers
                into_stream = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(parameter, std=std / math.sqrt(parts if into_stream else 1))

    def encode(self, source: Tensor) -> Memory:
        """Read `source` (B, S)."""
        return self._read(source)[0]

    def step(self, tokens: Tensor, state: State, memory: Memory) -> Step:
        """Write on after `tokens` (B)."""
        logits, state, layers = self._write(tokens[:, None], state, memory)
        return Step(logits[:, 0], state, layers[-1].cross_attention.mean(1)[:, 0])

    def forward(self, source: Tensor, target_in: Tensor) -> tuple[Tensor, Tensor]:
        """Predict every token of a known target (B, T) at once.

        Returns:
            Logits (B, T, V), and weights (B, T, S): the last cross-attention, mean over heads.
        """
        memory = self.encode(source)
        logits, _, layers = self._write(target_in, memory.start, memory)
        return logits, layers[-1].cross_attention.mean(1)

    @torch.no_grad()
    def open_blocks(
        self, source: Tensor, target_in: Tensor
    ) -> dict[str, list[dict[str, Any]] | Tensor]:
        """Return every step of `forward` for one pair, source (1, S) and target_in (1, T).

        Returns:
            "encoder": for each layer, input, after_attention and after_feed_forward (S, C),
            and attention (nh, S, S). "decoder": input, after_self_attention,
            after_cross_attention and after_feed_forward (T, C), self_attention (nh, T, T),
            cross_attention (nh, T, S). "logits": (T, V).
        """
        memory, read = self._read(source)
        logits, _, written = self._write(target_in, memory.start, memory)
        return {
            "encoder": [{key: x[0] for key, x in steps._asdict().items()} for steps in read],
            "decoder": [
                {key: x[0] for key, x in steps._asdict().items() if key != "cache"}
                for steps in written
            ],
            "logits": logits[0],
        }

    def _read(self, source: Tensor) -> tuple[Memory, list[EncoderSteps]]:
        mask = source != PAD
        x, steps, hidden = self._embed(self.source_embedding, source, 0), [], _bias(mask)
        for layer in self.encoder:
            steps.append(layer(x, hidden))
            x = steps[-1].after_feed_forward
        x = self.encoder_norm(x)  # (B, S, C)
        if not self.attend_end:
            # A source of END alone keeps it: there must be something to look at.
            mask = mask & ((source != END) | (mask.sum(1, keepdim=True) == 1))
        start = []
        for layer in cast("list[DecoderLayer]", self.decoder):  # once here, not at every step
            k, v = layer.cross_attention.keys_and_values(x)
            start += [k[:, :, :0], v[:, :, :0], k, v]
        return Memory(x, mask, tuple(start)), steps

    def _write(
        self, tokens: Tensor, state: State, memory: Memory
    ) -> tuple[Tensor, State, list[DecoderSteps]]:
        T, t = tokens.shape[1], state[0].shape[2]
        x, steps, hidden = self._embed(self.target_embedding, tokens, t), [], _bias(memory.mask)
        future = attention_bias(1, False, T, t + T, torch.float32, x.device)
        after = []
        for number, layer in enumerate(self.decoder):
            past_k, past_v, *source = state[4 * number : 4 * number + 4]
            steps.append(layer(x, (past_k, past_v), tuple(source), future, hidden))
            after += [*steps[-1].cache, *source]
            x = steps[-1].after_feed_forward
        return self.readout(self.decoder_norm(x)), tuple(after), steps  # (B, T, V)

    def _embed(self, embedding: nn.Embedding, ids: Tensor, before: int) -> Tensor:
        x, end = embedding(ids), before + ids.shape[1]  # (B, T) -> (B, T, C)
        table = sinusoidal(math.ceil(end / 256) * 256, x.shape[2], x.device)  # few tables, kept
        return self.dropout(x + table[before:end])


def _bias(mask: Tensor) -> Tensor:
    """Return (B, 1, 1, S): 0 where the mask (B, S) is True, minus infinity elsewhere."""
    return torch.zeros(mask.shape, device=mask.device).masked_fill(~mask, -math.inf)[:, None, None]
