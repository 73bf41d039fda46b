"""The network that a run's settings describe."""

from __future__ import annotations

from typing import Any

from lab.models.gru import GRU
from lab.models.language_model import LanguageModel
from lab.models.lstm import LSTM
from lab.models.mlp import MLP
from lab.models.rnn import RNN
from lab.models.transformer import Transformer


def build(settings: Any, vocabulary_size: int) -> LanguageModel:
    """Build the network that `settings` (a `lab.training.Settings`) describe.

    Args:
        settings: model, layers, width, heads, positions, block, window, embedding and dropout
            are read.
        vocabulary_size: V, the number of tokens to tell apart.

    Returns:
        A `LanguageModel` with fresh random weights (torch's generator).

    Raises:
        ValueError: there is no such model.
    """
    s, v = settings, vocabulary_size
    if s.model in ("rnn", "gru", "lstm"):
        network = {"rnn": RNN, "gru": GRU, "lstm": LSTM}[s.model]
        return network(v, s.width, s.layers, s.dropout)
    if s.model == "mlp":
        return MLP(v, s.width, s.layers, s.window, s.embedding, s.dropout)
    if s.model == "transformer":
        return Transformer(v, s.width, s.layers, s.heads, s.block, s.positions, s.dropout)
    raise ValueError(f"There is no model {s.model!r}.")
