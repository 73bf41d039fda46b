"""What a model makes of both regions, asked of the workers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.lesson.kit import ask
from lab.lesson.regions.comparison import SIZE, Comparison, Scene

MODULE = "lab.crops.compared"
FOUND, OWN = "rice", "its crop"  # what the lab's models were made to find, and a student's run
Asked = tuple[Hashable, ask.Send, str]


@dataclass(frozen=True)
class Side:
    """A region as the model sees it.

    Attributes:
        scene: of the region.
        comparison: that it is a side of.
        picture: for the viewer, of `lab.crops.shown.picture`.
        figures: of `lab.crops.compared.judged`.
    """

    scene: Scene
    comparison: Comparison
    picture: Mapping[str, Any]
    figures: Mapping[str, Any]

    @property
    def name(self) -> str:
        """On the page; the sides never share one."""
        return self.scene.name

    @property
    def place(self) -> str:
        """Its name inside a sentence."""
        return self.name.replace("The ", "the ", 1)

    @property
    def crop(self) -> str:
        """The crop to be found."""
        return self.scene.region.target

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the scene."""
        return SIZE, SIZE

    def series(self, band: str) -> Asked:
        """Return the question for the rows of `lab.crops.series.mean_series`."""
        return asking(self.comparison, self.scene, "series", band=band)

    def drawn(self, places: Sequence[Any], band: str) -> Asked:
        """Return the question for what lies in places, see `lab.crops.compared.drawn_on`."""
        return asking(self.comparison, self.scene, "drawn", places=places, band=band)


def asking(comparison: Comparison, scene: Scene, what: str, **given: Any) -> Asked:
    """Return a question of `lab.crops.compared` about a scene and the model, for `ask.several`.

    Args:
        comparison, scene: what is looked at.
        what: "seen", "series" or "drawn".
        given: its other arguments.
    """
    if comparison.run is not None:
        key, send = comparison.run.asking(MODULE, what=what, **scene.asked, **given)
        return key, send, comparison.run.name
    key, send = ask.computing(MODULE, what, **scene.asked, model=comparison.key, **given)
    return key, send, ""


def both(comparison: Comparison, period: int, band: str) -> tuple[Side, Side] | None:
    """Return both sides, or None with the reason on the page.

    Args:
        comparison: what is compared.
        period, band: of the composite that the maps show in grey; its number from 0.
    """
    crop = FOUND if comparison.run is None else OWN
    scenes = comparison.scenes
    found = ask.several(
        [
            asking(
                comparison,
                scene,
                "seen",
                found=crop,
                period=period,
                band=band,
                name=f"{scene.name} · {comparison.model}",
            )
            for scene in scenes
        ]
    )
    if any(one is None for one in found):
        return None
    left, right = (
        Side(scene, comparison, one["picture"], one["figures"])
        for scene, one in zip(scenes, found, strict=True)
    )
    return left, right
