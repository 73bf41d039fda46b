"""What this session has seen: exercises compare several scenes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lab.lesson.regions.chosen import Chosen
from lab.lesson.regions.found import Side

_KEY, _MOST = "regions-seen", 200


@dataclass(frozen=True)
class Seen:
    """The IoU of one model in one scene."""

    region: str
    model: str
    seed: int
    acquisitions: int
    iou: float


def note(sides: Sequence[Side], chosen: Chosen) -> list[Seen]:
    """Remember both sides, and return everything that was seen."""
    known = st.session_state.setdefault(_KEY, {})
    for side in sides:
        one = Seen(
            side.region.key, chosen.key, side.seed, side.acquisitions, side.figures["iou"][0]
        )
        if len(known) < _MOST:
            known[(one.region, one.model, one.seed, one.acquisitions)] = one
    return list(known.values())
