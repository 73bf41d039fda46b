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
from lab.lesson.lineup import plain
from lab.lesson.transfer.catalogue import LONG_NAMES, SOURCES
from lab.lesson.transfer.results import crops, variant
from lab.models.choices import SEASON
from lab.runs import View

SIDES = {"The lab's": 64, "The paper's": 256}  # pixels of the images that each was trained on
WIDTHS = {"The lab's": 4, "The paper's": 16}
_METHODS = ("FT_E", "FT", "FT_D", "last3", "last2", "last1", "RI", "zero")
_WIDE = 780  # pixels on a desk


_ABOUT = {
    "The lab's": "The lab trains on pieces of 64 × 64 pixels; the network reads larger scenes too.",
    "The paper's": "The paper trained on patches of 256 × 256.",
}


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


def drawing() -> None:
    """Draw the network with the parts that one of the methods trains."""
    left, right = st.columns([3, 2])
    with left:
        method = st.selectbox(
            "What is trained by",
            _METHODS,
            format_func=lambda key: LONG_NAMES[key],
            key="drawn",
            bind="query-params",
        )
    with right:
        size = st.segmented_control(
            "Size", list(WIDTHS), default="The lab's", key="size", bind="query-params",
            required=True,
        )  # fmt: skip
    features, side, width = st.session_state.get("features") or "VH", SIDES[size], WIDTHS[size]
    made = boxes(method, width, features, side)
    inputs = f"{SEASON} × {len(FEATURES[features])} × {side} × {side}"
    output = f"{side} × {side}"
    chart = network(
        made, inputs, output, pictures.PHONE if pictures.on_phone() else _WIDE, method == "RI"
    )
    st.altair_chart(
        chart,
        key="network",
        width="content",
        alt=told(made, inputs, output),
    )
    trained, every = parameters(method, width, features)
    st.caption(
        f"Images × channels × height × width; in go {SEASON} images of "
        f"{' and '.join(FEATURES[features])}, out comes one map: the crop or not, for each pixel. "
        f"{_ABOUT[size]} "
        f"Of **{every:,}** weights this method trains **{trained:,}** ({trained / every:.1%})"
        f"{', beginning with random ones' if method == 'RI' else ''}. "
        "A skip carries the larger of the two images of each of four growth stages: "
        f"{SEASON // 2} × the level's channels. The bottleneck reads all {SEASON} images side by "
        "side; it is counted to the encoder."
    )


def first_layer(shown: Sequence[View]) -> None:
    """Draw how the first layer gets a second channel, and what a run made of it."""
    st.markdown("**Two channels from one (Eq. 3).** Only the first layer meets the channels.")
    st.latex(r"h_0 = \sigma\left(\frac{W \cdot x_{VH} + W \cdot x_{VV}}{2} + b\right)")
    source = st.session_state.get("source") or next(iter(SOURCES))
    try:
        known = of_weights(SOURCES[source])
    except CropError as error:
        st.warning(plain(str(error)), icon=":material/broken_image:")
        return
    two = two_channels(known)
    name = SOURCES[source].capitalize()
    rows = [
        (f"VH, as it learned in {name}", known[:, 0]),
        ("VH: half of it", two[:, 0]),
        ("VV: a copy, half of it", two[:, 1]),
    ]
    left, right = st.columns([1, 1], gap="medium")
    with left:
        pictures.show(kernels(rows, pictures.half()), "kernels")
    with right:
        st.markdown(
            f"The network of {name} has one kernel of 3 × 3 weights for each of its {len(known)} "
            "first channels. They are copied for VV, and all are divided by two: the sum stays as "
            "large as it was, and where VV looks like VH every activation is what it was. From "
            "there on the two halves learn apart."
        )
        _learned(shown)


def _learned(shown: Sequence[View]) -> None:
    both = [v for v in crops(shown) if v.run.settings["features"] == "VH+VV" and v.run.checkpoint]
    both = [view for view in both if not view.run.status.alive]
    if not both:
        st.caption("Train with VH+VV, and the kernels after training are drawn here.")
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
        st.caption(
            f"VH's and VV's kernels began equal; now they differ by {moved:.0%} of a weight's "
            "mean size."
        )
