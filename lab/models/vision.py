"""Two classifiers with self-attention over a picture: a Vision Transformer, and a CNN with a layer.

Both take pictures of 48 x 48 pixels apart into a grid of n x n places and let every place look at
all others. The Transformer cuts patches and knows nothing of neighbourhood but what it learns; the
CNN brings along that what is near belongs together, and adds one layer of attention on top.

`forward` trains, with PyTorch's fused attention; `look` has it written out and returns the weights.
The parameters are the same, and a test holds the results equal.

Sources: Dosovitskiy et al. 2021, An Image is Worth 16x16 Words; Zhang et al. 2019, Self-Attention
Generative Adversarial Networks (SAGAN), section 3.
"""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.models.captioner import coordinates
from lab.models.choices import PICTURE_POOLS, SIDE

_STRIDES = {4: (2, 2, 1), 6: (3, 2, 1), 8: (2, 2, 2)}  # of three convolutions; their product


def as_numbers(images: Tensor) -> Tensor:
    """Return pictures uint8 (B, 48, 48, 3) as float32, light grey about zero, black about -3.6."""
    return images.float() / 64 - 3.6


def patches_of(images: Tensor, patch: int) -> Tensor:
    """Cut pictures (B, 48, 48, 3) into patches, row by row: (B, n * n, patch * patch * 3)."""
    B, n = len(images), SIDE // patch
    x = images.view(B, n, patch, n, patch, 3)  # row, y within it, column, x within it, colour
    return x.permute(0, 1, 3, 2, 4, 5).reshape(B, n * n, patch * patch * 3)


# The Vision Transformer ---------------------------------------------------------------------


