"""Two regions: one model, two maps, and the curves that explain where it is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lab.crops.scenes.regions import REGIONS
from lab.lesson.components.maps.link import LOOK, MARKS, forget_places
from lab.lesson.components.maps.marks import POLYGON
from lab.lesson.course import CROPS
from lab.lesson.kit import ask
from lab.lesson.kit.form import Preset
from lab.lesson.kit.keep import File, Picture, Table, show
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import KIT, Link
from lab.lesson.kit.page import Exercise, Outcome, Page, Tab
from lab.lesson.kit.question import Question, compare
from lab.lesson.kit.text import plain
from lab.lesson.regions import TEXT, curves, figures, map_view, season
from lab.lesson.regions.comparison import (
    ACQUISITIONS,
    FRANCE,
    KOREAN,
    LEFT,
    MODEL,
    RIGHT,
    RULE,
    SEED,
    SIZE,
    SPAIN,
    SPANISH,
    USUAL,
    Comparison,
    choose,
)
from lab.lesson.regions.map_view import Place
from lab.lesson.regions.sides import MODULE, Side, both

FALL, SCENES, PIXELS, SHARE = 0.05, 3, 20, 0.9  # of the exercises
_SEEN, _MOST_SEEN = "regions-seen", 200
NETHERLANDS, KOREA = REGIONS["netherlands"].name, REGIONS["korea"].name


def _preset(name: str, shows: str, left: str, right: str, model: str) -> Preset:
    values = {"left": left, "right": right, "model": model, "seed": 0, "acquisitions": USUAL}
    return Preset(name, TEXT(shows), values=values, load=forget_places)


PRESETS = (
    _preset("Spain's model in France", "preset-france", SPAIN, FRANCE, SPANISH),
    _preset("Korea's model in Spain", "preset-korea", KOREA, SPAIN, KOREAN),
    _preset("Barley with a rice model", "preset-barley", SPAIN, NETHERLANDS, SPANISH),
    _preset("The physics rule in France", "preset-rule", SPAIN, FRANCE, RULE),
)


@dataclass(frozen=True)
class Seen:
    """The IoU of one model in one scene."""

    region: str
    model: str
    seed: int
    acquisitions: int
    iou: float


def look(page: Page) -> tuple[Side, Side] | None:
    """Return both regions as the model sees them; None with the reason on the page."""
    period, band = map_view.COMPOSITE.value, map_view.BAND.value
    return both(page.chosen, map_view.LABELS.index(period), band)


def maps_and_curves(page: Page) -> None:
    """Draw the maps; after the guess the curves and the figures."""
    sides = page.found
    marks = map_view.draw(sides) if sides else []
    map_view.choose_composite()
    if not sides:
        return
    right = sides[1]
    wording = TEXT("predict", crop=right.crop, place=right.place)
    about = f"{right.scene.region.key}-{page.chosen.key}"
    guess = page.lesson.ask(page, wording, curves.OPTIONS, about)
    _remember(sides)
    if not guess:
        st.caption(TEXT("curves-come"))
        return
    came_true, came = curves.verdict(right, guess)
    compare(None if came_true is None else guess, bool(came_true), came)
    page.more["curves"] = curves.draw(sides, marks)
    figures.draw(sides)


def _remember(sides: Sequence[Side]) -> None:
    seen = st.session_state.setdefault(_SEEN, {})
    for side in sides:
        scene, model = side.scene, side.comparison.key
        one = Seen(scene.region.key, model, scene.seed, scene.acquisitions, side.figures["iou"][0])
        if len(seen) < _MOST_SEEN:
            seen[one.region, one.model, one.seed, one.acquisitions] = one


def rule(page: Page) -> None:
    """Draw the clauses of the physics rule, in the scenes of the maps."""
    if page.found:
        season.rule(page.found)


def save(page: Page) -> None:
    """Draw what can be kept: the curves that are on the page, and the scenes."""
    sides, shown = page.found, page.more.get("curves")
    if not sides:
        return
    if shown is None:
        st.caption(TEXT("guess-to-save"))
    else:
        show(
            Table("Series (CSV)", lambda: shown.table(sides), "series.csv"),
            Picture("Chart", shown.chart, "curves", 760),
        )
    show(*map(_tiff, sides), prefix="save-scene")
    st.caption(TEXT("geotiff"))


def _tiff(side: Side) -> File:
    scene = side.scene
    make = ask.maker(*ask.computing(MODULE, "geotiff", **scene.asked))
    name = f"{scene.region.key}-{scene.seed}-{scene.acquisitions}.tif"
    return File(f"GeoTIFF: {plain(side.name)}", make, name)


def exercises(page: Page) -> tuple[Exercise, ...]:
    """Return the exercises; IoUs come after the guess."""
    shown = page.more.get("curves")
    places = shown.places if shown else ()
    seen = list(st.session_state.get(_SEEN, {}).values()) if page.answered else []
    return (
        Exercise(
            TEXT("exercise-missed", pixels=PIXELS, share=f"{SHARE:.0%}"),
            lambda: missed_field(places),
        ),
        Exercise(TEXT("exercise-composites", fall=FALL), lambda: other_composites(seen)),
        Exercise(TEXT("exercise-scenes", scenes=SCENES), lambda: several_scenes(seen)),
    )


def missed_field(places: Sequence[Place]) -> Outcome | None:
    """Say whether a polygon lies in a missed field of France."""
    tried = [p for p in places if p.mark.kind == POLYGON and p.region == "france"]
    if not tried:
        return None
    best = max(tried, key=lambda p: (p.found["pixels"] >= PIXELS, p.found["kinds"]["FN"]))
    pixels, share = best.found["pixels"], best.found["kinds"]["FN"]
    polygon = f"Polygon {best.name.split()[0]}: {pixels:,} pixels, {share:.0%} of them FN."
    return Outcome(pixels >= PIXELS and share >= SHARE, polygon)


def other_composites(seen: Sequence[Seen]) -> Outcome | None:
    """Say whether one scene was seen with IoUs that acquisitions alone set apart."""
    groups = defaultdict(list)
    for one in seen:
        if one.iou == one.iou:
            groups[one.region, one.model, one.seed].append(one)
    several = [group for group in groups.values() if len(group) > 1]
    if not several:
        return None
    ranges = [
        (min(group, key=lambda one: one.iou), max(group, key=lambda one: one.iou))
        for group in several
    ]
    low, high = max(ranges, key=lambda ends: ends[1].iou - ends[0].iou)
    return Outcome(
        high.iou - low.iou >= FALL,
        f"{REGIONS[low.region].name}, scene {low.seed}: IoU {high.iou:.2f} with "
        f"{high.acquisitions}, {low.iou:.2f} with {low.acquisitions} acquisitions.",
    )


def several_scenes(seen: Sequence[Seen]) -> Outcome | None:
    """Say how far apart the IoUs of several scenes of France are."""
    wanted = ("france", "spain", REGIONS["france"].acquisitions)
    values = [one.iou for one in seen if (one.region, one.model, one.acquisitions) == wanted]
    if not values:
        return None
    spread = f"{len(values)} seen: IoU {min(values):.2f} to {max(values):.2f}."
    return Outcome(len(values) >= SCENES, spread)


def code(comparison: Comparison) -> str:
    """Return Python that computes the same in a notebook."""
    places = [(scene.region.key, scene.seed) for scene in comparison.scenes]
    asked = f"region, seed, {SIZE}, {comparison.acquisitions}"
    if comparison.run is None:
        head, imported = "", "judged, probability, series_of"
        found = f"probability({comparison.key!r}, {asked})"
    else:
        head, imported = _OF_RUN, "judged, series_of"
        found = f'maps(checkpoint, data, {asked})["probability"]'
    return f"""{head}from lab.crops.compared import {imported}
