"""Short questions that a page asks a worker about a fine-tuned crop network."""

from __future__ import annotations

from typing import Any

from lab.crops.network.data import CropData, Place
from lab.crops.network.layers import widths
from lab.crops.network.net import probabilities
from lab.crops.network.settings import CropSettings
from lab.models.recurrent_unet import RecurrentUNet
from lab.training.checkpoint import rebuild, unpack


def load(checkpoint: bytes, data: CropData | None = None) -> RecurrentUNet:
    """Rebuild the network of a checkpoint, ready to be used.

    Raises:
        CheckpointError: the checkpoint is damaged.
    """
    state = unpack(checkpoint, CropSettings)
    settings = state.settings
    return rebuild(state, lambda: RecurrentUNet(len(settings.bands), widths(settings.width)))


def maps(
    checkpoint: bytes,
    data: CropData | None,
    region: str | None = None,
    seed: int = 0,
    size: int = 256,
    acquisitions: int | None = None,
) -> dict[str, Any]:
    """Return the map of a scene.

    Args:
        checkpoint, data: of the run; the data is needed where no region is named.
        region: a key, or the JSON of a region of one's own; None for the first scene that the run
            learned from.
        seed, size, acquisitions: of the scene (`lab.crops.scenes.scene.scene`).

    Returns:
        "probability" (H, W) float32, and "truth" (H, W) uint8.

    Raises:
        ValueError: there is no such scene, or no scene at all, as with own data from a file.
    """
    model = load(checkpoint)
    if region is not None:
        stack = Place.of(
            {"region": region, "seed": seed, "size": size, "acquisitions": acquisitions}
        ).stack()
    elif data is not None and (data.own is not None or data.train):
        stack = data.stacks()[0]
    else:
        raise ValueError("The scene of this run is not here: it came from a file.")
    return {"probability": probabilities(model, stack), "truth": stack.truth}
