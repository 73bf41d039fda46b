"""Sentence classifiers as a kind of run: what queue, workers and saved files need. No torch."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from lab.classify.settings import ClassifySettings
from lab.classify.texts import MOST_CLASSES, Examples, Labelled
from lab.training.kind import Kind, Share, Token

if TYPE_CHECKING:
    from lab.classify.task import ClassifyTask

_MOST = 10  # texts of a sample in a file


class VerdictsShown(msgspec.Struct):
    """What a classifier said of a few texts; see `lab.classify.task.Verdicts`."""

    step: int
    texts: Annotated[list[Token], Meta(max_length=_MOST)]
    right: list[Annotated[int, Meta(ge=0)] | None]
    probabilities: list[Annotated[list[Share], Meta(min_length=2, max_length=MOST_CLASSES)]]

    def __post_init__(self) -> None:
        if not len(self.texts) == len(self.right) == len(self.probabilities):
            raise ValueError("texts")
        sizes = {len(row) for row in self.probabilities}
        if len(sizes) > 1 or any(n is not None and n >= max(sizes) for n in self.right):
            raise ValueError("classes")


class ClassifyKind(Kind[ClassifySettings, Labelled]):
    """Sentence classifiers; see `lab.training.kind.Kind`."""

    settings = ClassifySettings
    shown = VerdictsShown

    def data(self, stored: bytes) -> Labelled:
        """Read labelled texts."""
        return Labelled.from_bytes(stored)

    def task(self, settings: ClassifySettings, data: Labelled) -> ClassifyTask:
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


KIND = ClassifyKind()
