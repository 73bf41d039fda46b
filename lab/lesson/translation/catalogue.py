"""The translators that the lesson offers, and what may be changed about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.lesson.controls import seconds_of, steps_of
from lab.lesson.lineup import Catalogue, Change, Entry
from lab.seq2seq.settings import LOOKS, SCORES, TranslationSettings

_RECURRENT = ("gru", "lstm", "rnn")
_KINDS = {"gru": "GRU", "lstm": "LSTM", "rnn": "RNN", "transformer": "Transformer"}
_DEFAULT_SCORE = TranslationSettings().score

_CHANGES = {
    "score": Change(
        str,
        "Attention score",
        "score",
        "How the decoder's state s is compared with each encoder state h. 'none' is no attention: "
        "the decoder must do with one vector. The equations are below, under 'Step by step'.",
        choices=(_DEFAULT_SCORE, *(s for s in SCORES if s != _DEFAULT_SCORE)),
        only=_RECURRENT,
    ),
    "look": Change(
        str,
        "Attend",
        "attends",
        "After the recurrence (Luong 2015): fast. Before it, with the state before the word "
        "(Bahdanau 2015, and the lectures): word by word, two to three times slower here.",
        choices=LOOKS,
        only=_RECURRENT,
    ),
    "width": Change(int, "Width", "width", "Size of embeddings and states.", 16, 512, 16),
    "learning_rate": Change(
        float, "Learning rate", "lr", "How far each optimiser step goes.", 1e-6, 1.0, 1e-3
    ),
    "batch": Change(int, "Batch (pairs)", "batch", "Pairs in one training step.", 1, 256),
    "dropout": Change(
        float, "Dropout", "dropout", "Share of units silenced while training.", 0.0, 0.9, 0.05
    ),
    "teacher_forcing": Change(
        float,
        "Teacher forcing",
        "forcing",
        "Share of training steps that read the true word before them; the others read the model's "
        "own (scheduled sampling). Below 1 it trains word by word, slower.",
        0.0,
        1.0,
        0.1,
        only=_RECURRENT,
    ),
    "layers": Change(
        int, "Layers", "layers", "Of the encoder, and of the decoder.", 1, 6, only=("transformer",)
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
    "bidirectional": Change(
        bool,
        "Read from both ends",
        "both ends",
        "A bidirectional encoder: h knows what follows it as well.",
        only=_RECURRENT,
    ),
    "attend_end": Change(
        bool,
        "May look at </s>",
        "</s> seen",
        "The end of the sentence is a convenient place to rest on; masked, attention must choose "
        "a word.",
    ),
}


def _label(kind: str, changes: Mapping[str, Any]) -> str:
    others = {key: value for key, value in changes.items() if key != "score"}
    if kind == "transformer":
        return _KINDS[kind] + CATALOGUE.list(others)
    score = changes.get("score", _DEFAULT_SCORE)
    name = "no attention" if score == "none" else score
    return f"{_KINDS[kind]}, {name}{CATALOGUE.list(others)}"


CATALOGUE = Catalogue("translation", _KINDS, _CHANGES, TranslationSettings.default, _label)
FIRST = [Entry("gru", {"score": "none"}), Entry("gru")]

BUDGETS = {"steps": steps_of(400), "seconds": seconds_of(10, 1)}
BUDGET_HELP = "Equal steps see the same pairs; equal seconds favour what computes fast."
