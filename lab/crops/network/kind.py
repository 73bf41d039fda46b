"""Crop networks as a kind of run: what queue, workers and saved files need of them. No torch."""

from __future__ import annotations

import json
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from lab.crops.network.data import CropData
from lab.crops.network.settings import CropSettings
from lab.training.kind import Kind

if TYPE_CHECKING:
    from lab.crops.network.task import CropTask

_SIDE = 64  # pixels of a sample in a file


_Row = Meta(min_length=1, max_length=_SIDE)


class CropShown(msgspec.Struct):
    """A map of a place; see `lab.crops.network.task.CropSample`."""

    step: int
    top: int
    left: int
    probability: Annotated[list[Annotated[list[Annotated[float, Meta(ge=0, le=1)]], _Row]], _Row]
    truth: list[list[Literal[0, 1, 255]]]

    def __post_init__(self) -> None:
        lengths = {len(row) for row in (*self.probability, *self.truth)}
        if len(self.probability) != len(self.truth) or len(lengths) != 1:
            raise ValueError("rows")


class CropKind(Kind[CropSettings, CropData]):
    """Crop networks; see `lab.training.kind.Kind`."""

    settings = CropSettings
    shown = CropShown

    def data(self, stored: bytes) -> CropData:
        """Read recipes of scenes, or a stack of one's own."""
        return CropData.from_bytes(stored)

    def task(self, settings: CropSettings, data: CropData) -> CropTask:
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


KIND = CropKind()
