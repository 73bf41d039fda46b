"""The gated recurrent unit: the hidden state is its own memory, and two gates guard it.

Source: Cho et al. 2014, Learning Phrase Representations using RNN Encoder-Decoder; in the variant
of PyTorch and cuDNN, whose reset gate acts after the recurrent matrix.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lab.models import through_time
from lab.models.language_model import LanguageModel


class GRU(LanguageModel):
    """Embedding, stacked GRU layers (`nn.GRU`), linear read-out.

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
        self.gru = nn.GRU(
            width, width, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0
        )
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(width, vocabulary_size)

    def forward(self, ids: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Read `ids` (B, T); the state is (L, B, H)."""
        x = self.embedding(ids)  # (B, T) -> (B, T, H)
        h, state = self.recur(x, state)  # (B, T, H), (L, B, H)
        return self.readout(self.dropout(h)), state  # (B, T, V)

    def recur(self, x: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """Run the recurrence over x (B, T, H)."""
        if through_time.usable(x):
            return through_time.run(self.gru, x, state, through_time.GRULayer)
        return self.gru(x, state)


class OpenGRU(GRU):
    """The same network with its equations written out. Same parameters, same results.

    r_t = sigmoid(W_ir x_t + b_ir + W_hr h_{t-1} + b_hr)    reset gate: how much of the past is used
    z_t = sigmoid(W_iz x_t + b_iz + W_hz h_{t-1} + b_hz)    update gate: how much of it is kept
    n_t = tanh(W_in x_t + b_in + r_t * (W_hn h_{t-1} + b_hn))    candidate
    h_t = (1 - z_t) * n_t + z_t * h_{t-1}

    The three matrices lie one above the other in one, in the order r, z, n.
    """

    def recur(self, x: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """Run the recurrence over x (B, T, H)."""
        layers = self.gru.num_layers
        if state is None:
            state = x.new_zeros(layers, x.shape[0], x.shape[2])
        last = []
        for layer in range(layers):
            w_ih, w_hh, b_ih, b_hh = self.gru.all_weights[layer]  # (3H, H), (3H, H), (3H), (3H)
            h, outputs = state[layer], []
            for t in range(x.shape[1]):
                from_input = x[:, t] @ w_ih.T + b_ih  # (B, 3H)
                from_past = h @ w_hh.T + b_hh  # (B, 3H)
                r_i, z_i, n_i = from_input.chunk(3, dim=1)  # (B, H) each
                r_h, z_h, n_h = from_past.chunk(3, dim=1)
                r, z = torch.sigmoid(r_i + r_h), torch.sigmoid(z_i + z_h)
                n = torch.tanh(n_i + r * n_h)
                h = (1 - z) * n + z * h
                outputs.append(h)
            x = torch.stack(outputs, dim=1)  # (B, T, H), the input of the next layer
            last.append(h)
            if layer < layers - 1:
                x = nn.functional.dropout(x, self.gru.dropout, self.training)
        return x, torch.stack(last)
