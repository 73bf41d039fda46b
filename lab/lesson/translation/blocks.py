"""The blocks of a Transformer, opened on the student's sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lab.charts.alignment import alignment_heatmap
from lab.charts.decoding import matrix
from lab.charts.heatmap import ATTENTION
from lab.lesson import pictures
from lab.lesson.kit import ask
from lab.lesson.kit.runs import names
from lab.lesson.translation import TEXT, alignment
from lab.lesson.translation.own_sentence import SENTENCE
from lab.runs import View

# What a layer does, in order, as `lab.seq2seq.questions.blocks` names it.
STAGES = {
    "encoder": ("input", "attention", "after_attention", "after_feed_forward"),
    "decoder": (
        "input",
        "self_attention",
        "after_self_attention",
        "cross_attention",
        "after_cross_attention",
        "after_feed_forward",
    ),
}


def opened_blocks(shown: Sequence[View]) -> None:
    """Let the student open a layer and a head of a Transformer."""
    transformers = {
        name: view
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.settings.get("model") == "transformer"
    }
    if not transformers:
        st.caption(TEXT("no-transformer"))
        return
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        which = st.selectbox("Transformer", list(transformers), key="opened", width=260)
        side = st.segmented_control(
            "Half", list(STAGES), default="decoder", key="half", required=True
        )
    text = SENTENCE.value
    if not text.strip():
        st.caption(TEXT("sentence-first"))
        return
    found = ask.of_run(transformers[which], "blocks", text=text)
    if found is None:
        return
    layers = found[side]
    layer = _one_of("Layer", len(layers))
    heads = len(layers[0]["attention" if side == "encoder" else "self_attention"])
    _layer(found, side, layers[layer], _one_of("Head", heads))


def _one_of(name: str, count: int) -> int:
    """Draw a slider from 1 to a count, and return the choice as an index."""
    if count == 1:
        return 0
    key = name.lower()
    if st.session_state.get(key, 1) > count:  # of a larger Transformer
        st.session_state[key] = count
    return st.slider(name, 1, count, key=key) - 1


def _layer(found: Mapping[str, Any], side: str, layer: Mapping[str, Any], head: int) -> None:
    source, read = found["source"], found["target"]
    rows = source if side == "encoder" else read
    for number, stage in enumerate(STAGES[side], 1):
        name = stage.replace("_", "-")
        st.markdown(f"**{number}. {TEXT(f'stage-{name}')}**")
        values = layer[stage]
        if stage == "cross_attention":
            white, width = alignment.white_on_black(), pictures.half()
            picture = alignment_heatmap(source, rows, values[head], None, white, width)
        elif stage in ("attention", "self_attention"):
            titles = ("looks", "is looked at")
            picture = matrix(
                values[head], rows, rows, "weights", ATTENTION, titles, pictures.half()
            )
        else:
            title = f"residual stream, {len(values[0])} numbers a token"
            wide = pictures.PHONE if pictures.on_phone() else 2 * pictures.HALF
            picture = matrix(values, rows, None, title, width=wide)
        pictures.show(picture, f"block-{stage}")
    st.caption(TEXT("blocks"))
