"""The models of the first lesson, and what may be changed about each."""

from __future__ import annotations

from lab.lesson.controls import Amount
from lab.lesson.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.training import Settings

LANGUAGE = Catalogue(
    "language",
    {
        "lstm": "LSTM",
        "gru": "GRU",
        "rnn": "RNN",
        "transformer": "Transformer",
        "mlp": "Window MLP",
    },
    offered(
        Settings,
        RATE,
        Offer("layers", high=8),
        Offer("width", 8, 1024),
        Offer("block", 4, 512),
        Offer("batch", high=256),
        Offer("dropout", high=0.9),
        Offer("heads", high=16),
        "positions",
    ),
    Settings.default,
)
FIRST = [Entry("lstm")]

BUDGETS = {
    "seconds": Amount(
        "Seconds",
        "Training seconds for each model",
        1,
        3600,
        10,
        1,
        "Seconds of computing, without the time spent waiting for a turn. The clock decides where "
        "such a run ends, so two runs differ by a few steps; choose tokens for the same curve "
        "twice.",
    ),
    "tokens": Amount(
        "Tokens",
        "Tokens for each model",
        10_000,
        500_000_000,
        1_000_000,
        100_000,
        "Tokens read during training; passing over the text twice counts twice. The same seed and "
        "settings give the same curve on a CPU.",
    ),
}
BUDGET_HELP = (
    "Equal seconds favour what computes fast, equal tokens what learns most from each token. "
    "Which model wins can depend on it: try both."
)
