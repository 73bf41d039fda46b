"""Your own region: a file, a folder or a catalog, seen by models that never saw it."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from lab.crops.iou import FN
from lab.crops.shown import inside
from lab.lesson.components.maps.link import LOOK, MARKS, forget_places
from lab.lesson.components.maps.marks import POLYGON, Mark
from lab.lesson.course import CROPS
from lab.lesson.kit import ask
from lab.lesson.kit.form import Preset
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import KIT, Link
from lab.lesson.kit.page import Exercise, Outcome, Page, Tab
from lab.lesson.kit.question import Question, compare
from lab.lesson.own_region import (
    TEXT,
    catalog,
    curves,
    map_view,
    notebook,
    our_file,
    saved_files,
    server_folder,
    whole_scene,
)
from lab.lesson.own_region.region import (
    BAND,
    BESIDE_IT,
    COMPOSITE,
    MODEL,
    OURS,
    SPANISH,
    UPLOAD,
    WAY,
    OwnRegion,
    choose,
)
from lab.lesson.own_region.sides import Side, introduce, sides

FALL, PIXELS, SHARE, NEAR = 0.5, 20, 0.9, 0.01  # of the exercises
_SEEN, _MOST_SEEN = "own-seen", 200
TRANSFER = "Your own calendar (rice)"  # as `lab.lesson.transfer` offers it

Seen = Mapping[tuple, float]  # (way, model, recipe) -> IoU


def _preset(name: str, shows: str, shift: int = 0, steady: int = 0, parcel: float = 1.5) -> Preset:
    calendar = {"shift": shift, "rice": 30, "steady": steady, "parcel": parcel}
    values = {"way": OURS, **calendar, "acquisitions": 3, "seed": 0, "model": SPANISH}
    return Preset(name, TEXT(shows), values=values, load=forget_places)


PRESETS = (
    _preset("As in Spain", "preset-spain"),
    _preset("3 weeks earlier", "preset-earlier", shift=-21),
    _preset("3 weeks later", "preset-later", shift=21),
    _preset("Half steady", "preset-steady", steady=50),
    _preset("Small fields", "preset-small", parcel=0.3),
)


def maps_and_curves(page: Page) -> None:
    """Draw the question, the maps, and after the guess what came of it."""
    region, shown = page.chosen, page.found
    if region is None:
        st.caption(TEXT("waiting"))
    if not shown:
        return
    introduce(shown[0], region)
    guess = page.lesson.ask(page, *curves.question(shown[0]), region.digest)
    marks = page.more["marks"] = map_view.draw(shown, region, guess is not None)
    if not guess:
        st.caption(TEXT("predictions-come"))
        return
    _remember(shown[0], region)
    came_true, came = curves.verdict(shown[0], guess)
    compare(None if came_true is None else guess, bool(came_true), came)
    page.more["curves"] = curves.draw(shown, marks, region.band)
    curves.figures(shown)
    if region.way == OURS:
        st.caption(TEXT("fine-tune", link=fine_tuning(region.recipe)))


def fine_tuning(recipe: Mapping[str, Any]) -> str:
    """Return a link to the lesson that fine-tunes a network on such a region, its calendar set."""
    given = {
        "target": TRANSFER,
        "shift": round(max(-30, recipe["shift"]) / 5) * 5,
        "rice": max(5, round(recipe["rice"] * 20) * 5),
        "steady": round(recipe["steady"] * 10) * 10,
        "parcel": min(5.0, round(recipe["parcel"], 1)),
        "passes": recipe["acquisitions"],
    }
    return f"transfer?{urlencode(given)}"


def _remember(side: Side, region: OwnRegion) -> None:
    seen = st.session_state.setdefault(_SEEN, {})
    if side.figures is not None and len(seen) < _MOST_SEEN:
        recipe = tuple(sorted(region.recipe.items()))
        seen[(region.way, region.key, recipe)] = side.figures["iou"][0]


def whole(page: Page) -> None:
    """Draw the tab that predicts all of a scene."""
    if page.chosen is not None:
        whole_scene.draw(page.chosen)


def save(page: Page) -> None:
    """Draw what can be kept."""
    if page.found:
        saved_files.draw(page.found, page.more.get("curves"), page.chosen.way == OURS)


def code(page: Page) -> None:
    """Draw the code behind the page."""
    if page.chosen is not None:
        st.code(notebook.code(page.chosen))


def exercises(page: Page) -> tuple[Exercise, ...]:
    """Return the exercises; IoUs come after the guess."""
    seen = st.session_state.get(_SEEN, {}) if page.answered else {}
    shown = page.found if page.found and page.answered else []
    return (
        Exercise(TEXT("exercise-moved"), lambda: moved(seen)),
        Exercise(
            TEXT("exercise-missed", pixels=PIXELS, share=f"{SHARE:.0%}"),
            lambda: missed(shown, page.more.get("marks", ()), page.chosen),
        ),
        Exercise(TEXT("exercise-again"), lambda: again(seen)),
    )


def moved(seen: Seen) -> Outcome | None:
    """Say whether a moved calendar alone has halved the IoU."""
    ious = {}
    for (way, model, recipe), iou in seen.items():
        if way == OURS and iou == iou:
            rest = dict(recipe)
            ious[model, rest.pop("shift"), tuple(sorted(rest.items()))] = iou
    found = [
        Outcome(iou <= FALL * start, _moved_by(shift, start, iou))
        for (model, shift, rest), iou in ious.items()
        if shift and (start := ious.get((model, 0.0, rest)))
    ]
    return _best(found)


def _moved_by(shift: float, start: float, iou: float) -> str:
    days = f"{shift:+.0f}".replace("-", "−")
    return f"IoU {start:.2f} at 0 days, {iou:.2f} at {days} days."


def _best(found: Sequence[Outcome]) -> Outcome | None:
    """Return the first that is done, else the first, else None."""
    return next((one for one in found if one.done), found[0] if found else None)


def errors_of(picture: Mapping[str, Any]) -> np.ndarray:
    """Return the error codes (H, W) of a map as it travels, in pixels of the scene."""
    codes = np.frombuffer(zlib.decompress(base64.b64decode(picture["errors"])), np.uint8)
    codes = codes.reshape(picture["rows"], picture["columns"])
    return codes.repeat(picture["step"], 0).repeat(picture["step"], 1)


def missed(
    sides: Sequence[Side], marks: Sequence[Mark], region: OwnRegion | None
) -> Outcome | None:
    """Say whether a polygon lies in a missed field of the student's region."""
    polygons = [mark for mark in marks if mark.kind == POLYGON and mark.map == 0]
    if not polygons or not sides or region is None or sides[0].figures is None:
        return None
    key, _, _ = sides[0].picture(region.period, region.grey)
    picture = ask.known(key)
    if picture is None:
        return None
    codes = errors_of(picture)
    return _best([_within(codes, mark) for mark in polygons])


