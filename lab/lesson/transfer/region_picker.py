"""From where to where: weights, region, features, labelled tiles and seeds."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.crops.network.data import CropData
from lab.crops.scenes.regions import MOST_ACQUISITIONS, SMALLEST, Region, own, region
from lab.crops.stack import CropError
from lab.lesson.kit.keys import Choice, Number
from lab.lesson.kit.text import plain
from lab.lesson.transfer import TEXT
from lab.lesson.transfer.catalogue import ALL, COUNTS, SHOTS, SOURCES, TARGETS

SIZE = 384  # pixels a side of the scenes of this lesson and of the recorded table: 36 tiles

SOURCE = Choice("source", "Weights from", list(SOURCES), look="select", help=TEXT("source-help"))
TARGET = Choice("target", "Tuned in", list(TARGETS), look="select")
FEATURES = Choice("features", "Features", ["VH", "VH+VV"], help=TEXT("features-help"))
LABELLED = Choice("shots", "Labelled tiles", list(SHOTS), ALL, help=TEXT("shots-help"))
SEEDS = Choice("seeds", "Seeds", list(COUNTS), help=TEXT("seeds-help"))

SHIFT = Number("shift", "Later than in Spain (days)", -30, 45, 20, 5, slider=True)
RICE = Number("rice", "Rice (% of the fields)", 5, 90, 30, 5, slider=True)
STEADY = Number("steady", "of it, steady VH (%)", 0, 100, 0, 10, slider=True)
PARCEL = Number("parcel", "A field (hectares)", SMALLEST, 5.0, 1.5, 0.1, slider=True)
PASSES = Number("passes", "Acquisitions a composite", 1, MOST_ACQUISITIONS, 3, slider=True)
KEYS = (SOURCE, TARGET, FEATURES, LABELLED, SEEDS, SHIFT, RICE, STEADY, PARCEL, PASSES)


@dataclass(frozen=True)
class Transfer:
    """What the controls say.

    Attributes:
        start: source of the weights.
        target: key of the region that is tuned in.
        features: "VH" or "VH+VV".
        shots: labelled tiles, 0 for all.
        region: that is tuned in.
    """

    start: str
    target: str
    features: str
    shots: int
    region: Region

    def data(self, seed: int) -> CropData:
        """Return scenes to learn from and to be tested on; a seed draws those too."""
        first = self.region if self.target == "own" else self.target
        further = {"spain": ("france",), "france": ("spain",), "own": ("spain",)}
        tests = (first, *further.get(self.target, ()))  # as in the paper's table
        return CropData.of(first, tests, seed=seed, size=SIZE)


def region_picker() -> Transfer | None:
    """Draw source, target, features and labelled tiles; None for a region that cannot be."""
    source = SOURCES[SOURCE.draw()]
    target = TARGETS[TARGET.draw()]
    tuned = _own_region() if target == "own" else region(target)
    features, shots = FEATURES.draw(), SHOTS[LABELLED.draw()]
    return None if tuned is None else Transfer(source, target, features, shots, tuned)


def _own_region() -> Region | None:
    with st.container(border=True):
        left, right = st.columns(2)
        with left:
            shift, rice, steady = SHIFT.draw(), RICE.draw(), STEADY.draw()
        with right:
            parcel, passes = PARCEL.draw(), PASSES.draw()
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
