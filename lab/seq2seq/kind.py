"""Translators as a kind of run: what the queue, the workers and saved files need of them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from lab.models.tokens import SPECIALS
from lab.seq2seq.pairs import PairCorpus
from lab.seq2seq.settings import TranslationSettings
from lab.training.kind import Kind, Share, Token

if TYPE_CHECKING:
    from lab.seq2seq.translation import TranslationTask

_LARGEST_VOCABULARY = 20_000


class ShownTranslation(msgspec.Struct):
    """One sentence and what became of it; see `lab.seq2seq.translation.Translation`."""

    source: list[Token]
    target: list[Token]
    weights: list[list[Share]] | None
    probabilities: list[Share]
    reference: list[str] | None = None
    unknown: list[str] | None = None

    def __post_init__(self) -> None:
        self.unknown = self.unknown or []
        if self.weights is not None:
            lengths = [len(row) for row in self.weights]
            if lengths != [len(self.source)] * len(self.target):
                raise ValueError("weights")


class TranslationShown(msgspec.Struct):
    """What a translator could do at a step; see `lab.seq2seq.translation.TranslationSample`."""

    step: int
    shown: ShownTranslation
    examples: Annotated[list[tuple[str, str, str]], Meta(max_length=10)]


class TranslationKind(Kind[TranslationSettings, PairCorpus]):
    """Translators; see `lab.training.kind.Kind`."""

    settings = TranslationSettings
    shown = TranslationShown

    def data(self, stored: bytes) -> PairCorpus:
        """Read pairs."""
        return PairCorpus.from_bytes(stored)

    def task(self, settings: TranslationSettings, data: PairCorpus) -> TranslationTask:
        """Return the task of translating."""
        from lab.seq2seq.translation import TranslationTask

        return TranslationTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a translator answers."""
        from lab.seq2seq import questions

        return questions

    def about(self, data: PairCorpus) -> dict[str, Any]:
        """Return the vocabularies."""
        return {
            "name": data.name,
            "units": [data.unit, data.target_unit],
            "source": list(data.source_vocabulary),
            "target": list(data.target_vocabulary),
        }

    def from_about(self, about: Any) -> PairCorpus:
        """Return pairs with vocabularies, and nothing to learn from."""
        unit, target_unit = about["units"]
        if {unit, target_unit} - {"character", "word"}:
            raise ValueError("units")
        vocabularies = [tuple(map(str, about[side])) for side in ("source", "target")]
        for words in vocabularies:
            if words[: len(SPECIALS)] != SPECIALS or len(words) > _LARGEST_VOCABULARY:
                raise ValueError("vocabulary")
        return PairCorpus(str(about["name"])[:60], unit, target_unit, *vocabularies, (), ())


KIND = TranslationKind()
