"""Classifying drawn scenes as a task of the training loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from lab.models.vision import AttentionCNN, VisionTransformer
from lab.seq2seq.scenes import SceneCorpus, Scenes, load_scenes, scene_number
from lab.training.events import Evaluation, Event
from lab.training.task import Task
from lab.vision.labels import LABELS, answers, object_places
from lab.vision.looking import read_by_head, rolled_out, share_on
from lab.vision.settings import VisionSettings

LIVE_EVALUATION = 100  # held-out scenes that a look on the way takes, and every look at attention
_AT_ONCE = 100

Classifier = VisionTransformer | AttentionCNN


@dataclass(frozen=True)
class VisionSample:
    """What a classifier says of one held-out scene at a point of its run.

    Args:
        step: optimiser step.
        scene: number of the held-out scene.
        probabilities: (K) of the classes.
        right: number of the right class.
        read: (S) how much the answer took from each place (`lab.vision.looking.read_by_head`).
        rolled: (S) the same through all layers (`rolled_out`).
    """

    step: int
    scene: int
    probabilities: list[float]
    right: int
    read: list[float]
    rolled: list[float]

    def to_dict(self) -> dict[str, Any]:
        """Return the sample as a dict that JSON can hold."""
        return asdict(self)


def build(settings: VisionSettings) -> Classifier:
    """Build the network that settings describe, with fresh random weights."""
    s, classes = settings, len(LABELS[settings.what].classes)
    if s.model == "vit":
        return VisionTransformer(classes, s.patch, s.width, s.layers, s.heads)
    return AttentionCNN(classes, s.patch, s.width, s.pool)


def look_at(model: Classifier, images: np.ndarray) -> tuple[np.ndarray, list[list[np.ndarray]]]:
    """Look at pictures (N, 48, 48, 3) uint8.

    Returns:
        Probabilities (N, K), and for each picture the weights of its layers, (nh, T, T) each.
    """
    device = next(model.parameters()).device
    with torch.no_grad():
        logits, layers = model.look(torch.from_numpy(images).to(device))
    each = [layer.float().cpu().numpy() for layer in layers]
    looks = [[layer[number] for layer in each] for number in range(len(images))]
    return torch.softmax(logits.float(), 1).cpu().numpy(), looks


class VisionTask(Task[VisionSettings, SceneCorpus, Classifier]):
    """Tell one thing of a scene.

    Args:
        settings: of the run.
        corpus: the scenes.

    Raises:
        SettingsError: the scene to watch is none of the corpus.
    """

    settings_class = VisionSettings

    def __init__(self, settings: VisionSettings, corpus: SceneCorpus):
        super().__init__(settings, corpus)
        scene_number(corpus, settings.prompt)

    def build(self) -> Classifier:
        """Build the network with fresh random weights from torch's generator."""
        return build(self.settings)

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """Return images (B, 48, 48, 3) uint8 and the right classes (B)."""
        return self._rows("train", self.drawn(step, len(self.data.train)))

    def _rows(self, part: str, rows: np.ndarray) -> tuple[Tensor, Tensor]:
        scenes: Scenes = getattr(self.data, part)
        arrays = scenes.images[rows], answers(self.data, part, self.settings.what)[rows]
        return tuple(torch.from_numpy(array).to(self.device) for array in arrays)

    def loss(self, model: Classifier, batch: tuple[Tensor, Tensor]) -> Tensor:
        """Return the mean cross-entropy in nats per scene."""
        images, right = batch
        return F.cross_entropy(model(images).float(), right)

    @torch.no_grad()
    def evaluate(self, model: Classifier, whole: bool) -> Evaluation:
        """Return the validation loss, the accuracy, and how much attention is on the object.

        "object" is the share of attention on the places of `object_places` (`read_by_head`),
        "rollout" that of `rolled_out`, and "area" what both would be if every place got the same;
        means over the first scenes.
        """
        scenes = self.data.held_out
        rows = np.arange(len(scenes) if whole else min(len(scenes), LIVE_EVALUATION))
        loss = right = 0.0
        for first in range(0, len(rows), _AT_ONCE):
            images, classes = self._rows("held_out", rows[first : first + _AT_ONCE])
            logits = model(images).float()
            loss += F.cross_entropy(logits, classes, reduction="sum").item()
            right += (logits.argmax(1) == classes).sum().item()
        metrics = {"accuracy": right / len(rows), **self._attention(model)}
        return Evaluation(loss / len(rows), metrics)

    def _attention(self, model: Classifier) -> dict[str, float]:
        scenes, grid = self.data.held_out, self.settings.grid
        count = min(len(scenes), LIVE_EVALUATION)
        _, looks = look_at(model, scenes.images[:count])
        shares = []
        for number, layers in enumerate(looks):
            region = object_places(scenes[number], self.settings.what, grid)
            read, rolled = read_by_head(layers, grid), rolled_out(layers, grid)
            shares.append((share_on(read, region), share_on(rolled, region), region.mean()))
        names = ("object", "rollout", "area")
        return dict(zip(names, np.mean(shares, 0).tolist(), strict=True))

    def sample(self, model: Classifier, step: int, live: dict[str, Any]) -> VisionSample:
        """Look at the watched scene."""
        number = scene_number(self.data, live.get("prompt") or self.settings.prompt)
        probabilities, looks = look_at(model, self.data.held_out.images[number : number + 1])
        grid = self.settings.grid
        read, rolled = read_by_head(looks[0], grid), rolled_out(looks[0], grid)
        return VisionSample(
            step,
            number,
            [round(p, 4) for p in probabilities[0].tolist()],
            int(answers(self.data, "held_out", self.settings.what)[number]),
            [round(w, 4) for w in read.tolist()],
            [round(w, 4) for w in rolled.tolist()],
        )


def train(model: str = "vit", scenes: SceneCorpus | int = 6_000, **options: Any) -> Iterator[Event]:
    """Train a classifier, and tell on the way how it goes.

    Args:
        model: "vit" or "cnn".
        scenes: what to learn from, or how many of the lab's.
        options: fields of `VisionSettings`, and what `lab.training.task.Task.run` takes.

    Raises:
        SettingsError, SceneError, CheckpointError: at once, before anything is trained.
        Diverged: on the way.
    """
    corpus = load_scenes(scenes) if isinstance(scenes, int) else scenes
    return VisionTask.run(corpus, model, **options)
