"""A random forest on the backscatter of single pixels: the rival that sees no neighbours.

Breiman 2001, Machine Learning 45; in scikit-learn. It gets the values of a pixel in all periods
and bands, in decibels, and knows neither their order in time nor the pixel's surroundings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from lab.crops.stack import CropError, Stack


@dataclass(frozen=True)
class Forest:
    """A fitted forest.

    Attributes:
        trees: of scikit-learn.
        bands: that it reads.
        pixels: that it was fitted to, half of them of the crop.
    """

    trees: RandomForestClassifier
    bands: tuple[str, ...]
    pixels: int

    def probability(self, stack: Stack) -> np.ndarray:
        """Return the share of votes for the crop, (H, W) float32; NaN where there is no data.

        The forest was fitted to as many pixels of the crop as of the rest, so this is the
        probability in such a balanced sample, and larger than a share of the land's area.
        """
        stack = stack.take(self.bands)
        valid = stack.valid
        found = np.full(stack.shape, np.nan, np.float32)
        if valid.any():
            found[valid] = self.trees.predict_proba(pixels(stack, valid))[:, 1]
        return found


def pixels(stack: Stack, mask: np.ndarray) -> np.ndarray:
    """Return the series of the pixels of a mask: (N, bands x periods) float32 in dB."""
    return stack.values[:, :, mask].reshape(-1, int(mask.sum())).T


def fit(
    stack: Stack,
    bands: Sequence[str],
    part_mask: np.ndarray,
    seed: int,
    trees: int = 100,
    most: int = 20_000,
) -> Forest:
    """Fit a forest of fully grown trees to a balanced sample of pixels.

    Args:
        stack: with labels.
        bands: to read, such as ("VH",) or ("VH", "VV").
        part_mask: (H, W) bool, the pixels to learn from.
        seed: of the sample and of the forest.
        trees: number of them.
        most: pixels of the sample; half of the crop, half of the rest.

    Raises:
        CropError: the part has pixels of one kind only, or the stack no such band.
    """
    stack = stack.take(tuple(bands))
    truth = np.where(np.asarray(part_mask, bool) & stack.valid, stack.truth, 255).ravel()
    generator = np.random.default_rng(seed)
    crop, rest = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    each = min(most // 2, len(crop), len(rest))
    if not each:
        missing = "the crop" if not len(crop) else "anything else"
        raise CropError(f"The training part of {stack.name} has no pixel of {missing}.")
    drawn = np.concatenate([generator.choice(kind, each, replace=False) for kind in (crop, rest)])
    mask = np.zeros(truth.size, bool)
    mask[drawn] = True
    model = RandomForestClassifier(trees, random_state=seed, n_jobs=1)
    model.fit(pixels(stack, mask.reshape(stack.shape)), truth[mask])
    return Forest(model, tuple(bands), 2 * each)
