"""Crop networks as a kind of run: what queue, workers and saved files need of them. No torch."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

from lab.crops.network.data import CropData
from lab.crops.network.settings import CropSettings
from lab.training.kind import number

_SIDE = 64  # pixels of a sample in a file


class CropKind:
    """Crop networks; see `lab.training.kind.Kind`."""

    settings = CropSettings

    def data(self, stored: bytes) -> CropData:
        """Read recipes of scenes, or a stack of one's own."""
        return CropData.from_bytes(stored)

    def task(self, settings: CropSettings, data: CropData) -> Any:
        """Return the task of finding the crop."""
        from lab.crops.network.task import CropTask

        return CropTask(settings, data)

    def questions(self) -> ModuleType:
        """Return the questions that a crop network answers."""
        from lab.crops.network import questions

        return questions

    def about(self, data: CropData) -> dict[str, Any]:
        """Return the recipes; a stack of one's own is not kept, its name is."""
        recipe = CropData(data.train, data.tests).to_bytes().decode()
        return {"name": data.name, "recipe": json.loads(recipe), "own": data.own is not None}

    def from_about(self, about: Any) -> CropData:
        """Return the scenes; of a stack of one's own nothing is left."""
        if not isinstance(about["recipe"], dict):
            raise TypeError("recipe")
        return CropData.from_bytes(json.dumps(about["recipe"]).encode())

    def sample(self, sample: Any) -> dict[str, Any]:
        """Check a map that came from a file."""
        probability = [[_share(p) for p in row] for row in sample["probability"]]
        truth = [[_label(value) for value in row] for row in sample["truth"]]
        if not 0 < len(probability) == len(truth) <= _SIDE:
            raise ValueError("rows")
        lengths = {len(row) for row in (*probability, *truth)}
        if len(lengths) != 1 or not 0 < lengths.pop() <= _SIDE:
            raise ValueError("columns")
        return {
            "step": int(sample["step"]),
            "top": int(sample["top"]),
            "left": int(sample["left"]),
            "probability": probability,
            "truth": truth,
        }


def _share(value: Any) -> float:
    found = number(value)
    if found is None or not 0 <= found <= 1:
        raise ValueError(value)
    return found


def _label(value: Any) -> int:
    if value not in (0, 1, 255):
        raise ValueError(value)
    return int(value)


KIND = CropKind()
