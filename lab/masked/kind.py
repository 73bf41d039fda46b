"""Masked models as a kind of run: what queue, workers and saved files need of them. No torch."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from lab.masked.rows import Rows
from lab.masked.settings import MaskedSettings
from lab.training.kind import Kind, Number, Token

if TYPE_CHECKING:
    from lab.masked.task import MaskedTask

_MOST = 50  # guesses of a sample in a file
_LARGEST = 60_000  # tokens of a vocabulary in a file


class GuessShown(msgspec.Struct):
    """What a model put in a blank; see `lab.masked.task.Guess`."""

    step: int
    sentence: Token
    tokens: Annotated[list[Token], Meta(max_length=_MOST)]
    probabilities: Annotated[list[Number], Meta(max_length=_MOST)]
    words: Annotated[dict[Token, Number], Meta(max_length=_MOST)] = {}


class MaskedKind(Kind[MaskedSettings, Rows]):
    """Masked models; see `lab.training.kind.Kind`."""

    settings = MaskedSettings
    shown = GuessShown

    def data(self, stored: bytes) -> Rows:
        """Read rows."""
        return Rows.from_bytes(stored)

    def task(self, settings: MaskedSettings, data: Rows) -> MaskedTask:
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


KIND = MaskedKind()
