"""The recurrent U-Net for large scenes: one image after the other, in a fraction of the memory.

In training all images of a season are kept at every level, because their gradients are needed. A
prediction needs the last state and the larger of each two. On the way up, a convolution of two
things side by side is the sum of two convolutions, so that they need not be copied together. The
channels of a pixel lie together in memory, which suits so few of them. The result is the same; on
one core and 672 x 672 pixels it takes less than a third of the time.
"""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.models.recurrent_unet import LEAK, Level, RecurrentUNet, Up


class Lean(nn.Module):
    """A trained network that only predicts, one season at a time.

    Args:
        network: whose weights are copied.
    """

    def __init__(self, network: RecurrentUNet):
        super().__init__()
        self.network = deepcopy(network).eval().to(memory_format=torch.channels_last)
        self.channels, self.images, self.side = network.channels, network.images, network.side

    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        """Return logits (1, H, W) for x (1, T, P, H, W), as the network itself would."""
        images = [image[None] for image in x[0]]  # T of (1, P, H, W)
        skips = []
        for level in self.network.encoder:
            skip, images = _down(level, images)
            skips.append(skip)
        x = _activate(self.network.bottleneck(torch.cat(images, 1)))
        decoder = self.network.decoder
        for level in decoder.levels:
            x = _up(level, x, skips.pop())
        return decoder.head(x)[:, 0]


def _down(level: Level, images: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
    """Return the larger states of each stage (1, T/2 c, H, W), and T states at half the size."""
    state, larger, pooled = None, [], []
    for t, image in enumerate(images):
        new = level.see(_activate(level.conv(image)))  # (1, c, H, W)
        if state is not None:
            new += level.remember(state)
        _activate(new)
        pooled.append(_halved(new))
        if t % 2:
            larger.append(torch.maximum(state, new))
        state = new
    return torch.cat(larger, 1), pooled


def _halved(x: Tensor) -> Tensor:
    """Return what max_pool2d(x, 2) does: that one also notes where each maximum was, for longer."""
    x = torch.maximum(x[..., 0::2, :], x[..., 1::2, :])
    return torch.maximum(x[..., 0::2], x[..., 1::2])


def _up(level: Up, x: Tensor, skip: Tensor) -> Tensor:
    """Return (1, c, H, W) for x (1, below, H/2, W/2) and skip (1, skip, H, W)."""
    below, weight = x.shape[1], level.first.weight
    new = F.conv2d(skip, weight[:, below:], level.first.bias, padding=1)
    x = F.interpolate(x, scale_factor=2.0, mode="nearest")
    new += F.conv2d(x, weight[:, :below], padding=1)
    return _activate(level.second(_activate(new)))


def _activate(x: Tensor) -> Tensor:
    return F.leaky_relu(x, LEAK, inplace=True)
