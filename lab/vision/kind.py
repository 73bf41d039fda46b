"""Picture classifiers as a kind of run: what queue, workers and saved files need of them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from lab.seq2seq.caption_kind import SceneKind
from lab.seq2seq.scenes import SceneCorpus
from lab.training.kind import Share
from lab.vision.settings import VisionSettings

if TYPE_CHECKING:
    from lab.vision.task import VisionTask

_MOST = 200  # places or classes in a file


class VisionShown(msgspec.Struct):
    """A look at a scene; see `lab.vision.task.VisionSample`."""

    step: int
    scene: int
    probabilities: Annotated[list[Share], Meta(max_length=_MOST)]
    right: Annotated[int, Meta(ge=0)]
    read: Annotated[list[Share], Meta(min_length=1, max_length=_MOST)]
    rolled: list[Share]

    def __post_init__(self) -> None:
        side = round(len(self.read) ** 0.5)
        if not len(self.read) == len(self.rolled) == side * side:
            raise ValueError("places")
        if self.right >= len(self.probabilities):
            raise ValueError("classes")


class VisionKind(SceneKind[VisionSettings]):
    """Picture classifiers; see `lab.training.kind.Kind`."""

    shown = VisionShown
    settings = VisionSettings

    def task(self, settings: VisionSettings, data: SceneCorpus) -> VisionTask:
        """Return the task of classifying scenes."""
        from lab.vision.task import VisionTask

        return VisionTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a classifier answers."""
        from lab.vision import questions

        return questions


KIND = VisionKind()
