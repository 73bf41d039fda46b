"""A picture with the places that a model looked at lit up."""

from __future__ import annotations

import numpy as np

DARKEST = 0.25  # of the picture's brightness, where the model did not look


def overlay(image: np.ndarray, weights: np.ndarray, scale: int = 4) -> np.ndarray:
    """Return the picture, enlarged, as bright as the weight of each place.

    Args:
        image: (H, W, 3) uint8.
        weights: (S) over a square grid of places, row by row; S divides into the picture evenly
            or nearly so.
        scale: how many pixels a side each pixel becomes.

    Returns:
        (scale * H, scale * W, 3) uint8: full brightness at the largest weight, `DARKEST` of it
        where the weight is 0, each place one flat square, so that no more is shown than there is.
    """
    height, width, _ = image.shape
    grid = round(len(weights) ** 0.5)
    if grid * grid != len(weights):
        raise ValueError(f"{len(weights)} weights are no square grid.")
    light = np.asarray(weights, dtype=float).reshape(grid, grid)
    light = light / max(light.max(), 1e-9)
    rows, columns = (np.arange(side) * grid // side for side in (height, width))
    light = DARKEST + (1 - DARKEST) * light[rows][:, columns]
    lit = (image * light[..., None]).round().astype(np.uint8)
    return lit.repeat(scale, 0).repeat(scale, 1)


def enlarged(image: np.ndarray, scale: int = 4) -> np.ndarray:
    """Return a picture (H, W, 3) with every pixel a square of `scale` pixels a side."""
    return image.repeat(scale, 0).repeat(scale, 1)
