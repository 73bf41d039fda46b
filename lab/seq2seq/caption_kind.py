"""Captioners as a kind of run: what the queue, the workers and saved files need of them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from lab.seq2seq.caption_settings import CaptionSettings
from lab.seq2seq.kind import share
from lab.seq2seq.scenes import SceneCorpus, load_scenes


class CaptionKind:
    """Captioners; see `lab.training.kind.Kind`."""

    settings = CaptionSettings

    def data(self, stored: bytes) -> SceneCorpus:
        """Draw the scenes of a recipe."""
        return SceneCorpus.from_bytes(stored)

    def task(self, settings: CaptionSettings, data: SceneCorpus) -> Any:
        """Return the task of describing scenes."""
        from lab.seq2seq.captioning import CaptionTask

        return CaptionTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a captioner answers."""
        from lab.seq2seq import captioning

        return captioning

    def about(self, data: SceneCorpus) -> dict[str, Any]:
        """Return the recipe of the scenes: they can be drawn again from it."""
        return {"name": data.name, "count": data.count, "seed": data.seed}

    def from_about(self, about: Any) -> SceneCorpus:
        """Return the scenes."""
        count, seed = about["count"], about["seed"]
        if type(count) is not int or type(seed) is not int:
            raise TypeError("recipe")
        return load_scenes(count, seed)

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a caption that came from a file."""
        shown = sample["shown"]
        words = [str(word)[:40] for word in shown["words"]]
        weights = shown["weights"]
        if weights is not None:
            weights = [[share(w) for w in row] for row in weights]
            places = {len(row) for row in weights}
            if len(weights) != len(words) or len(places) > 1 or max(places, default=0) > 400:
                raise ValueError("weights")
        return {
            "step": int(sample["step"]),
            "scene": int(sample["scene"]),
            "shown": {
                "words": words,
                "weights": weights,
                "probabilities": [share(p) for p in shown["probabilities"]][: len(words)],
                "reference": [str(word)[:40] for word in shown["reference"]],
            },
            "examples": [[str(part) for part in row][:2] for row in sample["examples"]][:10],
        }


KIND = CaptionKind()
