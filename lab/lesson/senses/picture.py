"""The vectors on the page: one layer projected, its neighbours, and all layers compared."""

from __future__ import annotations

import altair as alt
import streamlit as st

from lab.attention.senses import UNSAID, neighbours, project
from lab.charts.words import SHORT, layer_accuracy, short, word_rows, word_scatter
from lab.lesson import pictures
from lab.lesson.lineup import plain
from lab.lesson.senses.found import Found, outcome

_LABEL = 60  # characters of a sentence in the list to choose from
_NARROW = 26  # and in a tooltip on a phone
NEAREST = 3


def desk(found: Found, guess: str | None) -> int:
    """Draw everything about the vectors; return the layer that is shown."""
    left, right = st.columns(2, gap="medium")
    with left:
        layer = _layer(found)
    with right:
        place = _sentence(found)
    left, right = st.columns([11, 8], gap="medium")
    with left:
        st.altair_chart(scatter(found, layer, place), key="words-scatter", width="stretch")
        _explain(found, layer)
    with right:
        _neighbours(found, layer, place)
        _compare(found, layer, guess)
    return layer


def _layer(found: Found) -> int:
    state = st.session_state
    if not 0 <= state.get("word_layer", 0) <= found.last:
        state["word_layer"] = found.last  # another model has fewer
    return st.slider(
        "Layer (0: embeddings)",
        0,
        found.last,
        0,
        key="word_layer",
        bind="query-params",
        help="Move it: the same sentences, read a layer further.",
    )


def _sentence(found: Found) -> int:
    count, state = len(found.sentences), st.session_state
    if state.get("word_near", 1) not in range(1, count + 1):
        state["word_near"] = 1
    return (
        st.selectbox(
            "Nearest neighbours of",
            range(1, count + 1),
            format_func=lambda number: f"{number}. {short(found.texts[number - 1], _LABEL)}",
            key="word_near",
            help="In the picture it has a ring, and lines to its nearest.",
        )
        - 1
    )


def scatter(found: Found, layer: int, place: int | None) -> alt.LayerChart:
    """Return the chart of one layer.

    Args:
        found: the vectors.
        layer: 0 for the embeddings.
        place: of the sentence with a ring, or None.
    """
    points, shares = project(found.layers[layer])
    nearest, cosines = neighbours(found.layers[layer], NEAREST)
    narrow = pictures.on_phone()
    most = _NARROW if narrow else SHORT
    dots, lines = word_rows(points, found.senses, found.texts, nearest, cosines, most)
    names = list(dict.fromkeys(found.senses))
    return word_scatter(dots, lines, names, shares, place, 320 if narrow else 430, not narrow)


def _explain(found: Found, layer: int) -> None:
    _, shares = project(found.layers[layer])
    width = found.layers.shape[2]
    where = "as it goes into the first layer" if layer == 0 else f"after layer {layer}"
    pieces = "" if len(found.pieces) < 2 else f", a mean over its {len(found.pieces)} pieces"
    kept = (
        f"The picture is a projection (PCA): of {width} directions it keeps the two in which the "
        f"vectors differ most, with {shares.sum():.0%} of their variance."
        if shares.any()
        else "All of them are the same here: nothing of the sentence has come in yet."
    )
    st.caption(
        f"Each point: the vector of “{plain(found.word)}” in one sentence {where}{pieces}. {kept} "
        f"Touch a point: lines lead to its {NEAREST} nearest by cosine in all {width} directions, "
        "which on the picture may look far."
    )


def _neighbours(found: Found, layer: int, place: int) -> None:
    nearest, cosines = neighbours(found.layers[layer], NEAREST)
    rows = [
        f"- {cosine:.3f} · **{plain(found.senses[other])}** · {plain(found.texts[other])}"
        for other, cosine in zip(nearest[place], cosines[place], strict=True)
    ]
    said = (
        f"Its sense: **{plain(found.senses[place])}**. Nearest to it (cosine · sense · sentence):"
    )
    st.markdown("\n".join([said, "", *rows]))


def _compare(found: Found, layer: int, guess: str | None) -> None:
    by_lot = found.by_lot
    if by_lot is None:
        st.info(
            "To compare layers, write sentences in at least two senses, two of one of them: "
            "`sense | sentence`.",
            icon=":material/label:",
        )
        return
    st.altair_chart(layer_accuracy(found.rows, by_lot, layer), key="words-layers", width="stretch")
    row = found.rows[layer]
    counted = sum(sense != UNSAID for sense in found.senses)
    st.caption(
        f"Layer {layer}: {row['same_sense']:.0%}, silhouette {row['silhouette']:.2f} (1: senses "
        f"far apart, 0: no difference). {counted} sentences: one more or less is {1 / counted:.0%}."
    )
    right, text = outcome(found.rows, guess, by_lot, counted)
    (st.success if right else st.info)(text, icon=":material/psychology:")
