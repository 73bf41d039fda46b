"""A kind of run, as queue and workers need it: how to read its data, and what to do with them.

A lesson that trains adds one `KIND` (see `lab.runs.kinds`), beside its model and its task. Nothing
here loads torch before a worker asks for a task.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Protocol

from lab.training.hyperparameters import Hyperparameters
from lab.training.settings import Settings


class Data(Protocol):
    """What a run learns from."""

    @property
    def name(self) -> str:
        """What a page calls it."""

    @property
    def digest(self) -> str:
        """Name the contents: equal contents, equal digest."""

    def to_bytes(self) -> bytes:
        """Return the data as they are stored and sent."""


class Kind(Protocol):
    """How runs of one task are read, trained, asked and saved.

    Attributes:
        settings: the class of their settings.
    """

    settings: type[Hyperparameters]

    def data(self, stored: bytes) -> Data:
        """Read what `Data.to_bytes` gave; raise ValueError with one sentence if it is not that."""

    def task(self, settings: Any, data: Any) -> Any:
        """Return the `lab.training.task.Task`."""

    def questions(self) -> ModuleType:
        """Return the module whose functions (checkpoint, data, ...) answer short questions."""

    def about(self, data: Any) -> dict[str, Any]:
        """Return what a saved run must know of its data to be used without them."""

    def from_about(self, about: Any) -> Data:
        """Return data that hold the vocabulary and nothing to learn from.

        Raises:
            ValueError, TypeError, KeyError: `about` did not come from a saved run.
        """

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a sample that came from a file; errors as for `from_about`."""


class LanguageKind:
    """Language models."""

    settings = Settings

    def data(self, stored: bytes) -> Data:
        """Read a corpus."""
        from lab.text.corpus import Corpus

        return Corpus.from_bytes(stored)

    def task(self, settings: Settings, data: Any) -> Any:
        """Return the task of predicting the next token."""
        from lab.training.language import LanguageTask

        return LanguageTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a language model answers."""
        from lab.training import questions

        return questions

    def about(self, data: Any) -> dict[str, Any]:
        """Return the tokenizer of a corpus."""
        return {
            "name": data.name,
            "tokenizer": data.tokenizer.to_json(),
            "characters_per_token": data.characters_per_token,
        }

    def from_about(self, about: Any) -> Data:
        """Return a corpus with a tokenizer and no text."""
        from lab.text import Corpus, tokenizer_from_json

        ratio = number(about["characters_per_token"])
        if ratio is None or not ratio > 0:
            raise ValueError("characters_per_token")
        tokenizer = tokenizer_from_json(about["tokenizer"])
        return Corpus.without_text(str(about["name"])[:60], tokenizer, ratio)

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a piece of text that a model wrote."""
        tokens = [str(token) for token in sample["tokens"]][:5_000]
        return {
            "step": int(sample["step"]),
            "prompt": str(sample["prompt"]),
            "text": str(sample["text"]),
            "tokens": tokens,
            "ids": [],
            "probabilities": [number(p) for p in sample["probabilities"]][: len(tokens)],
            "alternatives": [
                [[str(token), number(p)] for token, p in row][:8] for row in sample["alternatives"]
            ][: len(tokens)],
            "temperature": number(sample["temperature"]),
            "top_k": None if sample.get("top_k") is None else int(sample["top_k"]),
        }


def number(value: Any) -> float | int | None:
    """Return a number that came from a file, or None.

    Raises:
        ValueError: it is something else, or not finite.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e18:
        raise ValueError(value)
    return value


KIND = LanguageKind()
