"""Maps by models that need no run: weights of the project, the forest, the physics rule."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from lab.crops.network.data import Place
from lab.crops.network.layers import FEATURES
from lab.crops.network.settings import STARTS
from lab.crops.stack import CropError, Stack

MODELS = (*STARTS, "forest", "rule")


def predict(
    model: str,
    region: str,
    seed: int = 0,
    size: int = 256,
    acquisitions: int | None = None,
    trained: str = "spain",
    features: str = "VH",
) -> dict[str, Any]:
    """Return the map of a synthetic scene.

    Args:
        model: "korea" or "spain", weights of the project; "forest"; "rule".
        region: a key, or the JSON of a region of one's own.
        seed, size, acquisitions: of the scene (`lab.crops.scenes.scene.scene`).
        trained: region whose training part the forest learns from: a scene of the same seed and
            size, with that region's own number of acquisitions.
        features: "VH" or "VH+VV"; the rule reads VH only, and so do the project's weights, which
            become those of two channels by Eq. 3.

    Returns:
        {"probability": (H, W) float32}: of the rule 1 or 0, of the forest a share of votes; NaN
        where the forest or the rule have no data.

    Raises:
        CropError: there is no such model or scene.
    """
    place = Place.of({"region": region, "seed": seed, "size": size, "acquisitions": acquisitions})
    return {"probability": of_stack(model, place.stack(), seed, size, trained, features)}


def of_stack(
    model: str,
    stack: Stack,
    seed: int = 0,
    size: int = 256,
    trained: str = "spain",
    features: str = "VH",
) -> np.ndarray:
    """Return the same (H, W) for any stack; arguments as for `predict`."""
    if features not in FEATURES:
        raise CropError(f"There are no features {features[:20]!r}; there are VH and VH+VV.")
    if model == "rule":
        from lab.crops.rule import verdicts

        codes = verdicts(stack)
        return np.where(codes == 255, np.nan, codes == 0).astype(np.float32)
    if model == "forest":
        return forest_of(trained, seed, size, features).probability(stack)
    if model not in STARTS:
        raise CropError(f"There is no model {str(model)[:40]!r}; there are {', '.join(MODELS)}.")
    from lab.crops.network.net import begin, probabilities

    return probabilities(begin("zero", model, 4, len(FEATURES[features])).eval(), stack)


@lru_cache(maxsize=6)
def forest_of(region: str, seed: int, size: int, features: str) -> Any:
    """Return a forest that learned from the training part of a region's scene."""
    from lab.crops.forest import fit
    from lab.crops.network.batches import TRAIN, parted

    scene = parted(Place.of({"region": region, "seed": seed, "size": size}).stack())
    return fit(scene.stack, FEATURES[features], scene.labelled(TRAIN), seed)
