"""Picture classifiers as a kind of run: what queue, workers and saved files need of them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from lab.seq2seq.caption_kind import CaptionKind
from lab.seq2seq.kind import share
from lab.seq2seq.scenes import SceneCorpus
from lab.vision.settings import VisionSettings

_MOST = 200  # places or classes in a file


class VisionKind(CaptionKind):
    """Picture classifiers: their scenes are those of captioners; see `lab.training.kind.Kind`."""

    settings = VisionSettings

    def task(self, settings: VisionSettings, data: SceneCorpus) -> Any:
        """Return the task of classifying scenes."""
        from lab.vision.task import VisionTask

        return VisionTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a classifier answers."""
        from lab.vision import questions

        return questions

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a look at a scene that came from a file."""
        probabilities, read, rolled = (
            [share(value) for value in sample[name]] for name in ("probabilities", "read", "rolled")
        )
        side = round(len(read) ** 0.5)
        if not 0 < len(read) == len(rolled) == side * side <= _MOST:
            raise ValueError("places")
        if not 0 <= int(sample["right"]) < len(probabilities) <= _MOST:
            raise ValueError("classes")
        return {
            "step": int(sample["step"]),
            "scene": int(sample["scene"]),
            "probabilities": probabilities,
            "right": int(sample["right"]),
            "read": read,
            "rolled": rolled,
        }


KIND = VisionKind()
