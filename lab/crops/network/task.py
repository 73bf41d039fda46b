"""Adapting the crop network to a region as a task of the one training loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from lab.crops.iou import iou, mean_iou
from lab.crops.network.batches import TEST, TILE, TRAIN, VALIDATION, Crops, Parted, parted, shots
from lab.crops.network.data import CropData, Place
from lab.crops.network.net import begin, probabilities, scale
from lab.crops.network.settings import WEIGHTS, CropSettings
from lab.crops.splits import tiles
from lab.crops.stack import UNKNOWN, CropError, Stack
from lab.models.recurrent_unet import RecurrentUNet
from lab.training.events import Evaluation, Event
from lab.training.hyperparameters import SettingsError
from lab.training.task import Task

THRESHOLD = 0.5  # from here on a pixel is called the crop: the lab's choice
LIVE = 256  # pixels a side that a look on the way takes
_SMALLEST = 1e-6  # of a probability, in the validation loss


@dataclass(frozen=True)
class CropSample:
    """What the network says of one place of the validation part at a point of its run.

    Args:
        step: optimiser step.
        top, left: first row and column of the place in the training scene.
        probability: (h, w) of the crop, at most 64 x 64, two digits.
        truth: (h, w), 1 the crop, 0 another, 255 not known.
    """

    step: int
    top: int
    left: int
    probability: list[list[float]]
    truth: list[list[int]]

    def to_dict(self) -> dict[str, Any]:
        """Return the sample as a dict that JSON can hold."""
        return asdict(self)


class Ready(NamedTuple):
    """A scene, its parts, and its values as the network reads them, (T, P, H, W)."""

    scene: Parted
    values: np.ndarray


def _ready(stack: Stack, bands: tuple[str, ...]) -> Ready:
    stack = stack.take(bands)
    return Ready(parted(stack), scale(stack.values, bands))


@lru_cache(maxsize=4)
def _learned_from(data: CropData, bands: tuple[str, ...]) -> tuple[Ready, ...]:
    # Slices of a run come one after another: what they learn from is made once.
    return tuple(_ready(stack, bands) for stack in data.stacks())


@lru_cache(maxsize=8)
def tested_on(place: Place) -> Parted:
    """Return a scene with its parts."""
    return parted(place.stack())


def judge(key: str, scene: Parted, probability: np.ndarray) -> dict[str, float]:
    """Return {"iou_KEY", "tiles_KEY"}: IoU of the crop in the test part, and its mean over tiles.

    A field is counted to the tile of its centroid: else a strip of it that sticks out into the next
    tile would weigh as much as a whole one.

    Args:
        key: of the region.
        scene: to be judged on.
        probability: (H, W) of the crop; NaN is left out.
    """
    truth = np.where((scene.part == TEST) & np.isfinite(probability), scene.truth, UNKNOWN)
    said = probability >= THRESHOLD
    return {
        f"iou_{key}": iou(truth, said),
        f"tiles_{key}": mean_iou(truth, said, scene.home),
    }


class CropTask(Task[CropSettings, CropData, RecurrentUNet]):
    """Tell the crop from other things in each pixel.

    Args:
        settings: of the run.
        data: scenes to learn from and to be tested on.

    Raises:
        SettingsError: a scene cannot be, has no labels to learn from, or lacks a band.
    """

    settings_class = CropSettings
    chance = True  # dropout

    def __init__(self, settings: CropSettings, data: CropData):
        super().__init__(settings, data)
        if settings.model != "RI" and not (WEIGHTS / f"{settings.start}.safetensors").exists():
            raise SettingsError(f"There are no weights called {settings.start!r} here.")
        if not data.train and data.own is None:
            raise SettingsError("The scene of this run is not here any more: choose it again.")
        try:
            self.scenes = _learned_from(data, settings.bands)
            self.truths = [ready.scene.truth for ready in self.scenes]
            self.masks = [
                shots(ready.scene, settings.shots, settings.seed) for ready in self.scenes
            ]
            self.crops = Crops(
                self.truths, self.masks, settings.patch, settings.batch, settings.seed
            )
        except CropError as error:
            raise SettingsError(str(error)) from None
        self._place = _watched(self.scenes[0].scene)
        self._live = _around(self.scenes[0].scene, self._place)

    def build(self) -> RecurrentUNet:
        """Build the network that the run begins with, its frozen part frozen."""
        s = self.settings
        return begin(s.model, s.start, s.width, len(s.bands), s.dropout)

    def batch(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return x (B, T, P, h, w), y (B, h, w) 1 or 0, and the mask (B, h, w) of known pixels."""
        cuts = self.crops.cuts(step)
        arrays = (
            self.crops.take([ready.values for ready in self.scenes], cuts),
            self.crops.take(self.truths, cuts) == 1,
            self.crops.take(self.masks, cuts),
        )
        return tuple(torch.from_numpy(a.astype(np.float32)).to(self.device) for a in arrays)

    def loss(self, model: RecurrentUNet, batch: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """Return the mean binary cross-entropy in nats per labelled pixel."""
        x, y, mask = batch
        losses = F.binary_cross_entropy_with_logits(model(x).float(), y, reduction="none")
        loss = (losses * mask).sum() / mask.sum()
        # The loop asks for a gradient, also where nothing is trained.
        return loss if loss.requires_grad else loss.requires_grad_()

    @torch.no_grad()
    def evaluate(self, model: RecurrentUNet, whole: bool) -> Evaluation:
        """Return the validation loss in nats per pixel, and IoU of the crop.

        "iou" is that of the validation part; on the way of the first scene only, and of at most
        256 x 256 pixels around the watched place. At the end there are, for each region KEY that
        is tested on, "iou_KEY" and "tiles_KEY" (`judge`). What has no such pixel is left out.
        """
        loss, count, truths, said = 0.0, 0, [], []
        for scene in [ready.scene for ready in self.scenes] if whole else [self._live]:
            p = probabilities(model, scene.stack)
            known = scene.labelled(VALIDATION)
            truth, p = scene.truth[known], p[known]
            right = np.clip(np.where(truth == 1, p, 1 - p), _SMALLEST, 1)
            loss, count = loss - float(np.log(right, dtype=np.float64).sum()), count + len(p)
            truths.append(truth)
            said.append(p >= THRESHOLD)
        metrics = {"iou": iou(np.concatenate(truths)[None], np.concatenate(said)[None])}
        for key, scene in self._tests() if whole else ():
            metrics |= judge(key, scene, probabilities(model, scene.stack))
        metrics = {name: float(value) for name, value in metrics.items() if np.isfinite(value)}
        return Evaluation(loss / max(count, 1), metrics)

    def _tests(self) -> Iterator[tuple[str, Parted]]:
        for place in self.data.tests:
            yield place.key, tested_on(place)
        if self.data.own is not None:
            yield "own", self.scenes[0].scene

    @torch.no_grad()
    def sample(self, model: RecurrentUNet, step: int, live: dict[str, Any]) -> CropSample:
        """Draw the watched place."""
        (top, left), ready = self._place, self.scenes[0]
        window = (slice(top, top + TILE), slice(left, left + TILE))
        cut = ready.values[:, :, window[0], window[1]]
        cut = cut[:, :, : cut.shape[2] // 16 * 16, : cut.shape[3] // 16 * 16]
        logits = model(torch.from_numpy(cut.copy())[None].to(self.device))[0].float()
        p = torch.sigmoid(logits).cpu().numpy().astype(float)
        truth = ready.scene.truth[window][: p.shape[0], : p.shape[1]]
        return CropSample(step, top, left, p.round(2).tolist(), truth.tolist())


def _watched(scene: Parted) -> tuple[int, int]:
    """Return top and left of the tile with the most validation pixels of crop and of others."""
    known, tile = scene.labelled(VALIDATION), tiles(scene.truth.shape, TILE)
    size = int(tile.max()) + 1
    crop, other = (
        np.bincount(tile[known & (scene.truth == value)], minlength=size) for value in (1, 0)
    )
    rows, columns = np.nonzero(tile == int(np.argmax(np.minimum(crop, other))))
    return int(rows.min()), int(columns.min())


def _around(scene: Parted, place: tuple[int, int]) -> Parted:
    """Return the part of a scene around a place that is looked at on the way."""
    rows, columns = (
        slice(first := max(0, min(at - (LIVE - TILE) // 2, size - LIVE)), first + LIVE)
        for at, size in zip(place, scene.truth.shape, strict=True)
    )
    stack = replace(
        scene.stack, values=scene.stack.values[:, :, rows, columns], labels=None, parcels=None
    )
    arrays = (scene.truth, scene.part, scene.home)
    return Parted(stack, *(array[rows, columns] for array in arrays))


def train(model: str = "FT", data: CropData | str = "spain", **options: Any) -> Iterator[Event]:
    """Adapt the network to a region, and tell on the way how it goes.

    Args:
        model: the method, a key of `lab.crops.network.layers.METHODS`.
        data: what to learn from, or the key of a region.
        options: fields of `CropSettings`, and what `lab.training.task.Task.run` takes.

    Raises:
        SettingsError, CropError, CheckpointError: at once, before anything is trained.
        Diverged: on the way.
    """
    data = CropData.of(data) if isinstance(data, str) else data
    return CropTask.run(data, model, **options)


__all__ = ["THRESHOLD", "TRAIN", "CropSample", "CropTask", "train"]
