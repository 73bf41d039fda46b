"""The first tab: a field's curve as seen twice, and what the field looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from lab.charts.crop_composites import TRUTH, twice
from lab.crops.stack import PERIODS
from lab.lesson import pictures
from lab.lesson.composites import TEXT
from lab.lesson.composites.scene_picker import Scene
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.page import Page
from lab.lesson.kit.question import SKIP, compare

Look = Mapping[str, Any]  # what `lab.crops.scenes.passes.look` returns

DOWN, UP, STAYS = GUESSES = ("Down", "Up", "Within 0.3 dB")
_STILL = 0.3  # dB
_DARK, _BRIGHT = -26.0, -10.0  # dB of the pictures' black and white
_LARGER = 4  # screen pixels to a pixel of the scene
_EDGE = (213, 94, 0)

FIELD, WHOLE_CLASS = "The largest field", "All fields of the class"
PIXELS = Choice("who", "Pixels of", [FIELD, WHOLE_CLASS])
# One name for a period in both ways of composites, so that the link and the choice stay.
WINDOW = Choice(
    "window",
    "Picture of the composite of",
    [period.label.split(",")[0] for period in PERIODS],
    look="slider",
)


def curve_tab(page: Page) -> None:
    """Draw the curve and the pictures of the field, and what they say."""
    look: Look = page.found
    scene: Scene = page.chosen
    left, right = st.columns([3, 2], gap="medium")
    with left:
        PIXELS.draw()
        of = pixels_of()
        st.altair_chart(picture(series(look, scene, of), scene), key="twice", width="stretch")
        st.caption(TEXT("curve", pixels=f"{look['pixels'][of]:,}", truth=TRUTH))
    with right:
        _windows(look, scene)
    for line in in_words(look, scene, of):
        st.markdown(line)
    _compare(page.guess, look, scene)


def pixels_of() -> str:
    """Return whose pixels are looked at, "field" or "class"."""
    return "class" if PIXELS.value == WHOLE_CLASS else "field"


def name_of(count: int) -> str:
    """Return a line's name."""
    return f"{count} acquisition{'s' if count > 1 else ''}"


def rows_of(look: Look, of: str, way: str, counts: Sequence[int] | None = None) -> pd.DataFrame:
    """Return the rows of `lab.crops.scenes.passes.look` for some of the looks."""
    data = pd.DataFrame(look["rows"])
    data = data[(data.who == of) & (data.way == way)]
    return data if counts is None else data[data["count"].isin(counts)]


def series(look: Look, scene: Scene, of: str) -> pd.DataFrame:
    """Return the rows of the curves: two looks and the truth."""
    data = rows_of(look, of, scene.way, scene.passes)
    seen = data.assign(
        name=[name_of(count) for count in data["count"]], apart=data.value - data.truth
    )
    truth = seen[seen["count"] == scene.passes[0]].assign(name=TRUTH, apart=0.0)
    truth["value"] = truth.truth
    return pd.concat([seen, truth])


def picture(rows: pd.DataFrame, scene: Scene, height: int = 330) -> alt.LayerChart:
    """Return the chart of the curves."""
    names = list(dict.fromkeys(map(name_of, scene.passes)))
    return twice(rows, [*names, TRUTH], scene.band, height)


def signed(change: float, digits: int = 1) -> str:
    """Return a number with its sign, a true minus."""
    return f"{change:+.{digits}f}".replace("-", "−")


def parts(data: pd.DataFrame, count: int, operator: str) -> dict[str, float]:
    """Return how far an operator's composites lie from the truth, in dB, mean of its periods.

    Returns:
        all: from the truth; speckle: from the same composite without speckle; moves: what is left,
        that is how far that composite lies from the mean of the dates.
    """
    mine = data[(data["count"] == count) & (data.operator == operator)]
    return {
        "all": float((mine.value - mine.truth).mean()),
        "speckle": float((mine.value - mine.clean).mean()),
        "moves": float((mine.clean - mine.truth).mean()),
    }


def in_words(look: Look, scene: Scene, of: str) -> list[str]:
    """Return what the curves say, a line for each operator."""
    data = rows_of(look, of, scene.way)
    lines = []
    for operator in dict.fromkeys(data.operator):
        looks = {count: parts(data, count, operator) for count in scene.passes}
        away = ", ".join(
            f"{signed(apart['all'])} dB from the truth at {name_of(count)}"
            for count, apart in looks.items()
        )
        last = {name: signed(apart) for name, apart in looks[scene.passes[-1]].items()}
        lines.append(TEXT("operator", operator=operator, away=away, **last))
    return lines


def _compare(guess: str | None, look: Look, scene: Scene) -> None:
    """Compare the guess, where what it is about is shown: the rice of Korea, as in the paper."""
    if scene.grown != "rice, Korea" or scene.way != "paper" or scene.band != "VH":
        if guess != SKIP:
            st.caption(TEXT("compare-elsewhere"))
        return
    data = rows_of(look, "field", "paper")
    two, six = (float(data[data["count"] == count].value.iloc[0]) for count in (2, 6))
    came = outcome(six - two)
    compare(guess, guess == came, TEXT("moved", change=signed(six - two), outcome=came.lower()))


def outcome(change: float) -> str:
    """Return the option that a change in dB is."""
    return STAYS if abs(change) <= _STILL else DOWN if change < 0 else UP


def _windows(look: Look, scene: Scene) -> None:
    place = list(WINDOW.options or ()).index(WINDOW.draw())
    windows, inside = look["windows"][scene.way], look["inside"]
    shown = [(name_of(count), windows[count - 1, place]) for count in dict.fromkeys(scene.passes)]
    shown.append((TRUTH, look["window_truth"][place]))
    with st.container(horizontal=True, gap="small"):
        for name, values in shown:
            st.image(
                grey(values, inside),
                caption=f"{name}: pixels {values[inside].mean():.1f} dB".replace("-", "−"),
                width=105 if pictures.on_phone() else 112,
            )
    period = list(rows_of(look, "field", scene.way, scene.passes[:1]).period)[place]
    dark, bright = f"−{-_DARK:.0f}", f"−{-_BRIGHT:.0f}"
    st.caption(TEXT("windows", period=period, band=scene.band, dark=dark, bright=bright))


def grey(values: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return a picture (h, w, 3) uint8 of backscatter in dB, a field outlined in it."""
    levels = np.clip((values - _DARK) / (_BRIGHT - _DARK), 0, 1) * 255
    large = np.kron(levels, np.ones((_LARGER, _LARGER))).astype(np.uint8)
    field = np.kron(inside, np.ones((_LARGER, _LARGER), int)).astype(bool)
    around = np.pad(field, 1)
    whole = around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    coloured = np.repeat(large[..., None], 3, 2)
    coloured[field & ~whole] = _EDGE
    return coloured
