"""The recurrent U-Net of the crop maps: a season of radar images in, the crop's pixels out.

On the way down a small network looks at each of the images and remembers the ones before; on the
way up the size is restored, with the details that each level saw. The paper's network has 16, 32,
64 and 128 channels in its levels; the small one of the lessons has a quarter of them.

Source: Jo et al. 2022, Towards Global Crop Maps with Transfer Learning, and a public drawing of
its network by the same authors. They leave open, and the lab chose: the recurrence (`Level`), a
leaky relu everywhere, one 3 x 3 convolution as bottleneck, doubling by repeating pixels on the way
up, no normalisation, and the initial weights. Built so, it has 4.22 million parameters, as theirs.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.models.choices import SEASON

LARGE = (16, 32, 64, 128)  # channels of the four levels
SMALL = (4, 8, 16, 32)
LEAK = 0.1  # what is left of a negative activation


def activate(x: Tensor) -> Tensor:
    """Return x where it is positive, and a tenth of it elsewhere.

    With a plain relu channels of the small network fell silent for good, and after pre-training its
    deepest level said nothing any more.
    """
    return F.leaky_relu(x, LEAK)


class Level(nn.Module):
    """One level of the way down: look at each image, remember, shrink.

    The recurrence is the plainest one that is a convolution:
    h_t = f(W * x_t + U * h_(t-1) + b), with h_0 = 0. f is `activate`; W (`see`) and
    U (`remember`) are 3 x 3.

    Args:
        channels: of what comes in.
        width: c, channels of what goes out.
        dropout: probability of setting an activation to zero while training.
    """

    def __init__(self, channels: int, width: int, dropout: float):
        super().__init__()
        self.conv = nn.Conv2d(channels, width, 3, padding=1)
        self.dropout = nn.Dropout(dropout)
        self.see = nn.Conv2d(width, width, 3, padding=1)
        self.remember = nn.Conv2d(width, width, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Read a sequence of images; return all states, and the states at half the size.

        Args:
            x: (T, B, P, H, W).

        Returns:
            (T, B, c, H, W) and (T, B, c, H/2, W/2).
        """
        images = x.shape[:2]
        x = activate(self.conv(x.flatten(0, 1)))  # (T B, c, H, W): each image alone
        x = self.dropout(x).unflatten(0, images)  # (T, B, c, H, W)
        state = activate(self.see(x[0]))  # (B, c, H, W)
        states = [state]
        # W * x_t for all t in one call is no faster: with so few channels its gradient is slower.
        for image in x[1:]:
            state = activate(self.see(image) + self.remember(state))  # (B, c, H, W)
            states.append(state)
        h = torch.stack(states)  # (T, B, c, H, W)
        pooled = F.max_pool2d(h.flatten(0, 1), 2)  # (T B, c, H/2, W/2)
        return h, pooled.unflatten(0, images)


