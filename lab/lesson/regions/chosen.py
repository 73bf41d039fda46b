"""What is compared: two regions, one model, one scene; presets, controls, all of it in the link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.crops.scenes.regions import MOST_ACQUISITIONS, REGIONS, Region
from lab.lesson import service
from lab.lesson.frame import hidden
from lab.lesson.shown import views_of
from lab.runs import View

SIZE = 256  # pixels of 10 m a side
NAMES = {region.name: key for key, region in REGIONS.items()}
# As it is offered -> what `lab.crops.network.predict` calls it.
MODELS = {
    "Network tuned in Spain": "spain",
    "Network from Korea": "korea",
    "Random forest from Spain": "forest",
    "Physics rule": "rule",
}
_RUN = "Your run "
USUAL = "usual"
MOST_SEED = 998  # the scenes from 1000 on were trained on; the right one may be the next


@dataclass(frozen=True)
class Chosen:
    """One comparison.

    Attributes:
        left, right: the regions.
        model: as it is offered.
        view: of the run, if the model is one of the student's; else None.
        seed: of the scenes; where both regions are the same, the right one has the next.
        acquisitions: of each composite; None for what is usual in a region.
    """

    left: Region
    right: Region
    model: str
    view: View | None
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

    def seeds(self) -> tuple[int, int]:
        """Return the seed of each scene."""
        return self.seed, self.seed + (self.left.key == self.right.key)

    def names(self) -> tuple[str, str]:
        """Return what each side is called; never the same."""
        if self.left.key == self.right.key:
            return self.left.name, f"{self.right.name}, another place"
        return self.left.name, self.right.name


@dataclass(frozen=True)
class Preset:
    """A comparison ready to look at: its button, what one sees, its regions and model."""

    name: str
    shows: str
    left: str
    right: str
    model: str


_SPAIN, _KOREA, _, _RULE = MODELS
PRESETS = (
    Preset(
        "Spain's model in France",
        "Figure 1 of Jo et al. with synthetic scenes: rice that the model knows, and other rice.",
        "spain",
        "france",
        _SPAIN,
    ),
    Preset(
        "Korea's model in Spain",
        "The network before it saw any Spanish field.",
        "korea",
        "spain",
        _KOREA,
    ),
    Preset(
        "Barley with a rice model",
        "It was never told what barley is: what does it take for rice in the Netherlands?",
        "spain",
        "netherlands",
        _SPAIN,
    ),
    Preset(
        "The physics rule in France",
        "No learning at all: VH has to rise by more than 5 dB.",
        "spain",
        "france",
        _RULE,
    ),
)


def presets() -> None:
    """Draw the presets of the lesson."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown("**Start with**", width="content")
        for preset in PRESETS:
            st.button(
                preset.name,
                key=f"preset-{preset.name}",
                help=preset.shows,
                on_click=_take,
                args=(preset,),
            )


def _take(preset: Preset) -> None:
    st.session_state.update(
        left=REGIONS[preset.left].name,
        right=REGIONS[preset.right].name,
        model=preset.model,
        seed=0,
        acquisitions=USUAL,
    )
    for name in ("marks", "maps"):
        st.query_params.pop(name, None)


def choose() -> Chosen:
    """Draw the controls and return what was chosen; hidden, they still read the link."""
    runs = own_runs()
    names = list(NAMES)
    with _row():
        left = _select("Left", names, "left", 185, names.index(REGIONS["spain"].name))
        right = _select("Right", names, "right", 185, names.index(REGIONS["france"].name))
        model = _select(
            "Model",
            [*MODELS, *runs],
            "model",
            250,
            help="The two networks come with the lab. Networks that you train in *Transfer* "
            "appear here. None of them is trained on this page.",
        )
        seed = st.number_input(
            "Scene",
            0,
            MOST_SEED,
            0,
            key="seed",
            bind="query-params",
            width=130,
            help="The seed: another number draws other fields, weather and speckle. None of the "
            "lab's models has learned from these scenes.",
        )
        acquisitions = _select(
            "Acquisitions",
            [USUAL, *map(str, range(1, MOST_ACQUISITIONS + 1))],
            "acquisitions",
            140,
            help="Radar images behind each composite. Usual: 2 in Korea, 3 in the others. "
            "*The same field, twice* shows what they do.",
        )
    return Chosen(
        REGIONS[NAMES.get(left, "spain")],
        REGIONS[NAMES.get(right, "france")],
        model or _SPAIN,
        runs.get(model),
        int(seed or 0),
        None if acquisitions in (None, USUAL) else int(acquisitions),
    )


def _row() -> Any:
    if hidden("controls"):
        return st.expander("What is compared")
    return st.container(horizontal=True, gap="small")


def _select(
    name: str, options: list[str], key: str, width: int, index: int = 0, **more: Any
) -> str:
    return st.selectbox(
        name, options, index=index, key=key, bind="query-params", width=width, **more
    )


def own_runs() -> dict[str, View]:
    """Return the student's crop networks, and the one that the link names, by their labels."""
    linked = st.query_params.get("model", "")
    ids = [run.id for run in service.run_queue().runs_of(service.session())]
    if linked.startswith(_RUN):
        ids.append(linked.rsplit(" ", 1)[-1])
    return {
        f"{_RUN}{view.run.name} {view.run.id}": view
        for view in views_of(list(dict.fromkeys(ids)))
        if view.run.settings.get("task") == "crops" and view.run.checkpoint
    }