class SelfAttention(nn.Module):
    """Multi-head self-attention without a mask: every token looks at every token.

    Args:
        width: C, size of the residual stream.
        heads: nh; each has C / nh = hs dimensions.

    Source: Dosovitskiy et al. 2021, appendix A.
    """

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Attend within x (B, T, C), in one fused call."""
        q, k, v = self._heads(x)
        return self._join(F.scaled_dot_product_attention(q, k, v))

    def look(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Attend step by step; return (B, T, C) and the weights (B, nh, T, T)."""
        q, k, v = self._heads(x)
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[3])  # (B, nh, T, hs) x (B, nh, hs, T)
        weights = torch.softmax(scores, dim=3)  # rows sum to one: equation 6
        return self._join(weights @ v), weights  # equation 7

    def _heads(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        B, T, C = x.shape
        qkv = self.qkv(x).view(B, T, 3, self.heads, C // self.heads)
        return qkv.permute(2, 0, 3, 1, 4).unbind(0)  # (B, nh, T, hs) each

    def _join(self, y: Tensor) -> Tensor:
        return self.out(y.transpose(1, 2).flatten(2))  # (B, nh, T, hs) -> (B, T, C)


class Block(nn.Module):
    """One layer of the encoder: attention between tokens, then each is worked on alone."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = SelfAttention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Add to the residual stream x (B, T, C) what this layer finds: equations 2 and 3."""
        return self._alone(x + self.attention(self.norm1(x)))

    def look(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Do the same; return the weights (B, nh, T, T) as well."""
        found, weights = self.attention.look(self.norm1(x))
        return self._alone(x + found), weights

    def _alone(self, x: Tensor) -> Tensor:
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class VisionTransformer(nn.Module):
    """Patches, a class token, learned positions, a pre-norm encoder, a head on the class token.

    Args:
        classes: K, to tell apart.
        patch: pixels a side, one of `PATCHES`.
        width: C, size of the residual stream.
        layers: L.
        heads: nh per layer; they share the width equally.

    Attributes:
        grid: n, places a side; tokens are T = n * n + 1, the class token first.
    """

    def __init__(
        self, classes: int, patch: int = 8, width: int = 64, layers: int = 2, heads: int = 4
    ):
        super().__init__()
        self.patch, self.grid = patch, SIDE // patch
        self.project = nn.Linear(patch * patch * 3, width)
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.position = nn.Parameter(torch.empty(1, self.grid**2 + 1, width))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)
        # The usual 0.02 hardly tells places apart at first: "above" or "left of" is then right in
        # 0.40 of the held-out scenes after 15 CPU seconds, and with 0.5 in 0.6 (one seed each).
        nn.init.normal_(self.position, std=0.5)

    def forward(self, images: Tensor) -> Tensor:
        """Classify pictures (B, 48, 48, 3) uint8; return logits (B, K)."""
        x = self._tokens(images)
        for block in self.blocks:
            x = block(x)
        return self._answer(x)

    def look(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Do the same, and return the weights (B, nh, T, T) of each layer."""
        x, layers = self._tokens(images), []
        for block in cast("list[Block]", self.blocks):
            x, weights = block.look(x)
            layers.append(weights)
        return self._answer(x), layers

    def _tokens(self, images: Tensor) -> Tensor:
        x = self.project(patches_of(as_numbers(images), self.patch))  # (B, n * n, C)
        first = self.class_token.expand(len(x), -1, -1)
        return torch.cat((first, x), 1) + self.position  # (B, T, C): equation 1

    def _answer(self, x: Tensor) -> Tensor:
        return self.head(self.norm(x[:, 0]))  # equation 4


# The CNN with a self-attention layer --------------------------------------------------------


class MapAttention(nn.Module):
    """Self-attention over the places of a feature map, added to it: y = gamma o + x.

    Queries, keys and values are 1 x 1 convolutions: the same small matrix at every place. gamma is
    learned and begins at zero, so that the network starts as the CNN alone and lets attention in as
    it proves useful. As in the paper, scores are not divided by the square root of their size.

    Args:
        channels: C of the feature map; queries and keys have C / 8, or at least 4.

    Source: Zhang et al. 2019, equations 1 to 3.
    """

    def __init__(self, channels: int):
        super().__init__()
        small = max(4, channels // 8)
        self.query = nn.Conv2d(channels, small, 1)
        self.key = nn.Conv2d(channels, small, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        """Attend within a feature map x (B, C, n, n), in one fused call."""
        q, k, v = self._flat(x)
        return self._add(x, F.scaled_dot_product_attention(q, k, v, scale=1.0))

    def look(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Attend step by step; return (B, C, n, n) and the weights (B, 1, T, T), T = n * n."""
        q, k, v = self._flat(x)
        weights = torch.softmax(q @ k.transpose(2, 3), dim=3)  # beta: equation 1
        return self._add(x, weights @ v), weights

    def _flat(self, x: Tensor) -> list[Tensor]:
        # (B, C, n, n) -> (B, 1, T, C): one head, places row by row
        return [
            f(x).flatten(2).transpose(1, 2)[:, None] for f in (self.query, self.key, self.value)
        ]

    def _add(self, x: Tensor, found: Tensor) -> Tensor:
        o = self.out(found[:, 0].transpose(1, 2).unflatten(2, x.shape[2:]))  # equation 2
        return self.gamma * o + x  # equation 3


class AttentionCNN(nn.Module):
    """Three convolutions, self-attention over the places of their map, pooling, a linear head.

    The last convolution is told where it stands (see `lab.models.captioner.Eye`). Pooling by
    attention takes a weighted mean over the places with weights softmax(u . y_i), u being learned:
    a query that is the same for all pictures, as the class token's is in the first layer.

    Args:
        classes: K, to tell apart.
        patch: pixels between two places of the map, one of `PATCHES`.
        width: C, channels of the map.
        pool: one of `PICTURE_POOLS`.

    Attributes:
        grid: n, places a side; T = n * n.
    """

    def __init__(self, classes: int, patch: int = 8, width: int = 64, pool: str = "attention"):
        super().__init__()
        if pool not in PICTURE_POOLS:
            raise ValueError(f"There is no pooling {pool!r}.")
        self.grid, self.pool = SIDE // patch, pool
        one, two, three = _STRIDES[patch]
        convolutions = [
            nn.Conv2d(3, width // 2, 5, one, padding=2),
            nn.Conv2d(width // 2, width, 3, two, padding=1),
            nn.Conv2d(width + 2, width, 3, three, padding=1),
        ]
        self.convolutions = nn.ModuleList(convolutions)
        for layer in convolutions:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        self.attention = MapAttention(width)
        self.norm = nn.LayerNorm(width)
        if pool == "attention":
            self.query = nn.Linear(width, 1, bias=False)
        self.head = nn.Linear(width, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Classify pictures (B, 48, 48, 3) uint8; return logits (B, K)."""
        return self._answer(self.attention(self._map(images)))[0]

    def look(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Do the same, and return the weights of each attention.

        Returns:
            Logits (B, K), and a list: (B, 1, T, T) of the self-attention layer and, with pooling
            by attention, (B, 1, 1, T) of its single query.
        """
        y, weights = self.attention.look(self._map(images))
        logits, pooled = self._answer(y)
        return logits, [weights] if pooled is None else [weights, pooled]

    def _map(self, images: Tensor) -> Tensor:
        x = as_numbers(images).permute(0, 3, 1, 2)  # (B, 3, 48, 48)
        first, second, third = self.convolutions
        x = torch.relu(second(torch.relu(first(x))))
        return torch.relu(third(torch.cat((x, coordinates(x)), 1)))  # (B, C, n, n)

    def _answer(self, y: Tensor) -> tuple[Tensor, Tensor | None]:
        y = self.norm(y.flatten(2).transpose(1, 2))  # (B, C, n, n) -> (B, T, C)
        if self.pool == "mean":
            return self.head(y.mean(1)), None
        weights = torch.softmax(self.query(y), dim=1).transpose(1, 2)  # (B, 1, T)
        return self.head((weights @ y)[:, 0]), weights[:, None]
