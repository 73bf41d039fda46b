"""The network at work: what it reads, what is frozen, Eq. 3, weights from files, maps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors import torch as safetensors
from torch import Tensor, nn

from lab.crops.network.layers import trains, widths
from lab.crops.network.settings import WEIGHTS
from lab.crops.stack import BANDS, CropError, Stack
from lab.models.recurrent_unet import RecurrentUNet

# A season's backscatter lies around these, in dB; after scaling most of it is between -2 and 2.
# VH and VV are centred apart, so that a filter that learned VH finds something like it in VV.
CENTRE = {"VH": -17.5, "VV": -11.5}
SPREAD = 4.0
FIRST = "encoder.0.conv.weight"  # (c, P, 3, 3), the only weight that sees the channels
TILE, MARGIN = 512, 80  # pixels; what is predicted at once, and what is read beyond its edges


def scale(values: np.ndarray, bands: tuple[str, ...] | None = None) -> np.ndarray:
    """Return backscatter as the network reads it: (dB - centre of the band) / 4 dB.

    Args:
        values: (P, T, H, W) dB; NaN, where there is no data, becomes 0, the centre.
        bands: P of "VH", "VV"; None for the first P of them.

    Returns:
        (T, P, H, W) float32.
    """
    bands = BANDS[: len(values)] if bands is None else bands
    centres = np.array([CENTRE[band] for band in bands], np.float32)[:, None, None, None]
    scaled = (np.asarray(values, np.float32) - centres) / np.float32(SPREAD)
    scaled = np.nan_to_num(scaled, nan=0.0, posinf=0.0, neginf=0.0)
    return np.ascontiguousarray(scaled.swapaxes(0, 1))


def add_channel(state: dict[str, Tensor], copies: int = 2) -> dict[str, Tensor]:
    """Return weights for images of several channels from weights for one.

    The first layer's weights are copied for each channel and divided by their number; its bias
    stays. Where all channels carry the same image every activation is what it was.

    Args:
        state: `RecurrentUNet.state_dict()` of a network with one channel.
        copies: channels of the new one.

    Raises:
        CropError: the weights already have several.

    Source: Jo et al. 2022, equation 3.
    """
    first = state[FIRST]
    if first.shape[1] != 1:
        raise CropError(f"These weights read {first.shape[1]} channels already.")
    return {**state, FIRST: first.repeat(1, copies, 1, 1) / copies}


def freeze(model: nn.Module, method: str) -> nn.Module:
    """Let a method train its part of a network, and nothing else; return the network.

    A frozen weight has no gradient, so the optimiser neither moves nor decays it; where the whole
    way down is frozen, nothing is kept for a gradient there and dropout is off.

    Args:
        model: a `RecurrentUNet`.
        method: a key of `lab.crops.network.layers.METHODS`.
    """
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(trains(method, name))
    return model.train(model.training)


def save(model: RecurrentUNet, name: str, about: dict, folder: Path = WEIGHTS) -> Path:
    """Write weights in half precision, and beside them a JSON of the network's shape.

    Args:
        model: to keep.
        name: of the files.
        about: what else to write into the JSON.
        folder: is made if needed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {n: t.detach().half().contiguous() for n, t in model.state_dict().items()}
    path = folder / f"{name}.safetensors"
    path.write_bytes(safetensors.save(weights, metadata={"format": "pt"}))
    shape = {"channels": model.channels, "widths": list(model.widths), "images": model.images}
    text = json.dumps({**shape, **about}, indent=2, allow_nan=False)
    (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    return path


def load(weights: str = "korea", folder: Path = WEIGHTS) -> RecurrentUNet:
    """Return a network with weights of the project, in float32, ready to be used.

    Args:
        weights: "korea", pre-trained, or "spain", that one fine-tuned.
        folder: of the files.

    Raises:
        CropError: there are no such weights.
    """
    path = folder / f"{weights}.safetensors"
    if not weights.isidentifier() or not path.exists():
        raise CropError(f"There are no weights called {weights[:40]!r}.")
    about = json.loads((folder / f"{weights}.json").read_text(encoding="utf-8"))
    with torch.device("meta"):
        model = RecurrentUNet(about["channels"], tuple(about["widths"]), images=about["images"])
    state = {name: tensor.float() for name, tensor in safetensors.load_file(path).items()}
    model.load_state_dict(state, assign=True)
    return model.requires_grad_(False).eval()


def begin(
    method: str, start: str, width: int, channels: int, dropout: float = 0.0
) -> RecurrentUNet:
    """Return the network that a run begins with, its frozen part frozen.

    On the device "meta" (somebody brings the weights, and wants shapes only) nothing is read.

    Args:
        method: a key of `METHODS`; "RI" draws its weights from torch's generator.
        start: weights for the others.
        width: channels of the first level.
        channels: 1 or 2; weights with one channel become two by Eq. 3.
        dropout: while training.
    """
    model = RecurrentUNet(channels, widths(width), dropout)
    if method != "RI" and not next(model.parameters()).is_meta:
        known = load(start)
        state = known.state_dict()
        model.load_state_dict(state if known.channels == channels else add_channel(state, channels))
    return freeze(model, method)


@torch.no_grad()
def probabilities(model: RecurrentUNet, stack: Stack, tile: int = TILE) -> np.ndarray:
    """Return the probability of the crop in each pixel, (H, W) float32.

    A scene larger than a tile is predicted tile by tile, each with a margin that is read and
    thrown away. A pixel without data gets a number too: `Stack.valid` tells which those are.

    Args:
        model: of one channel, which reads VH, or of two, VH and VV.
        stack: with these bands, of any size.
        tile: pixels a side, a multiple of 16.

    Raises:
        CropError: the stack lacks a band, or has another number of composites.
    """
    stack = stack.take(BANDS[: model.channels])
    if len(stack.periods) != model.images:
        raise CropError(
            f"The network reads {model.images} composites, and {stack.name} has "
            f"{len(stack.periods)}."
        )
    device = next(model.parameters()).device
    training = model.training
    model.eval()
    found = np.empty(stack.shape, np.float32)
    for read, inner, place in _windows(stack.shape, tile):
        values = scale(stack.values[:, :, read[0], read[1]], stack.bands)
        logits = model(torch.from_numpy(_padded(values, model.side))[None].to(device))
        found[place] = torch.sigmoid(logits[0].float()).cpu().numpy()[inner]
    model.train(training)
    return found


def _padded(values: np.ndarray, side: int) -> np.ndarray:
    # Beyond the scene its last row and column go on, up to a multiple of 16.
    more = [(0, -size % side) for size in values.shape[2:]]
    return np.pad(values, [(0, 0), (0, 0), *more], mode="edge") if any(map(any, more)) else values


def _windows(shape: tuple[int, int], tile: int) -> Iterator[tuple[tuple, tuple, tuple]]:
    """Yield what is read of a scene, what of that is kept, and where it belongs (pairs of slices).

    Windows begin at multiples of 16, so that pooling falls on the same pixels in each.
    """
    for top in range(0, shape[0], tile):
        for left in range(0, shape[1], tile):
            corner, read, inner, place = (top, left), [], [], []
            for first, size in zip(corner, shape, strict=True):
                begin_, end = max(0, first - MARGIN), min(size, first + tile + MARGIN)
                last = min(size, first + tile)
                read.append(slice(begin_, end))
                inner.append(slice(first - begin_, last - begin_))
                place.append(slice(first, last))
            yield tuple(read), tuple(inner), tuple(place)
