"""Inside the trained networks: one picture, and the attention of each layer, head and patch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from lab.charts.overlay import enlarged, overlay
from lab.charts.patches import PLACE, class_bars, lit_picture
from lab.lesson import pictures
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice, Number
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.vision import TEXT
from lab.lesson.vision.picture import Shown, picker
from lab.models.choices import PATCHES, SIDE
from lab.runs import View
from lab.vision.looking import attending, chosen, has_class_token, share_on
from lab.vision.settings import VisionSettings

LAST, ROLLOUT = "Last layer", "Rollout"
ANSWER, PATCH = "The answer", "A patch"
MEAN = "Mean of heads"
LAYER = Choice("layer", "Attention of", look="select", help=TEXT("layer-help"))
HEAD = Choice("head", "Head", look="select", help=TEXT("head-help"))
ASKS = Choice("asks", "Who asks", (ANSWER, PATCH), help=TEXT("asks-help"))
FINEST = SIDE // min(PATCHES)  # patches a side
ROW, COLUMN = Number("row", "Row", 1, FINEST, 1), Number("column", "Column", 1, FINEST, 1)
LOOK_KEYS = (LAYER, HEAD, ASKS, ROW, COLUMN)
_PICTURE, _HEADS = 230, 162  # pixels: a side of the picture, two heads beside each other


@dataclass(frozen=True)
class Look:
    """What of the attention is to be seen.

    Args:
        layer: number from 0, -1 for the last one, None for rollout.
        head: number from 0, None for the mean.
        row, column: of the patch that asks, from 0, in a grid of `grid` a side; None for the
            answer.
        grid: patches a side that rows and columns count.
    """

    layer: int | None
    head: int | None
    row: int | None
    column: int | None
    grid: int

    def place(self, grid: int) -> int | None:
        """Return the number of the patch that asks, in another grid: the one at its centre."""
        if self.row is None:
            return None
        row, column = (int((n + 0.5) * grid / self.grid) for n in (self.row, self.column))
        return row * grid + column


def look_inside(shown: Sequence[View]) -> None:
    """Draw a picture as every network sees it."""
    shown = [view for view in shown if view.run.checkpoint]
    if not shown:
        st.caption(TEXT("train-first"))
        return
    left, right = st.columns([1, 1], gap="medium")
    with left:
        picture = picker(shown)
        if picture is not None:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.image(_small(picture.image), width=96)
                st.caption(plain(picture.words), width="stretch")
    with right:
        look = _look(shown)
    if picture is None:
        return
    labels = names(shown)
    for begin in range(0, len(shown), 2):
        columns = st.columns(2, gap="medium")
        for column, place in zip(columns, range(begin, len(shown)), strict=False):
            with column:
                answer = ask.of_run(shown[place], picture.question, **picture.arguments)
                if answer is not None:
                    st.markdown(f"##### {plain(labels[place])}")
                    _seen(shown[place], picture, answer, look)
    outlined = "" if picture.own else TEXT("look-lab")
    st.caption(f"{TEXT('look')} {outlined} {TEXT('look-asks')}")


def _small(image: np.ndarray, side: int = 96) -> np.ndarray:
    """Return a picture with 96 pixels a side, from 48 or from a multiple of 96."""
    large = enlarged(image, max(1, side // len(image)))
    step = len(large) // side
    return large[::step, ::step]


def _look(shown: Sequence[View]) -> Look:
    settings = [VisionSettings.from_dict(view.run.settings) for view in shown]
    deep = max(s.layers if s.model == "vit" else 1 for s in settings)
    wide = max(s.heads if s.model == "vit" else 1 for s in settings)
    grid = settings[0].grid
    layers = {LAST: -1, ROLLOUT: None, **{f"Layer {n + 1}": n for n in range(deep)}}
    heads = {MEAN: None, **{f"Head {n + 1}": n for n in range(wide)}}
    left, right = st.columns(2)
    with left:
        layer = LAYER.draw(list(layers))
    with right:
        head = HEAD.draw(list(heads), disabled=layer == ROLLOUT)
    left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
    with left:
        asks = ASKS.draw()
    with middle:
        row = _number(ROW, grid, asks)
    with right:
        column = _number(COLUMN, grid, asks)
    return Look(
        layers.get(layer, -1),
        None if layer == ROLLOUT else heads.get(head),
        row,
        column,
        grid,
    )


def _number(key: Number, grid: int, asks: str) -> int | None:
    if st.session_state.get(key.name, 1) > grid:  # of a finer grid that was here before
        st.session_state[key.name] = grid
    # There also while it means nothing, so that a click can set it and the link gets it.
    number = key.draw(high=grid, disabled=asks != PATCH)
    return number - 1 if asks == PATCH else None


def _seen(view: View, picture: Shown, answer: Mapping[str, Any], look: Look) -> None:
    layers, grid = answer["layers"], answer["grid"]
    place, run = look.place(grid), view.run.id
    weights = chosen(layers, grid, look.layer, look.head, place)
    region, key = answer.get("region"), f"look-{run}"
    _verdict(answer)
    with st.container(horizontal=True, gap="small"):
        chart = lit_picture(picture.image, weights, _PICTURE, region, place)
        st.altair_chart(
            chart.properties(autosize="pad"),
            key=key,
            width="content",
            on_select=lambda: _clicked(key, grid, look.grid),
            selection_mode=PLACE,
        )
        _heads(picture.image, layers, grid, look)
    st.markdown(_told(weights, region, layers, grid, look))
    pictures.show(
        class_bars(answer["classes"], answer["probabilities"], answer.get("right")),
        f"classes-{run}",
    )


def _clicked(key: str, grid: int, counted: int) -> None:
    points = st.session_state[key]["selection"].get(PLACE)
    if points:
        row, column = (
            int((points[0][name] - 0.5) * counted / grid) + 1 for name in ("row", "column")
        )
        st.session_state.update(asks=PATCH, row=row, column=column)


def _verdict(answer: Mapping[str, Any]) -> None:
    best = int(np.argmax(answer["probabilities"]))
    said, right = answer["classes"][best], answer.get("right")
    if right is None:
        st.markdown(f"**{said}**")
    elif said == right:
        st.markdown(f"**{said}** :green[:material/check:]")
    else:
        st.markdown(f"**{said}** :red[:material/close:]  \n:small[right: {right}]")


def _told(weights: np.ndarray, region: Any, layers: Sequence, grid: int, look: Look) -> str:
    """Say in words what the picture shows."""
    total = float(weights.sum())
    most = int(np.argmax(weights))
    parts = [f"most: row {most // grid + 1}, column {most % grid + 1} ({weights[most]:.1%})"]
    if region is not None:
        on = share_on(weights, region) / max(total, 1e-9)
        parts.insert(0, f"**{on:.0%}** on what is asked about, by chance {np.mean(region):.0%}")
    if has_class_token(layers, grid):
        parts.append(f"the class token itself {max(0.0, 1 - total):.1%}")
    return f":small[{'; '.join(parts)}]"


def _heads(image: np.ndarray, layers: Sequence, grid: int, look: Look) -> None:
    own = attending(layers)
    if look.layer is None or len(own[0]) == 1:
        return
    count = len(own[min(look.layer, len(own) - 1)])
    small = _small(image)
    with st.container(horizontal=True, gap="small", width=_HEADS):
        for head in range(count):
            weights = chosen(layers, grid, look.layer, head, look.place(grid))
            lit = overlay(small, weights, 1)
            st.image(lit, caption=f"Head {head + 1}", width=72)
