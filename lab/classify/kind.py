"""Sentence classifiers as a kind of run: what queue, workers and saved files need. No torch."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from lab.classify.settings import ClassifySettings
from lab.classify.texts import MOST_CLASSES, Examples, Labelled
from lab.training.kind import number

_MOST = 10  # texts of a sample in a file
_LONGEST = 5_000  # characters of one


class ClassifyKind:
    """Sentence classifiers; see `lab.training.kind.Kind`."""

    settings = ClassifySettings

    def data(self, stored: bytes) -> Labelled:
        """Read labelled texts."""
        return Labelled.from_bytes(stored)

    def task(self, settings: ClassifySettings, data: Labelled) -> Any:
        """Return the task of telling the class of a text."""
        from lab.classify.task import ClassifyTask

        return ClassifyTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a classifier answers."""
        from lab.classify import questions

        return questions

    def about(self, data: Labelled) -> dict[str, Any]:
        """Return the classes."""
        return {"name": data.name, "classes": list(data.classes)}

    def from_about(self, about: Any) -> Labelled:
        """Return classes and no text."""
        classes = about["classes"]
        if not isinstance(classes, list) or not 1 < len(classes) <= MOST_CLASSES:
            raise ValueError("classes")
        if not all(isinstance(name, str) and 0 < len(name) <= 60 for name in classes):
            raise TypeError("classes")
        nothing = Examples((), ())
        return Labelled(str(about["name"])[:60], tuple(classes), nothing, nothing)

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check verdicts that came from a file."""
        texts = [str(text)[:_LONGEST] for text in sample["texts"]]
        right = [None if n is None else int(n) for n in sample["right"]]
        rows = [[_share(p) for p in row] for row in sample["probabilities"]]
        if not len(texts) == len(right) == len(rows) <= _MOST:
            raise ValueError("texts")
        sizes = {len(row) for row in rows}
        if len(sizes) > 1 or any(not 1 < size <= MOST_CLASSES for size in sizes):
            raise ValueError("classes")
        if any(n is not None and not 0 <= n < len(rows[0]) for n in right):
            raise ValueError("right")
        return {
            "step": int(sample["step"]),
            "texts": texts,
            "right": right,
            "probabilities": rows,
        }


def _share(value: Any) -> float:
    found = number(value)
    if found is None or not -0.001 <= found <= 1.001:
        raise ValueError(value)
    return found


KIND = ClassifyKind()
