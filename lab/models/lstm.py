"""The long short-term memory: a cell beside the hidden state, and gates that guard it.

Source: Hochreiter and Schmidhuber 1997; the forget gate: Gers et al. 2000.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lab.models.language_model import LanguageModel

State = tuple[Tensor, Tensor]  # hidden state h and cell c, (L, B, H) each


class LSTM(LanguageModel):
    """Embedding, stacked LSTM layers (PyTorch's fused `nn.LSTM`), linear read-out.

    Args:
        vocabulary_size: V.
        width: H, size of the embedding, of each hidden state and of each cell.
        layers: L.
        dropout: probability, between layers and before the read-out.
    """

    def __init__(self, vocabulary_size: int, width: int, layers: int = 1, dropout: float = 0.0):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, width)
        self.lstm = nn.LSTM(
            width, width, layers, batch_first=True, dropout=dropout if layers > 1 else 0.0
        )
        self.dropout = nn.Dropout(dropout)
        self.readout = nn.Linear(width, vocabulary_size)
        # A forget gate that begins open (bias 1) remembers until it has learned what to forget
        # (Jozefowicz et al. 2015). PyTorch adds two biases; one of them is enough.
        with torch.no_grad():
            for layer in range(layers):
                getattr(self.lstm, f"bias_ih_l{layer}")[width : 2 * width].fill_(1.0)

    def forward(self, ids: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Read `ids` (B, T); the state is (h, c), (L, B, H) each."""
        x = self.embedding(ids)  # (B, T) -> (B, T, H)
        h, state = self.recur(x, state)  # (B, T, H)
        return self.readout(self.dropout(h)), state  # (B, T, V)

    def recur(self, x: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Run the recurrence over x (B, T, H)."""
        if x.shape[1] == 1 and x.device.type == "cpu" and not torch.is_grad_enabled():
            # The fused module prepares its weights anew at each call: for the one token of each
            # step of a sample it takes 240 µs, and 90 µs written out (measured).
            return written_out(self.lstm, x, state)
        return self.lstm(x, state)


class OpenLSTM(LSTM):
    """The same network with its equations written out. Same parameters, same results."""

    def recur(self, x: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Run the recurrence over x (B, T, H)."""
        return written_out(self.lstm, x, state)


def written_out(lstm: nn.LSTM, x: Tensor, state: State | None) -> tuple[Tensor, State]:
    """Run the equations of a stacked LSTM over x (B, T, H).

    i_t = sigmoid(W_ii x_t + b_ii + W_hi h_{t-1} + b_hi)    input gate: how much is written
    f_t = sigmoid(W_if x_t + b_if + W_hf h_{t-1} + b_hf)    forget gate: how much is kept
    g_t = tanh(W_ig x_t + b_ig + W_hg h_{t-1} + b_hg)       candidate: what is written
    o_t = sigmoid(W_io x_t + b_io + W_ho h_{t-1} + b_ho)    output gate: how much is shown
    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)

    The four matrices lie one above the other in one, in the order i, f, g, o.

    Returns:
        The outputs of the last layer (B, T, H), and the state after the last token.
    """
    layers = lstm.num_layers
    if state is None:
        zeros = x.new_zeros(layers, x.shape[0], x.shape[2])
        state = zeros, zeros
    last_h, last_c = [], []
    for layer in range(layers):
        w_ih, w_hh, b_ih, b_hh = lstm.all_weights[layer]  # (4H, H), (4H, H), (4H), (4H)
        h, c, outputs = state[0][layer], state[1][layer], []  # (B, H), (B, H)
        for t in range(x.shape[1]):
            gates = x[:, t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh  # (B, 4H)
            i, f, g, o = gates.chunk(4, dim=1)  # (B, H) each
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        x = torch.stack(outputs, dim=1)  # (B, T, H), the input of the next layer
        last_h.append(h)
        last_c.append(c)
        if layer < layers - 1:
            x = nn.functional.dropout(x, lstm.dropout, lstm.training)
    return x, (torch.stack(last_h), torch.stack(last_c))
