"""What is looked at: region, class, two numbers of acquisitions, the way of composites, presets."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.crops.scenes.regions import REGIONS, Region
from lab.lesson import starting
from lab.lesson.frame import hidden

CURVE, BIAS, IOU, KEEP = TABS = ["The curve", "The bias", "IoU moves", "Save and code"]
FIELD, CLASS = WHO = ("The largest field", "All fields of the class")
NETWORK, TUNED, RULE = MODELS = ("Korean network", "Spanish network", "Physics rule")
SIZE = 256  # pixels a side
NAMES = {place.name: key for key, place in REGIONS.items()}


@dataclass(frozen=True)
class Preset:
    """A ready view: its button and what one sees."""

    name: str
    shows: str
    region: str
    grown: str
    tab: str = CURVE
    by_mean: bool = False
    model: str = NETWORK
    passes: tuple[int, int] = (2, 6)
    who: str = FIELD


_KOREA = REGIONS["korea"].name
PRESETS = (
    Preset("Rice, two or six", "A Korean rice field: where does its curve move?", _KOREA,
           "rice, Korea"),
    Preset("All by mean", "The same field, a mean in every period.", _KOREA, "rice, Korea",
           by_mean=True),
    Preset("Trees stand still", "Nothing grows here: speckle moves it, and the weather.", _KOREA,
           "trees or town", tab=BIAS, who=CLASS),
    Preset("A rule of 5 dB", "5 dB of rise, in Spain: what do more passes do to it?",
           REGIONS["spain"].name, "rice, Spain", tab=IOU, model=RULE),
    Preset("Tuned at three", "A network fine-tuned to Spain on composites of three acquisitions.",
           REGIONS["spain"].name, "rice, Spain", tab=IOU, model=TUNED),
    Preset("Korea, 1 to 6", "The Korean network learned from one to six: is it safe?", _KOREA,
           "rice, Korea", tab=IOU, model=NETWORK),
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """What the controls say.

    Attributes:
        place: the region.
        grown: a class of it.
        passes: first and second number of acquisitions, the smaller first.
        way: of composites, "paper" or "mean".
        band: "VH" or "VV".
        seed: of the scene.
    """

    place: Region
    grown: str
    passes: tuple[int, int]
    way: str
    band: str
    seed: int

    @property
    def given(self) -> dict:
        """The arguments of `lab.crops.scenes.passes.look`."""
        return {
            "region_": self.place.key,
            "grown": self.grown,
            "seed": self.seed,
            "size": SIZE,
            "band": self.band,
        }


def presets() -> None:
    """Draw the presets."""
    starting.presets(PRESETS, _load)


def _load(preset: Preset) -> None:
    st.session_state.update(
        region=preset.region,
        grown=preset.grown,
        passes=preset.passes,
        by_mean=preset.by_mean,
        model=preset.model,
        who=preset.who,
        tab=preset.tab,
    )


def choose() -> Chosen:
    """Draw the controls; return what they say."""
    if not hidden("controls"):
        presets()
    box = st.container(border=True)
    left, middle, right = box.columns([4, 4, 4], gap="medium")
    with left:
        place = REGIONS[
            NAMES[
                st.selectbox(
                    "Region", list(NAMES), key="region", bind="query-params", on_change=_moved
                )
            ]
        ]
        # A class that does not grow here, after another region or in a link, gives way.
        if st.session_state.get("grown", place.classes[0]) not in place.classes:
            del st.session_state["grown"]
    with middle:
        grown = st.selectbox("Class", list(place.classes), key="grown", bind="query-params")
    with right:
        passes = st.slider(
            "Acquisitions: first and second look",
            1,
            6,
            (2, 6),
            key="passes",
            bind="query-params",
            help="Sentinel-1 passes every 6 or 12 days: a period of 20 days has two or three, "
            "with both orbits up to six. The first dates are the same in both looks.",
        )
    return Chosen(place, grown, tuple(passes), *_more(box))


def _moved() -> None:
    st.session_state.pop("grown", None)


def _more(box) -> tuple[str, str, int]:
    with box.container(horizontal=True, gap="medium", vertical_alignment="center"):
        by_mean = st.toggle(
            "All composites by mean",
            key="by_mean",
            bind="query-params",
            help="Otherwise as Jo et al. (2022) for Korea: minimum while rice is planted, maximum "
            "while it is tallest, mean in between.",
        )
        band = st.segmented_control(
            "Band",
            ["VH", "VV"],
            default="VH",
            key="band",
            bind="query-params",
            required=True,
            label_visibility="collapsed",
        )
        seed = st.number_input(
            "Seed of the scene", 0, 999, 0, key="seed", bind="query-params", width=150
        )
    return "mean" if by_mean else "paper", band or "VH", int(seed)
