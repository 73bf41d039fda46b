"""The networks. Each file holds one model, from its smallest part to the whole, to be read aloud.

All share one interface (`lab.models.language_model`). Where PyTorch has a fused module, it trains
and an open version with the same parameters explains; tests hold the two equal.
"""

from importlib import import_module

_HOME = {
    "GRU": "gru",
    "LSTM": "lstm",
    "MLP": "mlp",
    "RNN": "rnn",
    "LanguageModel": "language_model",
    "OpenGRU": "gru",
    "OpenLSTM": "lstm",
    "OpenMLP": "mlp",
    "OpenRNN": "rnn",
    "OpenTransformer": "transformer",
    "Transformer": "transformer",
}
__all__ = ["build", *sorted(_HOME)]


def build(settings, vocabulary_size: int):
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
        cls = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM"}[s.model]
        return __getattr__(cls)(v, s.width, s.layers, s.dropout)
    if s.model == "mlp":
        return __getattr__("MLP")(v, s.width, s.layers, s.window, s.embedding, s.dropout)
    if s.model == "transformer":
        return __getattr__("Transformer")(
            v, s.width, s.layers, s.heads, s.block, s.positions, s.dropout
        )
    raise ValueError(f"There is no model {s.model!r}.")


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
