"""The self-checking exercises of the lesson."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from lab.crops.iou import FN
from lab.crops.shown import inside
from lab.lesson.components.maps.marks import POLYGON, Mark
from lab.lesson.frame import Exercise
from lab.lesson.own_region.chosen import OURS, UPLOAD, Chosen
from lab.lesson.own_region.found import Side

Outcome = tuple[bool, str] | None
FALL, PIXELS, SHARE, NEAR = 0.5, 20, 0.9, 0.01
_KEY, _MOST = "own-seen", 200


def note(side: Side, chosen: Chosen) -> dict[tuple, float]:
    """Remember the IoU of this place; return those that were seen: (way, model, recipe) -> IoU."""
    seen = st.session_state.setdefault(_KEY, {})
    if side.figures is not None and len(seen) < _MOST:
        recipe = tuple(sorted(chosen.recipe.items()))
        seen[(chosen.way, chosen.key, recipe)] = side.figures["iou"][0]
    return seen


def exercises(
    sides: Sequence[Side], marks: Sequence[Mark], chosen: Chosen | None, seen: Mapping[tuple, float]
) -> tuple[Exercise, ...]:
    """Return the exercises.

    Args:
        sides: on the page; empty while there are none.
        marks: drawn on the maps.
        chosen: what is looked at.
        seen: of `note`.
    """
    return (
        Exercise(
            "With a file of ours and one model, move **only the calendar**, until the IoU is "
            "half of what it was at 0 days or less. How many days did it take, and which way?",
            lambda: moved(chosen, seen),
        ),
        Exercise(
            f"Draw a polygon of at least {PIXELS} pixels inside **one** missed field of your "
            f"region: {SHARE:.0%} of its pixels are FN. How does its curve differ from the found "
            "fields' one?",
            lambda: missed(sides, marks, chosen),
        ),
        Exercise(
            "Save this scene and its labels (*Save*), **upload** both, and find the same IoU "
            "again: now you know that a file of yours would be read right.",
            lambda: again(seen),
        ),
    )


def moved(chosen: Chosen | None, seen: Mapping[tuple, float]) -> Outcome:
    """Say whether a moved calendar alone has halved the IoU."""
    tried = {}
    for (way, model, recipe), value in seen.items():
        if way == OURS and value == value:
            given = dict(recipe)
            tried[(model, given.pop("shift"), tuple(sorted(given.items())))] = value
    best: Outcome = None
    for (model, shift, rest), value in tried.items():
        start = tried.get((model, 0.0, rest))
        if not shift or not start:
            continue
        done = value <= FALL * start
        if best is None or done:
            days = f"{shift:+.0f}".replace("-", "−")
            best = done, f"IoU {start:.2f} at 0 days, {value:.2f} at {days} days."
        if done:
            return best
    return best


def errors_of(picture: Mapping[str, Any]) -> np.ndarray:
    """Return the error codes (H, W) of a map as it travels, in pixels of the scene."""
    codes = np.frombuffer(zlib.decompress(base64.b64decode(picture["errors"])), np.uint8)
    codes = codes.reshape(picture["rows"], picture["columns"])
    return codes.repeat(picture["step"], 0).repeat(picture["step"], 1)


def missed(sides: Sequence[Side], marks: Sequence[Mark], chosen: Chosen | None) -> Outcome:
    """Say whether a polygon lies in a missed field of the student's region."""
    mine = [mark for mark in marks if mark.kind == POLYGON and mark.map == 0]
    if not mine or not sides or sides[0].figures is None:
        return None
    picture = sides[0].picture(chosen.period, "VV" if chosen.band == "VV" else "VH")
    if picture is None:
        return None
    codes, best = errors_of(picture), None
    for mark in mine:
        mask = inside(mark.points, codes.shape)
        share, count = float((codes[mask] == FN).mean()), int(mask.sum())
        done = count >= PIXELS and share >= SHARE
        if best is None or done:
            best = done, f"A polygon of {count:,} pixels, {share:.0%} of them FN."
    return best


def again(seen: Mapping[tuple, float]) -> Outcome:
    """Say whether an uploaded file gave an IoU that a file of ours gave."""
    ours = [(model, value) for (way, model, _), value in seen.items() if way == OURS]
    mine = [(model, value) for (way, model, _), value in seen.items() if way == UPLOAD]
    if not mine:
        return None
    near = [(a, b) for m, a in ours for n, b in mine if m == n and abs(a - b) <= NEAR]
    if near:
        return True, f"IoU {near[-1][0]:.3f} of our file, {near[-1][1]:.3f} of yours."
    return False, f"Yours: IoU {mine[-1][1]:.3f}. Look at the same model with the same scene too."
