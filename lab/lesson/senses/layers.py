"""The vectors on the page: one layer projected, its neighbours, and all layers compared."""

from __future__ import annotations

import altair as alt
import streamlit as st

from lab.attention.senses import UNSAID, neighbours, project
from lab.charts.words import SHORT, layer_accuracy, short, word_rows, word_scatter
from lab.lesson import pictures
from lab.lesson.kit.keys import Number
from lab.lesson.kit.question import compare
from lab.lesson.kit.text import plain
from lab.lesson.senses import TEXT
from lab.lesson.senses.vectors import Vectors, outcome

DEEPEST = 1_000  # layers of a model that a link may speak of
LAYER = Number(
    "word_layer", "Layer (0: embeddings)", 0, DEEPEST, 0, help=TEXT("layer-help"), slider=True
)

_LABEL = 60  # characters of a sentence in the list to choose from
_NARROW = 26  # and in a tooltip on a phone
NEAREST = 3


def draw(found: Vectors, guess: str | None) -> int:
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


def _layer(found: Vectors) -> int:
    state = st.session_state
    if not 0 <= state.get("word_layer", 0) <= found.last:
        state["word_layer"] = found.last  # another model has fewer
    return LAYER.draw(high=found.last)


def _sentence(found: Vectors) -> int:
    count, state = len(found.sentences), st.session_state
    if state.get("word_near", 1) not in range(1, count + 1):
        state["word_near"] = 1
    return (
        st.selectbox(
            "Nearest neighbours of",
            range(1, count + 1),
            format_func=lambda number: f"{number}. {short(found.texts[number - 1], _LABEL)}",
            key="word_near",
            help=TEXT("near-help"),
        )
        - 1
    )


def scatter(found: Vectors, layer: int, place: int | None) -> alt.LayerChart:
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
    near = nearest.tolist(), cosines.tolist()
    dots, lines = word_rows(points.tolist(), found.senses, found.texts, *near, most)
    names = list(dict.fromkeys(found.senses))
    return word_scatter(
        dots, lines, names, shares.tolist(), place, 320 if narrow else 430, not narrow
    )


def _explain(found: Vectors, layer: int) -> None:
    _, shares = project(found.layers[layer])
    width = found.layers.shape[2]
    share, count = f"{shares.sum():.0%}", len(found.pieces)
    st.caption(
        TEXT(
            "points",
            word=plain(found.word),
            where=TEXT("points-after", layer=layer) if layer else TEXT("points-before"),
            pieces=TEXT("points-pieces", count=count) if count > 1 else "",
            kept=TEXT("projection", width=width, share=share)
            if shares.any()
            else TEXT("all-the-same"),
            nearest=NEAREST,
            width=width,
        )
    )


def _neighbours(found: Vectors, layer: int, place: int) -> None:
    nearest, cosines = neighbours(found.layers[layer], NEAREST)
    rows = [
        f"- {cosine:.3f} · **{plain(found.senses[other])}** · {plain(found.texts[other])}"
        for other, cosine in zip(nearest[place], cosines[place], strict=True)
    ]
    heading = TEXT("neighbours", sense=plain(found.senses[place]))
    st.markdown("\n".join([heading, "", *rows]))


def _compare(found: Vectors, layer: int, guess: str | None) -> None:
    by_lot = found.by_lot
    if by_lot is None:
        st.info(TEXT("two-senses"), icon=":material/label:")
        return
    st.altair_chart(layer_accuracy(found.rows, by_lot, layer), key="words-layers", width="stretch")
    row = found.rows[layer]
    counted = sum(sense != UNSAID for sense in found.senses)
    figures = {"share": f"{row['same_sense']:.0%}", "silhouette": f"{row['silhouette']:.2f}"}
    one = f"{1 / counted:.0%}"
    st.caption(TEXT("layer", layer=layer, count=counted, one=one, **figures))
    right, text = outcome(found.rows, guess, by_lot, counted)
    compare(guess, right, text)
