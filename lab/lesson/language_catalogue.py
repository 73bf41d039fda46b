"""The models of the first lesson, and what may be changed about each."""

from __future__ import annotations

from lab.lesson.controls import Amount
from lab.lesson.lineup import Catalogue, Change, Entry
from lab.training import Settings
from lab.training.settings import POSITIONS

LANGUAGE = Catalogue(
    "language",
    {
        "lstm": "LSTM",
        "gru": "GRU",
        "rnn": "RNN",
        "transformer": "Transformer",
        "mlp": "Window MLP",
    },
    {
        "learning_rate": Change(
            float, "Learning rate", "lr", "How far each optimiser step goes.", 1e-6, 1.0, 1e-3
        ),
        "layers": Change(int, "Layers", "layers", "Layers on top of each other.", 1, 8),
        "width": Change(
            int, "Width", "width", "Units of each layer: the size of its state.", 8, 1024, 8
        ),
        "block": Change(
            int, "Context (tokens)", "block", "Tokens of context in one training window.", 4, 512, 4
        ),
        "batch": Change(int, "Batch (windows)", "batch", "Windows in one training step.", 1, 256),
        "dropout": Change(
            float,
            "Dropout",
            "dropout",
            "Share of units silenced at random while training; helps against overfitting.",
            0.0,
            0.9,
            0.05,
        ),
        "heads": Change(
            int,
            "Heads",
            "heads",
            "Attention heads; they divide the width.",
            1,
            16,
            only=("transformer",),
        ),
        "positions": Change(
            str,
            "Positions",
            "positions",
            "How the Transformer knows the order. ALiBi learns fastest on small budgets.",
            choices=("alibi", *(p for p in POSITIONS if p != "alibi")),
            only=("transformer",),
        ),
    },
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
