"""The same field, twice: the number of acquisitions moves curves and maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab.crops.scenes.regions import REGIONS
from lab.lesson.composites import TEXT
from lab.lesson.composites.exercises import exercises
from lab.lesson.composites.field_curve import FIELD, GUESSES, PIXELS, WHOLE_CLASS, WINDOW, curve_tab
from lab.lesson.composites.map_iou import MODEL, NETWORK, QUESTION, RULE, TUNED, iou_tab
from lab.lesson.composites.operator_bias import BIAS, LOOKS, bias_tab
from lab.lesson.composites.save_and_code import save_tab
from lab.lesson.composites.scene_picker import KEYS, scene_picker
from lab.lesson.course import CROPS
from lab.lesson.kit import ask
from lab.lesson.kit.form import Preset
from lab.lesson.kit.lesson import Desk
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Page, Tab
from lab.lesson.kit.question import Question

_CURVE, _BIAS, _IOU, _SAVE = "The curve", "The bias", "IoU moves", "Save and code"


def preset(name: str, shows: str, place: str, grown: str, tab: str, **more: Any) -> Preset:
    """Return a ready view of a class in a region; `more` sets other controls than at first."""
    usual = {"passes": (2, 6), "by_mean": False, "model": NETWORK, "who": FIELD}
    view = {"region": REGIONS[place].name, "grown": grown, "tab": tab}
    return Preset(name, shows, values={**usual, **view, **more})


PRESETS = (
    preset("Rice, two or six", TEXT("rice-two-or-six"), "korea", "rice, Korea", _CURVE),
    preset("All by mean", TEXT("all-mean"), "korea", "rice, Korea", _CURVE, by_mean=True),
    preset("Trees stand still", TEXT("trees"), "korea", "trees or town", _BIAS, who=WHOLE_CLASS),
    preset("A rule of 5 dB", TEXT("rule"), "spain", "rice, Spain", _IOU, model=RULE),
    preset("Tuned at three", TEXT("tuned"), "spain", "rice, Spain", _IOU, model=TUNED),
    preset("Korea, 1 to 6", TEXT("one-to-six"), "korea", "rice, Korea", _IOU),
)


def seen(draw: Callable[[Page], None]) -> Callable[[Page], None]:
    """Return what draws a tab once the acquisitions of the scene are known."""
    return lambda page: None if page.found is None else draw(page)


LESSON = Desk(
    name="composites",
    section=CROPS,
    place=2,
    icon=":material/layers:",
    course=("C5",),
    text=TEXT,
    link=Link(*KEYS, PIXELS, WINDOW, BIAS, LOOKS, MODEL, QUESTION.key),
    intro=("synthetic",),
    presets=PRESETS,
    # It is about the rice of Korea, whatever the controls say: asked once.
    question=Question(widget="curve-guess"),
    choose=lambda page: scene_picker(),
    predict=lambda page: page.lesson.ask(page, TEXT("predict"), GUESSES),
    find=lambda page: ask.compute("lab.crops.scenes.passes", "look", **page.chosen.arguments),
    tabs=(
        Tab(_CURVE, seen(curve_tab)),
        Tab(_BIAS, seen(bias_tab)),
        Tab(_IOU, seen(iou_tab)),
        Tab(_SAVE, seen(save_tab)),
    ),
    exercises=exercises,
)
