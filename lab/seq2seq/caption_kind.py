"""Captioners as a kind of run: what the queue, the workers and saved files need of them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from lab.seq2seq.caption_settings import CaptionSettings
from lab.seq2seq.scenes import SceneCorpus, load_scenes
from lab.training.kind import Kind, S, Share

if TYPE_CHECKING:
    from lab.seq2seq.captioning import CaptionTask

Word = Annotated[str, Meta(max_length=40)]


class ShownCaption(msgspec.Struct):
    """A caption and where the model looked; see `lab.seq2seq.captioning.Caption`."""

    words: list[Word]
    weights: list[list[Share]] | None
    probabilities: list[Share]
    reference: list[Word]

    def __post_init__(self) -> None:
        if self.weights is not None:
            places = {len(row) for row in self.weights}
            if (
                len(self.weights) != len(self.words)
                or len(places) > 1
                or max(places, default=0) > 400
            ):
                raise ValueError("weights")


class CaptionShown(msgspec.Struct):
    """What a captioner could do at a step; see `lab.seq2seq.captioning.CaptionSample`."""

    step: int
    scene: int
    shown: ShownCaption
    examples: Annotated[list[tuple[str, str]], Meta(max_length=10)]


class SceneKind(Kind[S, SceneCorpus]):
    """What learns from drawn scenes: they are known by their recipe."""

    def data(self, stored: bytes) -> SceneCorpus:
        """Draw the scenes of a recipe."""
        return SceneCorpus.from_bytes(stored)

    def about(self, data: SceneCorpus) -> dict[str, Any]:
        """Return the recipe of the scenes: they can be drawn again from it."""
        return {"name": data.name, "count": data.count, "seed": data.seed}

    def from_about(self, about: Any) -> SceneCorpus:
        """Return the scenes."""
        count, seed = about["count"], about["seed"]
        if type(count) is not int or type(seed) is not int:
            raise TypeError("recipe")
        return load_scenes(count, seed)


class CaptionKind(SceneKind[CaptionSettings]):
    """Captioners; see `lab.training.kind.Kind`."""

    settings = CaptionSettings
    shown = CaptionShown

    def task(self, settings: CaptionSettings, data: SceneCorpus) -> CaptionTask:
        """Return the task of describing scenes."""
        from lab.seq2seq.captioning import CaptionTask

        return CaptionTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a captioner answers."""
        from lab.seq2seq import captioning

        return captioning


KIND = CaptionKind()
