"""The questions that a picture classifier answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from lab.models.choices import SIDE
from lab.seq2seq.scenes import SceneCorpus, SceneError, scene_from_words
from lab.training.checkpoint import rebuild, unpack
from lab.vision.labels import LABELS, object_places
from lab.vision.settings import VisionSettings
from lab.vision.task import build, look_at

_ODD = f"The picture must have {SIDE} x {SIDE} pixels of red, green and blue from 0 to 255."


def load(checkpoint: bytes, corpus: SceneCorpus | None = None) -> nn.Module:
    """Rebuild the network of a checkpoint, ready to look.

    Raises:
        CheckpointError: the checkpoint is damaged.
    """
    return _opened(checkpoint)[0]


def _opened(checkpoint: bytes) -> tuple[nn.Module, VisionSettings]:
    state = unpack(checkpoint, VisionSettings)
    return rebuild(state, lambda: build(state.settings)), state.settings


def look(
    checkpoint: bytes,
    corpus: SceneCorpus,
    scene: int | None = None,
    groups: list[list[Any]] | None = None,
    relation: str | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Look at a held-out scene, or at one that a student composed.

    Args:
        checkpoint: of the run.
        corpus: of the run.
        scene: number of a held-out scene, or None for the following.
        groups, relation, seed: see `lab.seq2seq.scenes.scene_from_words`.

    Returns:
        As `look_at_upload`, and "right", the right class, and "region" (n * n) bool, the places
        that touch what the answer is about.

    Raises:
        SceneError: there is no such scene.
    """
    model, settings = _opened(checkpoint)
    if scene is None:
        shown = scene_from_words([tuple(group) for group in groups or []], relation, seed)
    elif 0 <= scene < len(corpus.held_out):
        shown = corpus.held_out[scene]
    else:
        raise SceneError(
            f"There are {len(corpus.held_out)} held-out scenes: choose a smaller number."
        )
    return {
        **_looked(model, settings, shown.image),
        "right": LABELS[settings.what].answer(shown.caption),
        "region": object_places(shown, settings.what, settings.grid),
    }


def look_at_upload(
    checkpoint: bytes, corpus: SceneCorpus, pixels: list[list[list[int]]]
) -> dict[str, Any]:
    """Look at any picture.

    Args:
        checkpoint: of the run.
        corpus: of the run.
        pixels: 48 rows of 48 pixels of red, green and blue, 0 to 255.

    Returns:
        "classes" (K) and "probabilities" (K); "grid", n places a side; "layers", a list of
        (nh, T, T) float16, and the pooling's (1, 1, T) last.

    Raises:
        ValueError: the pixels are something else.
    """
    try:
        image = np.array(pixels)
    except ValueError:
        raise ValueError(_ODD) from None
    if image.shape != (SIDE, SIDE, 3) or image.dtype.kind != "i":
        raise ValueError(_ODD)
    if image.min() < 0 or image.max() > 255:
        raise ValueError(_ODD)
    return _looked(*_opened(checkpoint), image.astype(np.uint8))


def _looked(model: nn.Module, settings: VisionSettings, image: np.ndarray) -> dict[str, Any]:
    probabilities, looks = look_at(model, image[None])
    return {
        "classes": list(LABELS[settings.what].classes),
        "probabilities": [round(p, 4) for p in probabilities[0].tolist()],
        "grid": settings.grid,
        # Half a megabyte at most; three digits are more than a picture shows.
        "layers": [layer.astype(np.float16) for layer in looks[0]],
    }
