"""The translators that the lesson offers, what may be changed about each, and their budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.lesson.kit.form import Form, seconds_of, steps_of
from lab.lesson.kit.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.lesson.translation import TEXT
from lab.lesson.translation.pair_picker import ChosenPairs
from lab.seq2seq.settings import TranslationSettings

_KINDS = {"gru": "GRU", "lstm": "LSTM", "rnn": "RNN", "transformer": "Transformer"}
_DEFAULT_SCORE = TranslationSettings().score


def _label(kind: str, changes: Mapping[str, Any]) -> str:
    others = {key: value for key, value in changes.items() if key != "score"}
    if kind == "transformer":
        return _KINDS[kind] + CATALOGUE.list(others)
    score = changes.get("score", _DEFAULT_SCORE)
    name = "no attention" if score == "none" else score
    return f"{_KINDS[kind]}, {name}{CATALOGUE.list(others)}"


CATALOGUE = Catalogue(
    "translation",
    _KINDS,
    offered(
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
    ),
    TranslationSettings.default,
    _label,
)
NO_ATTENTION, ATTENTION = Entry("gru", {"score": "none"}), Entry("gru")
FORM = Form(
    CATALOGUE,
    (NO_ATTENTION, ATTENTION),
    {"steps": steps_of(400), "seconds": seconds_of(10, 1)},
    TEXT("budget-help"),
)


def settings_on(
    pairs: ChosenPairs, entries: Sequence[Entry], budget: Mapping[str, float]
) -> list[TranslationSettings]:
    """Return checked settings for each model of a line-up.

    Args:
        pairs: what the models learn from.
        entries, budget: of the form.

    Raises:
        SettingsError: one cannot be trained on these pairs, in a sentence.
    """
    train = pairs.corpus.train
    longest = 1 + max(max(len(pair.source), len(pair.target)) for pair in train)
    settings = FORM.settings(entries, budget, prompt=pairs.sentence)
    return [one.validate(longest) for one in settings]


def attends(settings: Mapping[str, Any]) -> bool:
    """Return whether a run has attention that can be looked at."""
    return settings.get("model") == "transformer" or settings.get("score") != "none"
