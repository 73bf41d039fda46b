"""The simple recurrent network: one hidden state, rewritten at every token.

Source: Elman 1990, Finding Structure in Time; as a language model: Mikolov et al. 2010.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lab.models import through_time
from lab.models.language_model import LanguageModel


class RNN(LanguageModel):
    """Embedding, stacked tanh recurrences (`nn.RNN`), linear read-out.

    On a CPU it trains by `lab.models.through_time`, which is faster and has the same results.

    Args:
        vocabulary_size: V.
        width: H, size of the embedding and of each hidden state.
        layers: L.
        dropout: probability, between layers and before the read-out.
    """

    def __init__(self, vocabulary_size: int, width: int, layers: int = 1, dropout: float = 0.0):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, width)
        self.rnn = nn.RNN(
            width, width, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0
        )
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(width, vocabulary_size)
        # An orthogonal matrix keeps the length of what it turns, so a gradient neither vanishes
        # nor explodes on its way back through time before training has begun (Saxe et al. 2014).
        for layer in range(layers):
            nn.init.orthogonal_(getattr(self.rnn, f"weight_hh_l{layer}"))

    def forward(self, ids: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Read `ids` (B, T); the state is (L, B, H)."""
        x = self.embedding(ids)  # (B, T) -> (B, T, H)
        h, state = self.recur(x, state)  # (B, T, H), (L, B, H)
        return self.readout(self.dropout(h)), state  # (B, T, V)

    def recur(self, x: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """Run the recurrence over x (B, T, H)."""
        if through_time.usable(x):
            return through_time.run(self.rnn, x, state, through_time.RNNLayer)
        return self.rnn(x, state)


class OpenRNN(RNN):
    """The same network with its equation written out. Same parameters, same results.

    h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)
    """

    def recur(self, x: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """Run the recurrence over x (B, T, H)."""
        layers = self.rnn.num_layers
        if state is None:
            state = x.new_zeros(layers, x.shape[0], x.shape[2])
        last = []
        for layer in range(layers):
            w_ih, w_hh, b_ih, b_hh = self.rnn.all_weights[layer]  # (H, H), (H, H), (H), (H)
            h, outputs = state[layer], []
            for t in range(x.shape[1]):
                h = torch.tanh(x[:, t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh)  # (B, H)
                outputs.append(h)
            x = torch.stack(outputs, dim=1)  # (B, T, H), the input of the next layer
            last.append(h)
            if layer < layers - 1:
                x = nn.functional.dropout(x, self.rnn.dropout, self.training)
        return x, torch.stack(last)
