"""The blocks of a Transformer, opened on the student's sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lab.charts.alignment import alignment_heatmap
from lab.charts.decoding import matrix
from lab.charts.heatmap import ATTENTION
from lab.lesson import pictures
from lab.lesson.asking import ask
from lab.lesson.shown import names
from lab.lesson.translation import heatmap
from lab.runs import View

# What a layer does, in order: key of the opened layer -> what it is.
STAGES = {
    "encoder": {
        "input": "What comes in",
        "attention": "Self-attention: every source token looks at every other",
        "after_attention": "After adding what attention found",
        "after_feed_forward": "After adding what the feed-forward layer made of each token",
    },
    "decoder": {
        "input": "What comes in",
        "self_attention": "Masked self-attention: a token sees itself and those before it",
        "after_self_attention": "After adding what it found",
        "cross_attention": "Cross-attention: every target place looks at the source",
        "after_cross_attention": "After adding what it found",
        "after_feed_forward": "After adding what the feed-forward layer made of each token",
    },
}


def opened(shown: Sequence[View]) -> None:
    """Let the student open a layer and a head of a Transformer."""
    mine = [
        (view, name)
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.settings.get("model") == "transformer"
    ]
    if not mine:
        st.caption("Put a Transformer into the line-up and train it: then its blocks open here.")
        return
    labels = [name for _, name in mine]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        which = st.selectbox("Transformer", labels, key="opened", width=260)
        side = st.segmented_control(
            "Half", ["encoder", "decoder"], default="decoder", key="half", required=True
        )
    view = mine[labels.index(which)][0]
    text = st.session_state.get("sentence") or ""
    if not text.strip():
        st.caption("Write a sentence under 'Your sentence' first.")
        return
    found = ask(view, "blocks", text=text)
    if found is None:
        return
    layers = found[side]
    layer = st.slider("Layer", 1, len(layers), key="layer") if len(layers) > 1 else 1
    heads = len(layers[0]["attention" if side == "encoder" else "self_attention"])
    head = st.slider("Head", 1, heads, key="head") if heads > 1 else 1
    _layer(found, side, layers[layer - 1], head - 1)


def _layer(found: Mapping[str, Any], side: str, layer: Mapping[str, Any], head: int) -> None:
    source, read = found["source"], found["target"]
    rows = source if side == "encoder" else read
    for number, (key, what) in enumerate(STAGES[side].items(), 1):
        st.markdown(f"**{number}. {what}**")
        values = layer[key]
        if key == "cross_attention":
            inverted, width = heatmap.inverted(), pictures.half()
            picture = alignment_heatmap(source, rows, values[head], None, inverted, width)
        elif key in ("attention", "self_attention"):
            titles = ("looks", "is looked at")
            picture = matrix(
                values[head], rows, rows, "weights", ATTENTION, titles, pictures.half()
            )
        else:
            title = f"residual stream, {len(values[0])} numbers a token"
            wide = pictures.PHONE if pictures.on_phone() else 2 * pictures.HALF
            picture = matrix(values, rows, None, title, width=wide)
        pictures.show(picture, f"block-{key}")
    st.caption(
        "The residual stream runs through: each part reads it (after a layer norm) and adds to it. "
        "Rows of the decoder are the tokens it reads; what comes out of a row is the next token. "
        "The colours go with the largest number of each picture."
    )
