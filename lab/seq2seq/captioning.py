"""Describing drawn scenes as a task of the training loop, and the questions a captioner answers.

Source: Xu et al. 2015, Show, Attend and Tell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lab.models.captioner import Captioner
from lab.models.tokens import END, PAD, START
from lab.seq2seq.arrays import padded
from lab.seq2seq.caption_settings import CaptionSettings
from lab.seq2seq.decoding import Decoded, greedy
from lab.seq2seq.judging import judge, pieces, summary
from lab.seq2seq.scenes import (
    SceneCorpus,
    Scenes,
    gold_links,
    load_scenes,
    scene_from_words,
    scene_number,
)
from lab.training.checkpoint import rebuild, unpack
from lab.training.events import Evaluation, Event
from lab.training.task import Task, spread

LONGEST = 12  # words of a caption
LIVE_EVALUATION = 100  # held-out scenes that a look on the way takes
_EXAMPLES = 5


@dataclass(frozen=True)
class Caption:
    """A caption of one scene, and where the model looked for each word.

    Args:
        words: T words, END included if it came to one.
        weights: (T, S) attention weights over the places of a square grid, row by row; None
            without attention.
        probabilities: (T) of each word.
        reference: the right caption.
    """

    words: list[str]
    weights: list[list[float]] | None
    probabilities: list[float]
    reference: list[str]


@dataclass(frozen=True)
class CaptionSample:
    """What a captioner can do at a point of its run.

    Args:
        step: optimiser step.
        scene: number of the held-out scene that is shown.
        shown: its caption.
        examples: (written, right) of the first held-out scenes.
    """

    step: int
    scene: int
    shown: Caption
    examples: list[tuple[str, str]]

    def to_dict(self) -> dict[str, Any]:
        """Return the sample as a dict that JSON can hold."""
        return asdict(self)


def build(settings: CaptionSettings, corpus: SceneCorpus) -> Captioner:
    """Build the network that settings describe, with fresh random weights."""
    return Captioner(len(corpus.target_vocabulary), settings.width, attention=settings.attention)


@lru_cache(maxsize=8)
def _captions(corpus: SceneCorpus, part: str) -> tuple[np.ndarray, np.ndarray]:
    # (N, T) each: what the decoder reads, and what it is to write.
    ids = [corpus.encode_target(caption) for caption in getattr(corpus, part).captions]
    return padded([[START, *row[:-1]] for row in ids]), padded(ids)


@lru_cache(maxsize=2)
def _gold(corpus: SceneCorpus, grid: int) -> np.ndarray:
    length = _captions(corpus, "held_out")[1].shape[1]
    return gold_links(corpus.held_out, grid, length)


class CaptionTask(Task[CaptionSettings, SceneCorpus, Captioner]):
    """Write the caption of a scene.

    Args:
        settings: of the run.
        corpus: the scenes.

    Raises:
        SettingsError: the scene to watch is none of the corpus.
    """

    settings_class = CaptionSettings

    def __init__(self, settings: CaptionSettings, corpus: SceneCorpus):
        super().__init__(settings, corpus)
        scene_number(corpus, settings.prompt)
        self.chance = settings.dropout > 0 or settings.attention == "hard"

    def build(self) -> Captioner:
        """Build the network with fresh random weights from torch's generator."""
        return build(self.settings, self.data)

    def batch(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return images (B, 48, 48, 3) uint8, target_in and target_out (B, T)."""
        return self._rows("train", self.drawn(step, len(self.data.train)))

    def _rows(self, part: str, rows: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        scenes: Scenes = getattr(self.data, part)
        target_in, target_out = (ids[rows] for ids in _captions(self.data, part))
        longest = (target_out != PAD).sum(1).max()
        arrays = scenes.images[rows], target_in[:, :longest], target_out[:, :longest]
        return tuple(torch.from_numpy(array).to(self.device) for array in arrays)

    def loss(self, model: Captioner, batch: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """Return what is to become small: see `Captioner.loss`."""
        return model.loss(*batch)

    @torch.no_grad()
    def evaluate(self, model: Captioner, whole: bool) -> Evaluation:
        """Return the validation loss, exact match, and how often it looks where it should."""
        count = len(self.data.held_out)
        rows = spread(count, count if whole else LIVE_EVALUATION)
        judged = []
        for some in pieces(rows):
            batch = self._rows("held_out", some)
            grid = math.isqrt(model.encode(batch[0][:1]).states.shape[1])
            gold = _gold(self.data, grid)[some]
            judged.append(judge(model, batch, gold, gold))
        loss, metrics = summary(judged)
        found = {"exact match": metrics["exact match"]}
        if "alignment accuracy" in metrics:
            found["pointing accuracy"] = metrics["alignment accuracy"]
        return Evaluation(loss, found)

    def sample(self, model: Captioner, step: int, live: dict[str, Any]) -> CaptionSample:
        """Describe the watched scene and the first held-out ones, greedily."""
        number = scene_number(self.data, live.get("prompt") or self.settings.prompt)
        chosen = [number, *range(_EXAMPLES)]
        images = torch.from_numpy(self.data.held_out.images[chosen]).to(self.device)
        first, *others = greedy(model, images, LONGEST)
        captions = self.data.held_out.captions
        examples = [
            (" ".join(_words(self.data, out)), " ".join(captions[place]))
            for place, out in enumerate(others)
        ]
        return CaptionSample(step, number, _caption(self.data, first, captions[number]), examples)


def _words(corpus: SceneCorpus, out: Decoded) -> list[str]:
    return [corpus.target_vocabulary[i] for i in out.ids if i != END]


def _caption(corpus: SceneCorpus, out: Decoded, reference: tuple[str, ...]) -> Caption:
    return Caption(
        [corpus.target_vocabulary[i] for i in out.ids],
        out.weights and [[round(w, 4) for w in row] for row in out.weights],
        [round(p, 4) for p in out.probabilities],
        list(reference),
    )


# Questions ----------------------------------------------------------------------------------


def load(checkpoint: bytes, corpus: SceneCorpus) -> Captioner:
    """Rebuild the network of a checkpoint, ready to look.

    Raises:
        CheckpointError: the checkpoint is damaged.
    """
    state = unpack(checkpoint, CaptionSettings)
    return rebuild(state, lambda: build(state.settings, corpus))


def describe(
    checkpoint: bytes,
    corpus: SceneCorpus,
    groups: list[list[Any]],
    relation: str | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Describe a scene that a student composed.

    Args:
        checkpoint: of the run.
        corpus: of the run.
        groups, relation, seed: see `lab.seq2seq.scenes.scene_from_words`.

    Returns:
        `Caption` as a dict.

    Raises:
        SceneError: there can be no such scene.
    """
    scene = scene_from_words([tuple(group) for group in groups], relation, seed)
    images = torch.from_numpy(scene.image[None])
    out = greedy(load(checkpoint, corpus), images, LONGEST)[0]
    return asdict(_caption(corpus, out, scene.caption))


def train(
    attention: str = "soft", scenes: SceneCorpus | int = 6_000, **options: Any
) -> Iterator[Event]:
    """Train a captioner, and tell on the way how it goes.

    Args:
        attention: "soft", "hard" or "none".
        scenes: what to learn from, or how many of the lab's.
        options: fields of `CaptionSettings`, and what `lab.training.task.Task.run` takes.

    Raises:
        SettingsError, SceneError, CheckpointError: at once, before anything is trained.
        Diverged: on the way.
    """
    corpus = load_scenes(scenes) if isinstance(scenes, int) else scenes
    return CaptionTask.run(corpus, attention, **options)
