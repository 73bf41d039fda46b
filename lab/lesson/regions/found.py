"""What the model makes of both regions, asked of the workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from lab.crops import compared
from lab.crops.scenes.regions import Region
from lab.crops.scenes.scene import scene
from lab.crops.stack import Stack
from lab.lesson.asking import ask, compute
from lab.lesson.regions.chosen import SIZE, Chosen

FOUND, OWN = "rice", "its crop"  # what the lab's models were made to find, and a student's run


@dataclass(frozen=True)
class Side:
    """A region as the model sees it.

    Attributes:
        name: on the page; the sides never share one.
        region: what it is.
        seed: of its scene.
        acquisitions: of each composite.
        model: as workers call it.
        picture: for the viewer, of `lab.crops.shown.picture`.
        figures: of `lab.crops.compared.judged`.
        probability: (H, W) of a run of the student's; None where a worker can ask the model.
    """

    name: str
    region: Region
    seed: int
    acquisitions: int
    model: str
    picture: Mapping[str, Any]
    figures: Mapping[str, Any]
    probability: np.ndarray | None = None

    @property
    def place(self) -> str:
        """Its name inside a sentence."""
        return self.name.replace("The ", "the ", 1)

    @property
    def crop(self) -> str:
        """The crop to be found."""
        return self.region.target

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the scene."""
        return SIZE, SIZE

    @property
    def asked(self) -> dict[str, Any]:
        """Arguments of `lab.crops.scenes.scene.scene` for questions to workers."""
        return _asked(self.region, self.seed, self.acquisitions)

    def series(self, band: str) -> list[dict[str, Any]]:
        """Return the rows of `lab.crops.series.mean_series`, called by this side's name."""
        if self.probability is not None:
            rows = compared.series_of(_stack(self.asked), self.probability, band)
        else:
            rows = compute(
                "lab.crops.compared", "series", **self.asked, model=self.model, band=band
            )
        return [{**row, "region": self.name} for row in rows or ()]

    def drawn(self, places: Sequence[Any], band: str) -> list[dict[str, Any]] | None:
        """Return what lies in places, see `lab.crops.compared.drawn_on`; None with the reason."""
        if self.probability is not None:
            return compared.drawn_on(_stack(self.asked), self.probability, places, band)
        asked = {**self.asked, "model": self.model}
        return compute("lab.crops.compared", "drawn", **asked, places=places, band=band)


def both(chosen: Chosen, grey: tuple[int, str]) -> tuple[Side, Side] | None:
    """Return both sides, or None with the reason on the page.

    Args:
        chosen: what is compared.
        grey: number of the composite that the maps show in grey, from 0, and its band.
    """
    sides = []
    with st.spinner("Drawing the scenes, and asking the model …"):
        for place, region in enumerate(chosen.regions):
            side = _side(chosen, region, place, grey)
            if side is None:
                return None
            sides.append(side)
    return sides[0], sides[1]


def _side(chosen: Chosen, region: Region, place: int, grey: tuple[int, str]) -> Side | None:
    name, seed, probability = chosen.names()[place], chosen.seeds()[place], None
    count = chosen.acquisitions or region.acquisitions
    asked = _asked(region, seed, count)
    how = {"period": grey[0], "band": grey[1], "name": f"{name} · {chosen.model}"}
    if chosen.view is None:
        answer = compute(
            "lab.crops.compared", "seen", **asked, model=chosen.key, found=FOUND, **how
        )
    elif answer := ask(chosen.view, "maps", **asked):
        probability = answer["probability"]
        answer = compared.told(_stack(asked), probability, found=OWN, **how)
    if answer is None:
        return None
    shown = answer["picture"], answer["figures"]
    return Side(name, region, seed, count, chosen.key, *shown, probability)


def _asked(region: Region, seed: int, acquisitions: int) -> dict[str, Any]:
    return {"region": region.key, "seed": seed, "size": SIZE, "acquisitions": acquisitions}


def _stack(asked: Mapping[str, Any]) -> Stack:
    rest = {name: asked[name] for name in ("seed", "size", "acquisitions")}
    return scene(asked["region"], **rest)