class Up(nn.Module):
    """One level of the way up: double the size, add what the way down saw there, two convolutions.

    Args:
        below: channels that come from below.
        skip: channels that come from the side.
        width: c, channels of what goes out.
    """

    def __init__(self, below: int, skip: int, width: int):
        super().__init__()
        self.first = nn.Conv2d(below + skip, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Return (B, c, H, W) for x (B, below, H/2, W/2) and skip (B, skip, H, W)."""
        x = F.interpolate(x, scale_factor=2.0, mode="nearest")  # (B, below, H, W)
        x = activate(self.first(torch.cat((x, skip), 1)))
        return activate(self.second(x))


class Decoder(nn.Module):
    """The way up: a level for each of the way down, then one number for each pixel.

    Args:
        widths: of the way down.
        stages: of growth; each has a skip of its own at every level.
    """

    def __init__(self, widths: tuple[int, ...], stages: int):
        super().__init__()
        below = [*(w for w in widths[1:]), 2 * widths[-1]]
        pairs = list(zip(below, widths, strict=True))
        self.levels = nn.ModuleList(Up(b, stages * w, w) for b, w in reversed(pairs))
        self.head = nn.Conv2d(widths[0], 1, 1)

    def forward(self, x: Tensor, skips: list[Tensor]) -> Tensor:
        """Return logits (B, H, W) for x (B, C, H/16, W/16) and the levels' skips, largest first."""
        for level, skip in zip(self.levels, reversed(skips), strict=True):
            x = level(x, skip)
        return self.head(x)[:, 0]


class RecurrentUNet(nn.Module):
    """Encoder, bottleneck, decoder.

    Where a paper freezes "the encoder", the bottleneck is counted to it here: it still reads the
    images one by one, while everything of the decoder knows stages only.

    Args:
        channels: P, of an image: 1 (VH) or 2 (VH and VV).
        widths: channels of the levels.
        dropout: on the way down.
        images: T, in a season; even, two to a stage of growth.

    Attributes:
        side: H and W must be multiples of it.
    """

    def __init__(
        self,
        channels: int = 1,
        widths: tuple[int, ...] = SMALL,
        dropout: float = 0.3,
        images: int = SEASON,
    ):
        super().__init__()
        if images % 2:
            raise ValueError(f"Two images make a stage of growth: {images} is odd.")
        self.channels, self.widths, self.images = channels, tuple(widths), images
        self.side = 2 ** len(widths)
        pairs = zip((channels, *widths[:-1]), widths, strict=True)
        self.encoder = nn.ModuleList(Level(before, width, dropout) for before, width in pairs)
        self.bottleneck = nn.Conv2d(images * widths[-1], 2 * widths[-1], 3, padding=1)
        self.decoder = Decoder(self.widths, images // 2)
        self.apply(_initialise)

    def forward(self, x: Tensor) -> Tensor:
        """Tell crop from other things.

        Args:
            x: (B, T, P, H, W) scaled backscatter, see `lab.crops.network.net.scale`.

        Returns:
            Logits (B, H, W): above zero where the crop is the more probable.

        Raises:
            ValueError: the shape is another.
        """
        if x.ndim != 5 or x.shape[1:3] != (self.images, self.channels):
            raise ValueError(
                f"This network reads (B, {self.images}, {self.channels}, H, W), not "
                f"{tuple(x.shape)}."
            )
        if x.shape[3] % self.side or x.shape[4] % self.side:
            raise ValueError(f"Height and width must be multiples of {self.side} pixels.")
        bottom, skips = self.encode(x)
        return self.decoder(bottom, skips)

    def encode(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Go down; return (B, 2c, H/16, W/16) and the skips (B, 4c, H, W), largest first."""
        x = x.transpose(0, 1)  # (T, B, P, H, W): an image of all scenes lies together
        skips = []
        for level in self.encoder:
            h, x = level(x)
            skips.append(stages(h))
        bottom = x.transpose(0, 1).flatten(1, 2)  # (B, T c, H/16, W/16)
        return activate(self.bottleneck(bottom)), skips

    def train(self, mode: bool = True) -> RecurrentUNet:
        """Switch dropout on or off; a frozen encoder never drops anything.

        Its features are then the same in training as in use, and the decoder learns from those.
        """
        super().train(mode)
        if not any(p.requires_grad for p in self.encoder.parameters()):
            self.encoder.eval()
        return self


def stages(h: Tensor) -> Tensor:
    """Return for each stage of growth the larger of its two states, side by side as channels.

    Args:
        h: (T, B, c, H, W).

    Returns:
        (B, T/2 c, H, W).
    """
    larger = torch.maximum(h[0::2], h[1::2])  # (T/2, B, c, H, W)
    return larger.transpose(0, 1).flatten(1, 2)


def _initialise(module: nn.Module) -> None:
    # He et al. 2015. U begins as half of the identity: a state is remembered for some
    # images. It then adds up to twice what W gives, so W begins with half: activations keep their
    # size down to the bottleneck. The small head makes the first answers near one half.
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, a=LEAK)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    with torch.no_grad():
        if isinstance(module, Level):
            module.see.weight.mul_(0.5)
            nn.init.dirac_(module.remember.weight).mul_(0.5)
        if isinstance(module, Decoder):
            module.head.weight.mul_(0.2)
