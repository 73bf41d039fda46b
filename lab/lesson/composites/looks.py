"""The first tab: a field's curve as seen twice, and what the field looks like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from lab.charts.crop_composites import TRUTH, twice
from lab.lesson import pictures
from lab.lesson.composites.controls import CLASS, FIELD, WHO, Chosen
from lab.lesson.frame import SKIP

DOWN, UP, STAYS = "Down", "Up", "Within 0.3 dB"
OPTIONS = (DOWN, UP, STAYS)
QUESTION = (
    "The same rice field in Korea, seen six times in each period instead of twice. Its composite "
    "of 10 to 30 May is a minimum. Where does that point of its curve move?"
)
_DARK, _BRIGHT = -26.0, -10.0  # dB of the pictures' black and white
_LARGER = 4  # screen pixels to a pixel of the scene
_EDGE = (213, 94, 0)
_STILL = 0.3  # dB


def desk(found: dict[str, Any], chosen: Chosen, guess: str) -> None:
    """Draw the curve and the pictures of the field."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        who = whose()
        rows = series(found, chosen, who)
        st.altair_chart(picture(rows, chosen), key="twice", width="stretch")
        st.caption(
            f"Mean of {found['pixels'][who]:,} pixels, taken in power. *{TRUTH}*: the mean of all "
            "six dates with speckle and noise left out. Above: growth stages of Korean rice, and "
            "the operator of each composite."
        )
    with right:
        _windows(found, chosen)
    for line in said(found, chosen, who):
        st.markdown(line)
    if guess != SKIP:
        st.caption(f"You said: {guess.lower()}. {answer(found, chosen)}")


def whose() -> str:
    """Draw the choice of pixels; return "field" or "class"."""
    picked = st.segmented_control(
        "Pixels of",
        list(WHO),
        default=FIELD,
        key="who",
        bind="query-params",
        required=True,
    )
    return "class" if picked == CLASS else "field"


def name_of(count: int) -> str:
    """Return a line's name."""
    return f"{count} acquisition{'s' if count > 1 else ''}"


def rows_of(
    found: dict[str, Any], who: str, way: str, counts: Sequence[int] | None = None
) -> pd.DataFrame:
    """Return the rows of `lab.crops.scenes.passes.look` for some of the looks."""
    data = pd.DataFrame(found["rows"])
    data = data[(data.who == who) & (data.way == way)]
    return data if counts is None else data[data["count"].isin(counts)]


def series(found: dict[str, Any], chosen: Chosen, who: str) -> pd.DataFrame:
    """Return the rows of the curves: two looks and the truth."""
    data = rows_of(found, who, chosen.way, chosen.passes)
    seen = data.assign(
        name=[name_of(count) for count in data["count"]], apart=data.value - data.truth
    )
    truth = seen[seen["count"] == chosen.passes[0]].assign(name=TRUTH, apart=0.0)
    truth["value"] = truth.truth
    return pd.concat([seen, truth])


def picture(rows: pd.DataFrame, chosen: Chosen, height: int = 330) -> alt.LayerChart:
    """Return the chart of the curves."""
    names = list(dict.fromkeys(map(name_of, chosen.passes)))
    return twice(rows, [*names, TRUTH], chosen.band, height)


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


def said(found: dict[str, Any], chosen: Chosen, who: str) -> list[str]:
    """Return what the curves say, a line for each operator."""
    data = rows_of(found, who, chosen.way)
    lines = []
    for operator in dict.fromkeys(data.operator):
        looks = [parts(data, count, operator) for count in chosen.passes]
        told = ", ".join(
            f"{signed(number['all'])} dB from the truth at {name_of(count)}"
            for count, number in dict(zip(chosen.passes, looks, strict=True)).items()
        )
        last = looks[-1]
        lines.append(
            f"- **{operator}**: {told}. Of the last, {signed(last['speckle'])} dB is speckle and "
            f"{signed(last['moves'])} dB the field itself, on the dates that were seen."
        )
    return lines


def answer(found: dict[str, Any], chosen: Chosen) -> str:
    """Return what came of the guess; nothing unless the rice of Korea is shown."""
    if chosen.grown != "rice, Korea" or chosen.way != "paper" or chosen.band != "VH":
        return "Choose *Rice, two or six* to compare."
    data = rows_of(found, "field", "paper")
    two, six = (float(data[data["count"] == count].value.iloc[0]) for count in (2, 6))
    return f"From two to six it moved by {signed(six - two)} dB: {outcome(six - two).lower()}."


def outcome(change: float) -> str:
    """Return the option that a change in dB is."""
    return STAYS if abs(change) <= _STILL else DOWN if change < 0 else UP


def _windows(found: dict[str, Any], chosen: Chosen) -> None:
    windows = found["windows"][chosen.way]
    data = rows_of(found, "field", chosen.way, chosen.passes[:1])
    names = list(data.period)
    paper = list(rows_of(found, "field", "paper", chosen.passes[:1]).period)
    # One name for a period in both ways, so that the link and the choice stay.
    days = [name.split(",")[0] for name in paper]
    picked = st.select_slider(
        "Picture of the composite of", days, key="window", bind="query-params"
    )
    place = days.index(picked)
    shown = [(name_of(count), windows[count - 1, place]) for count in dict.fromkeys(chosen.passes)]
    shown.append((TRUTH, found["window_truth"][place]))
    wide = (105 if pictures.on_phone() else 112,) * len(shown)
    with st.container(horizontal=True, gap="small"):
        for (name, values), across in zip(shown, wide, strict=True):
            mean = values[found["inside"]].mean()
            st.image(
                grey(values, found["inside"]),
                caption=f"{name}: pixels {mean:.1f} dB".replace("-", "−"),
                width=across,
            )
    st.caption(
        f"{names[place]}, {chosen.band}. Black is −{-_DARK:.0f} dB or less, white −{-_BRIGHT:.0f} "
        "dB or more; 400 m across. Outlined: the field, and the mean of its pixels' decibels."
    )


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
