"""The translators that the lesson offers, and what may be changed about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.lesson.controls import seconds_of, steps_of
from lab.lesson.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.seq2seq.settings import TranslationSettings

_KINDS = {"gru": "GRU", "lstm": "LSTM", "rnn": "RNN", "transformer": "Transformer"}
_DEFAULT_SCORE = TranslationSettings().score

_CHANGES = offered(
    TranslationSettings,
    "score",
    "look",
    Offer("width", 16, 512),
    RATE,
    Offer("batch", high=256),
    Offer("dropout", high=0.9),
    "teacher_forcing",
    Offer("layers", high=6),
    Offer("heads", high=16),
    "bidirectional",
    "attend_end",
)


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