def _within(codes: np.ndarray, mark: Mark) -> Outcome:
    mask = inside(mark.points, codes.shape)
    share, count = float((codes[mask] == FN).mean()), int(mask.sum())
    polygon = f"A polygon of {count:,} pixels, {share:.0%} of them FN."
    return Outcome(count >= PIXELS and share >= SHARE, polygon)


def again(seen: Seen) -> Outcome | None:
    """Say whether an uploaded file gave an IoU that a file of ours gave."""
    ours = [(model, iou) for (way, model, _), iou in seen.items() if way == OURS]
    uploaded = [(model, iou) for (way, model, _), iou in seen.items() if way == UPLOAD]
    if not uploaded:
        return None
    near = [(a, b) for m, a in ours for n, b in uploaded if m == n and abs(a - b) <= NEAR]
    if near:
        return Outcome(True, f"IoU {near[-1][0]:.3f} of our file, {near[-1][1]:.3f} of yours.")
    return Outcome(False, TEXT("again-not-yet", iou=f"{uploaded[-1][1]:.3f}"))


LESSON = Desk(
    name="own_region",
    section=CROPS,
    place=3,
    icon=":material/add_location_alt:",
    course=("C3", "C4"),
    text=TEXT,
    link=Link(
        WAY,
        MODEL,
        BESIDE_IT,
        BAND,
        COMPOSITE,
        *our_file.KEYS,
        *server_folder.KEYS,
        *catalog.KEYS,
        MARKS,
        LOOK,
        curves.SPREAD,
    ),
    presets=PRESETS,
    question=Question(),
    choose=lambda page: choose(page.lesson.hides("controls")),
    find=lambda page: sides(page.chosen),
    tabs=(
        Tab("Maps and curves", maps_and_curves, lazy=False),
        Tab("Whole scene", whole, lazy=False),
        Tab("Save", save, lazy=False),
        Tab(KIT("code"), code, lazy=False),
    ),
    exercises=exercises,
    answers=False,  # what it says to look for gives no figure of the student's place away
)
