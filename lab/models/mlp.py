"""The feed-forward language model: a fixed window of tokens in, the next one out.

Source: Bengio et al. 2003, A Neural Probabilistic Language Model, equation 1, without the direct
connections from embedding to output.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from lab.models.language_model import LanguageModel


class MLP(LanguageModel):
    """Embeddings of the last n tokens side by side, hidden tanh layers, linear read-out.

    Nothing older than the window has any influence, as in an n-gram model; but similar windows
    share what is learned, since similar tokens get similar vectors.

    Args:
        vocabulary_size: V.
        width: H, size of each hidden layer.
        layers: number of hidden layers, at least 1.
        window: n, tokens seen at once.
        embedding: C, size of a token's vector.
        dropout: probability, after each hidden layer.
    """

    def __init__(
        self,
        vocabulary_size: int,
        width: int,
        layers: int = 1,
        window: int = 16,
        embedding: int = 32,
        dropout: float = 0.0,
    ):
        super().__init__()
        self.window = window
        # One more row: what stands in the window before the text begins.
        self.before = vocabulary_size
        self.embedding = nn.Embedding(vocabulary_size + 1, embedding)
        sizes = [window * embedding] + [width] * layers
        self.hidden = nn.ModuleList(nn.Linear(one, two) for one, two in pairwise(sizes))
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(width, vocabulary_size)

    def forward(self, ids: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Read `ids` (B, T); the state is the last n - 1 ids, (B, n - 1)."""
        if state is None:
            state = ids.new_full((len(ids), self.window - 1), self.before)
        ids = torch.cat((state, ids), dim=1)  # (B, n - 1 + T)
        x = torch.tanh(self.first(ids))  # (B, T, H)
        x = self.dropout(x)
        for layer in self.hidden[1:]:
            x = self.dropout(torch.tanh(layer(x)))
        return self.readout(x), ids[:, ids.shape[1] - self.window + 1 :]  # (B, T, V)

    def first(self, ids: Tensor) -> Tensor:
        """Give the first hidden layer's input sums, (B, n - 1 + T) -> (B, T, H)."""
        x = self.embedding(ids)  # (B, n - 1 + T, C)
        x = x.unfold(1, self.window, 1)  # (B, T, C, n)
        x = x.transpose(2, 3).flatten(2)  # (B, T, n C)
        return self.hidden[0](x)


class OpenMLP(MLP):
    """The same network, position by position. Same parameters, same results."""

    def first(self, ids: Tensor) -> Tensor:
        """Give the first hidden layer's input sums, (B, n - 1 + T) -> (B, T, H)."""
        weight, bias = self.hidden[0].parameters()  # (H, n C), (H)
        sums = []
        for t in range(self.window, ids.shape[1] + 1):
            seen = ids[:, t - self.window : t]  # (B, n), oldest first
            side_by_side = torch.cat([self.embedding(token) for token in seen.T], dim=1)  # (B, n C)
            sums.append(side_by_side @ weight.T + bias)  # (B, H)
        return torch.stack(sums, dim=1)
