"""What every translator here can do: read a source once, then write a target token by token.

Decoding (greedy, sampled, beam) is written once over `encode` and `step`; training uses `forward`.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

State = tuple[Tensor, ...]  # of a decoder; the batch is the first dimension of each tensor


class Memory(NamedTuple):
    """What an encoder leaves behind.

    Attributes:
        states: (B, S, E), h_i for each place i of the source: what attention looks at.
        mask: (B, S) bool, True where attention may look.
        start: state of the decoder before its first token.
    """

    states: Tensor
    mask: Tensor
    start: State

    def rows(self, index: Tensor) -> Memory:
        """Choose or repeat rows of the batch."""
        return Memory(self.states[index], self.mask[index], tuple(s[index] for s in self.start))


class Step(NamedTuple):
    """What a decoder gives after one more token.

    Attributes:
        logits: (B, V) of the token that comes next.
        state: to go on from.
        weights: (B, S) how much of each source place went into it, None without attention.
    """

    logits: Tensor
    state: State
    weights: Tensor | None


class Seq2Seq(nn.Module):
    """A network that reads one sequence and writes another.

    Source rows end with END, target rows begin with START; both are filled up with PAD on the
    right, which changes nothing. Ids of the special tokens: `lab.models.tokens`.
    """

    def encode(self, source: Tensor) -> Memory:
        """Read `source` (B, S) int64."""
        raise NotImplementedError

    def step(self, tokens: Tensor, state: State, memory: Memory) -> Step:
        """Write on after `tokens` (B,) int64, the last ones written (START at first)."""
        raise NotImplementedError

    def forward(self, source: Tensor, target_in: Tensor) -> tuple[Tensor, Tensor | None]:
        """Predict every token of a known target at once (teacher forcing).

        Args:
            source: (B, S) int64.
            target_in: (B, T) int64, START and all tokens but the last.

        Returns:
            Logits (B, T, V), and attention weights (B, T, S) or None.
        """
        raise NotImplementedError
