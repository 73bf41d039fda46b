"""Starting an experiment: from where to where, features, labelled tiles, seeds, the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lab.crops.network.data import CropData
from lab.crops.scenes.regions import MOST_ACQUISITIONS, SMALLEST, Region, own, region
from lab.crops.stack import CropError
from lab.lesson import controls, starting
from lab.lesson.lineup import Entry, plain
from lab.lesson.submit import begun, enqueue
from lab.lesson.transfer.catalogue import (
    ALL,
    CATALOGUE,
    KOREA,
    NAMES,
    PRESETS,
    SEEDS,
    SHOTS,
    SOURCES,
    TARGETS,
    Preset,
)
from lab.training import SettingsError

SIZE = 384  # pixels a side of the scenes of this lesson and of the recorded table: 36 tiles
OTHERS = "others"  # in the link: runs of the further seeds


@dataclass(frozen=True)
class Chosen:
    """What the controls say.

    Attributes:
        start: source of the weights.
        target: key of the region that is tuned in.
        features: "VH" or "VH+VV".
        shots: labelled tiles, 0 for all.
        region: that is tuned in; None if the one of one's own cannot be.
    """

    start: str
    target: str
    features: str
    shots: int
    region: Region | None

    def data(self, seed: int) -> CropData:
        """Return scenes to learn from and to be tested on; a seed draws those too."""
        first = self.region if self.target == "own" else self.target
        further = {"spain": ("france",), "france": ("spain",), "own": ("spain",)}
        tests = (first, *further.get(self.target, ()))  # as in the paper's table
        return CropData.of(first, tests, seed=seed, size=SIZE)


def presets() -> None:
    """Draw the presets of the lesson."""
    starting.presets(PRESETS, _load)


def _load(preset: Preset) -> None:
    controls.replace(CATALOGUE, [Entry(method) for method in preset.methods])
    st.session_state.update(
        source=KOREA, target=preset.target, features=preset.features, shots=preset.shots
    )
    # The guess of another experiment means nothing here.
    st.session_state.pop("guess_pills", None)
    starting.start_at_once(CATALOGUE)


def set_up():
    """Return the container of the controls."""
    return starting.set_up("Set up the next experiment: regions, features, methods, budget")


def regions() -> Chosen:
    """Draw source, target, features and labelled tiles; return what was chosen."""
    source = st.selectbox(
        "Weights from",
        list(SOURCES),
        key="source",
        bind="query-params",
        help="What every method but RI begins with. The Spanish weights are the Korean ones, tuned "
        "in Spain.",
    )
    target = st.selectbox("Tuned in", list(TARGETS), key="target", bind="query-params")
    tuned = _region(TARGETS[target])
    features = st.segmented_control(
        "Features",
        ["VH", "VH+VV"],
        default="VH",
        key="features",
        bind="query-params",
        required=True,
        help="With VV too, the first layer is made for two channels by Eq. 3: see *Network*.",
    )
    shots = st.segmented_control(
        "Labelled tiles",
        list(SHOTS),
        default=ALL,
        key="shots",
        bind="query-params",
        required=True,
        help="Tiles of 64 × 64 pixels whose labels may be learned from. Those in which the crop "
        "grows are drawn first.",
    )
    return Chosen(SOURCES[source], TARGETS[target], features, SHOTS[shots], tuned)


def _region(target: str) -> Region | None:
    if target != "own":
        return region(target)
    with st.container(border=True):
        left, right = st.columns(2)
        with left:
            shift = _slider("Later than in Spain (days)", -30, 45, 20, 5, "shift")
            rice = _slider("Rice (% of the fields)", 5, 90, 30, 5, "rice")
            steady = _slider("of it, steady VH (%)", 0, 100, 0, 10, "steady")
        with right:
            parcel = st.slider(
                "A field (hectares)", SMALLEST, 5.0, 1.5, 0.1, key="parcel", bind="query-params"
            )
            passes = _slider("Acquisitions a composite", 1, MOST_ACQUISITIONS, 3, 1, "passes")
    try:
        return own(
            shift=float(shift),
            rice=rice / 100,
            steady=steady / 100,
            parcel=float(parcel),
            acquisitions=int(passes),
        )
    except CropError as error:
        st.error(plain(str(error)), icon=":material/agriculture:")
        return None


def _slider(label: str, low: int, high: int, value: int, step: int, key: str) -> int:
    return st.slider(label, low, high, value, step, key=key, bind="query-params")


def seeds() -> int:
    """Draw the number of seeds and return it."""
    which = st.segmented_control(
        "Seeds",
        list(SEEDS),
        default="One",
        key="seeds",
        bind="query-params",
        required=True,
        help="One seed is no ranking. With three, every method is trained three times: in another "
        "scene of the region, and RI from other random weights.",
    )
    return SEEDS[which]


def question(chosen: Chosen) -> str:
    """Return what is to be guessed."""
    return f"Which method will have the highest IoU on the test part of {NAMES[chosen.target]}?"


def options(entries: Sequence[Entry]) -> list[str]:
    """Return the answers to choose from."""
    return CATALOGUE.labels(entries)


def button(
    chosen: Chosen,
    entries: Sequence[Entry],
    budget: Mapping[str, float],
    count: int,
    guess: str | None,
) -> None:
    """Draw the start button; press it, and the runs of all seeds are in the queue and the link.

    Args:
        chosen: by the controls.
        entries: methods.
        budget: of each run.
        count: of seeds.
        guess: of the student.
    """
    missing = "" if chosen.region is not None else "Choose a region that can be first."
    if not starting.pressed(CATALOGUE, guess, missing):
        return
    more = {"features": chosen.features, "shots": chosen.shots, "start": chosen.start}
    settings = starting.settings_of(CATALOGUE, entries, budget, **more)
    if settings is None:
        return
    labels, ids = CATALOGUE.labels(entries), []
    try:
        # Seed by seed: after a third of the time every method has a run.
        for n in range(count):
            changed = [one.changed(seed=one.seed + n) for one in settings]
            names = [f"{label}, seed {one.seed}" if n else label
                     for label, one in zip(labels, changed, strict=True)]  # fmt: skip
            data = chosen.data(changed[0].seed)
            ids.append(enqueue(names, changed, data, {"prompt": ""}))
    except SettingsError as error:
        st.error(str(error), icon=":material/tune:")
        return
    others = [run_id for some in ids[1:] for run_id in some]
    if others:
        st.query_params[OTHERS] = ",".join(others)
    elif OTHERS in st.query_params:
        del st.query_params[OTHERS]
    begun(CATALOGUE, ids[0], guess)