from lab.crops.scenes.scene import scene

for region, seed in {places!r}:
    stack = scene(region, seed=seed, size={SIZE}, acquisitions={comparison.acquisitions})
    found = {found}
    told = judged(stack, found)
    print(stack.name, "IoU, low, high:", [round(value, 2) for value in told["iou"]])
    for row in series_of(stack, found, "VH"):
        if row["kind"] in ("TP", "FN"):
            print(row["kind"], row["period"], round(row["mean"], 1), "dB")
    for row in told["reasons"]["measures"]:
        print(row["name"], row["auc"])  # how well it tells missed fields from found ones
"""


def _code(comparison: Comparison) -> None:
    st.code(code(comparison))


_OF_RUN = """from pathlib import Path

from lab.crops.network.questions import maps
from lab.runs import transfer

# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")

"""

LESSON = Desk(
    name="regions",
    section=CROPS,
    place=0,
    icon=":material/compare:",
    course=("C4", "C5"),
    text=TEXT,
    link=Link(
        LEFT,
        RIGHT,
        MODEL,
        SEED,
        ACQUISITIONS,
        MARKS,
        LOOK,
        map_view.COMPOSITE,
        map_view.BAND,
        curves.SERIES_OF,
        curves.PIXELS,
        curves.SPREAD,
        season.BAND,
        season.FIELDS,
    ),
    presets=PRESETS,
    question=Question(),
    choose=lambda page: choose(page.lesson.hides("controls")),
    find=look,
    tabs=(
        Tab("Maps and curves", maps_and_curves, lazy=False),
        Tab("Calendar", season.calendar, lazy=False),
        Tab("Rule", rule),
        Tab("Save", save, lazy=False),
        Tab(KIT("code"), lambda page: _code(page.chosen), lazy=False),
    ),
    exercises=exercises,
)
