"""Masked models as a kind of run: what queue, workers and saved files need of them. No torch."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from lab.masked.rows import Rows
from lab.masked.settings import MaskedSettings
from lab.training.kind import number

_MOST = 50  # guesses of a sample in a file
_LARGEST = 60_000  # tokens of a vocabulary in a file


class MaskedKind:
    """Masked models; see `lab.training.kind.Kind`."""

    settings = MaskedSettings

    def data(self, stored: bytes) -> Rows:
        """Read rows."""
        return Rows.from_bytes(stored)

    def task(self, settings: MaskedSettings, data: Rows) -> Any:
        """Return the task of guessing hidden tokens."""
        from lab.masked.task import MaskedTask

        return MaskedTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a masked model answers."""
        from lab.masked import questions

        return questions

    def about(self, data: Rows) -> dict[str, Any]:
        """Return the vocabulary of a text."""
        return {"name": data.name, "tokens": list(data.tokens)}

    def from_about(self, about: Any) -> Rows:
        """Return a vocabulary and no row."""
        tokens = about["tokens"]
        if not isinstance(tokens, list) or not 5 < len(tokens) <= _LARGEST:
            raise ValueError("tokens")
        if not all(isinstance(token, str) and len(token) <= 100 for token in tokens):
            raise TypeError("tokens")
        return Rows({}, {}, tuple(tokens), str(about["name"])[:60])

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a guess that came from a file."""
        tokens = [str(token)[:100] for token in sample["tokens"]][:_MOST]
        return {
            "step": int(sample["step"]),
            "sentence": str(sample["sentence"])[:1000],
            "tokens": tokens,
            "probabilities": [number(p) for p in sample["probabilities"]][: len(tokens)],
            "words": {
                str(word)[:100]: number(p)
                for word, p in list(dict(sample.get("words") or {}).items())[:_MOST]
            },
        }


KIND = MaskedKind()
