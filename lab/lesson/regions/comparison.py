"""What is compared: two regions, one model, one scene; its controls, all of them in the link."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.crops.scenes.regions import MOST_ACQUISITIONS, REGIONS, Region
from lab.lesson.kit.keys import Choice, Number
from lab.lesson.regions import TEXT
from lab.lesson.sources.run import Runs, RunSource

SIZE = 256  # pixels of 10 m a side
NAMES = {region.name: key for key, region in REGIONS.items()}
SPAIN, FRANCE = REGIONS["spain"].name, REGIONS["france"].name
# As it is offered -> what `lab.crops.network.predict` calls it.
MODELS = {
    "Network tuned in Spain": "spain",
    "Network from Korea": "korea",
    "Random forest from Spain": "forest",
    "Physics rule": "rule",
}
SPANISH, KOREAN, FOREST, RULE = MODELS
USUAL = "usual"
COUNTS = [USUAL, *map(str, range(1, MOST_ACQUISITIONS + 1))]
MOST_SEED = 998  # the scenes from 1000 on were trained on; the right one may be the next
RUNS = Runs(("crops",))
_RUN = "Your run "

LEFT = Choice("left", "Left", list(NAMES), SPAIN, "select")
RIGHT = Choice("right", "Right", list(NAMES), FRANCE, "select")
MODEL = Choice("model", "Model", None, SPANISH, "select", TEXT("model-help"))  # and own runs
SEED = Number("seed", "Scene", 0, MOST_SEED, 0, help=TEXT("scene-help"))
ACQUISITIONS = Choice(
    "acquisitions", "Acquisitions", COUNTS, USUAL, "select", TEXT("acquisitions-help")
)


@dataclass(frozen=True)
class Scene:
    """A synthetic scene of a region.

    Attributes:
        name: on the page; the two of a comparison never share one.
        region: which one.
        seed: another number draws other fields, weather and speckle.
        acquisitions: of each composite.
    """

    name: str
    region: Region
    seed: int
    acquisitions: int

    @property
    def asked(self) -> dict[str, Any]:
        """Arguments of `lab.crops.scenes.scene.scene` for questions to workers."""
        return {
            "region": self.region.key,
            "seed": self.seed,
            "size": SIZE,
            "acquisitions": self.acquisitions,
        }


@dataclass(frozen=True)
class Comparison:
    """Two regions, seen by one model.

    Attributes:
        left, right: the regions.
        model: as it is offered.
        run: the model, if it is one of the student's; else None.
        seed: of the scenes; where both regions are the same, the right one has the next.
        acquisitions: of each composite; None for what is usual in a region.
    """

    left: Region
    right: Region
    model: str
    run: RunSource | None
    seed: int
    acquisitions: int | None

    @property
    def key(self) -> str:
        """What stands for the model in questions to workers."""
        return MODELS.get(self.model, self.model)

    @property
    def regions(self) -> tuple[Region, Region]:
        """Both, from left to right."""
        return self.left, self.right

    @property
    def scenes(self) -> tuple[Scene, Scene]:
        """The scene of each."""
        same = self.left.key == self.right.key
        names = (self.left.name, f"{self.right.name}, another place" if same else self.right.name)
        left, right = (
            Scene(name, region, self.seed + place * same, self.acquisitions or region.acquisitions)
            for place, (name, region) in enumerate(zip(names, self.regions, strict=True))
        )
        return left, right


def choose(hidden: bool) -> Comparison:
    """Draw the controls and return what is compared; folded away, they still read the link."""
    runs = own_runs()
    with _row(hidden):
        left = LEFT.draw(width=185)
        right = RIGHT.draw(width=185)
        model = MODEL.draw([*MODELS, *runs], width=250)
        seed = SEED.draw(width=130)
        acquisitions = ACQUISITIONS.draw(width=140)
    return Comparison(
        REGIONS[NAMES[left]],
        REGIONS[NAMES[right]],
        model,
        runs.get(model),
        int(seed),
        None if acquisitions == USUAL else int(acquisitions),
    )


def _row(hidden: bool) -> AbstractContextManager[Any]:
    if hidden:
        return st.expander("What is compared")
    return st.container(horizontal=True, gap="small")


def own_runs() -> dict[str, RunSource]:
    """Return the student's crop networks, and the one that the link names, by their labels."""
    linked = MODEL.value
    named = [f"run:{linked.rsplit(' ', 1)[-1]}"] if linked.startswith(_RUN) else []
    found = {f"{_RUN}{one.view.run.name} {one.view.run.id}": one for one in RUNS.at_hand(named)}
    if named and linked not in found:
        st.warning(TEXT("run-gone"), icon=":material/link_off:")
    return found
