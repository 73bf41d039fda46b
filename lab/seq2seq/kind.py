"""Translators as a kind of run: what the queue, the workers and saved files need of them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from lab.models.tokens import SPECIALS
from lab.seq2seq.pairs import PairCorpus
from lab.seq2seq.settings import TranslationSettings
from lab.training.kind import number

_LARGEST_VOCABULARY = 20_000


class TranslationKind:
    """Translators; see `lab.training.kind.Kind`."""

    settings = TranslationSettings

    def data(self, stored: bytes) -> PairCorpus:
        """Read pairs."""
        return PairCorpus.from_bytes(stored)

    def task(self, settings: TranslationSettings, data: PairCorpus) -> Any:
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

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a translation that came from a file."""
        shown = sample["shown"]
        source, target = (
            [str(token)[:200] for token in shown[side]] for side in ("source", "target")
        )
        weights = shown["weights"]
        if weights is not None:
            weights = [[share(w) for w in row] for row in weights]
            if len(weights) != len(target) or any(len(row) != len(source) for row in weights):
                raise ValueError("weights")
        reference = shown.get("reference")
        return {
            "step": int(sample["step"]),
            "shown": {
                "source": source,
                "target": target,
                "weights": weights,
                "probabilities": [share(p) for p in shown["probabilities"]][: len(target)],
                "reference": None if reference is None else [str(token) for token in reference],
                "unknown": [str(piece) for piece in shown.get("unknown") or []],
            },
            "examples": [[str(part) for part in row][:3] for row in sample["examples"]][:10],
        }


def share(value: Any) -> float:
    """Return a number between 0 and 1 that came from a file, rounding aside.

    Raises:
        ValueError: it is something else.
    """
    found = number(value)
    if found is None or not -0.001 <= found <= 1.001:
        raise ValueError(value)
    return found


KIND = TranslationKind()
