"""What every language model here can do: read tokens, and say what may come next."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


class LanguageModel(nn.Module):
    """A network that predicts the next token at every position.

    ```
    logits, state = model(ids)          # ids (B, T) int64 -> logits (B, T, V)
    logits, state = model(more, state)  # goes on where it stopped
    ```

    `logits[b, t]` are the unnormalised log-probabilities of the token that follows `ids[b, t]`,
    and depend on `ids[b, :t + 1]` alone. `state` is all that the model remembers of what it has
    read (a hidden state, a key-value cache, the last few tokens); `None` starts afresh. Reading a
    text in one piece or in several gives the same logits.

    Attributes:
        context: how many tokens the model can read before it must start afresh; None for any
            number.
    """

    context: int | None = None

    def forward(self, ids: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Read `ids` (B, T) after `state`; return logits (B, T, V) and the new state."""
        raise NotImplementedError
