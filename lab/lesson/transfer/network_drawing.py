"""The network of the lesson, drawn: what goes in and out, and which part a method trains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lab.charts.crop_transfer import kernels
from lab.charts.network import network, told
from lab.crops.network.first_layer import of_checkpoint, of_weights, two_channels
from lab.crops.network.layers import FEATURES, LEVELS, Layer, layers, parameters, trains
from lab.crops.stack import CropError
from lab.lesson import pictures, service
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.text import plain
from lab.lesson.transfer import TEXT
from lab.lesson.transfer.catalogue import LONG_NAMES, SOURCES
from lab.lesson.transfer.region_picker import FEATURES as CHOSEN_FEATURES
from lab.lesson.transfer.region_picker import SOURCE
from lab.lesson.transfer.results import variant
from lab.models.choices import SEASON
from lab.runs import View

LAB, PAPER = "The lab's", "The paper's"
_SIDES = {LAB: 64, PAPER: 256}  # pixels of the images that each was trained on
_WIDTHS = {LAB: 4, PAPER: 16}
_METHODS = ("FT_E", "FT", "FT_D", "last3", "last2", "last1", "RI", "zero")
_WIDE = 780  # pixels on a desk
METHOD = Choice(
    "drawn", "What is trained by", {key: LONG_NAMES[key] for key in _METHODS}, look="select"
)
SIZE = Choice("size", "Size", list(_WIDTHS))


def boxes(method: str, width: int, features: str, side: int) -> list[dict[str, object]]:
    """Return the boxes of the drawing, see `lab.charts.network.network`.

    Args:
        method: a key of `lab.crops.network.layers.METHODS`.
        width: channels of the first level.
        features: a key of `lab.crops.network.layers.FEATURES`.
        side: pixels of an image's side.
    """
    grouped: dict[tuple[str, int], list[Layer]] = {}
    for layer in layers(width, features):
        grouped.setdefault(_home(layer), []).append(layer)
    return [
        {
            "part": part,
            "level": level,
            "shape": _shape(own[-1], side),
            "parameters": sum(layer.parameters for layer in own),
            "skip": SEASON // 2 * own[-1].outputs if part == "decoder" else 0,
            "parts": [trains(method, layer.name) for layer in own],
        }
        for (part, level), own in grouped.items()
    ]


def _home(layer: Layer) -> tuple[str, int]:
    if layer.name.endswith("head"):
        return "head", 0
    return layer.part, layer.level if layer.level <= LEVELS else 0


def _shape(layer: Layer, side: int) -> str:
    size = side // layer.shrink
    numbers = [layer.outputs, size, size]
    if layer.part == "encoder":
        numbers.insert(0, SEASON)
    return " × ".join(map(str, numbers))


def network_tab(page: Experiment) -> None:
    """Draw the network with what a method trains, and how its first layer gets a channel more."""
    left, right = st.columns([3, 2])
    with left:
        method = METHOD.draw()
    with right:
        size = SIZE.draw()
    _drawing(method, size)
    _first_layer(page.shown)


def _drawing(method: str, size: str) -> None:
    features, side, width = CHOSEN_FEATURES.value, _SIDES[size], _WIDTHS[size]
    made = boxes(method, width, features, side)
    inputs = f"{SEASON} × {len(FEATURES[features])} × {side} × {side}"
    output = f"{side} × {side}"
    wide = pictures.PHONE if pictures.on_phone() else _WIDE
    chart = network(made, inputs, output, wide, method == "RI")
    st.altair_chart(chart, key="network", width="content", alt=told(made, inputs, output))
    trained, every = parameters(method, width, features)
    st.caption(
        TEXT(
            "network",
            season=SEASON,
            bands=" and ".join(FEATURES[features]),
            trained_on=TEXT("lab-size" if size == LAB else "paper-size"),
            every=f"{every:,}",
            trained=f"{trained:,}",
            share=f"{trained / every:.1%}",
            random=f", {TEXT('random-start')}" if method == "RI" else "",
            larger=SEASON // 2,
        )
    )


def _first_layer(shown: Sequence[View]) -> None:
    """Draw how the first layer gets a second channel, and what a run made of it."""
    st.markdown(TEXT("first-layer"))
    st.latex(r"h_0 = \sigma\left(\frac{W \cdot x_{VH} + W \cdot x_{VV}}{2} + b\right)")
    source = SOURCES[SOURCE.value]
    try:
        known = of_weights(source)
    except CropError as error:
        st.warning(plain(str(error)), icon=":material/broken_image:")
        return
    two = two_channels(known)
    name = source.capitalize()
    rows = [
        (f"VH, as it learned in {name}", known[:, 0]),
        ("VH: half of it", two[:, 0]),
        ("VV: a copy, half of it", two[:, 1]),
    ]
    left, right = st.columns([1, 1], gap="medium")
    with left:
        pictures.show(kernels(rows, pictures.half()), "kernels")
    with right:
        st.markdown(TEXT("two-channels", source=name, kernels=len(known)))
        _learned(shown)


def _learned(shown: Sequence[View]) -> None:
    both = [v for v in shown if v.run.settings["features"] == "VH+VV" and v.run.checkpoint]
    both = [view for view in both if not view.run.status.alive]
    if not both:
        st.caption(TEXT("train-both"))
        return
    labels = [variant(view.run) for view in both]
    chosen = st.selectbox(
        "After training", range(len(both)), format_func=lambda n: labels[n], key="kernels-of"
    )
    view = both[min(chosen, len(both) - 1)]
    try:
        path = service.run_queue().store.checkpoint_path(view.run)
        found = of_checkpoint(path.read_bytes())
    except (CropError, OSError) as error:
        st.caption(plain(str(error)))
        return
    rows = [(f"{band}, after training", found[:, n]) for n, band in enumerate(("VH", "VV"))]
    pictures.show(kernels(rows, pictures.half()), "kernels-after")
    if found.shape[0] == 4 and view.run.settings["model"] != "RI":
        moved = float(np.abs(found[:, 0] - found[:, 1]).mean() / np.abs(found).mean())
        st.caption(TEXT("moved", share=f"{moved:.0%}"))
