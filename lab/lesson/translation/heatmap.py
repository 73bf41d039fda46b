"""An alignment as a picture, with the sentence below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lab.charts.alignment import alignment_heatmap
from lab.lesson import pictures
from lab.lesson.lineup import plain

INKS = {"dark": "Ink is attention", "white": "White is attention"}
CONVENTION = (
    "Source across, target down. More ink is more attention, as on every page; choose white to see "
    "it as in the lectures and in Bahdanau et al. (2015): white on black. Hover a cell for its "
    "value; each row sums to 1."
)


def inverted() -> bool:
    """Return whether white on black stands for attention, as chosen under the lesson's picture."""
    return st.session_state.get("ink") == "white"


def choose_ink() -> None:
    """Let the student choose the colour."""
    st.segmented_control(
        "Picture",
        list(INKS),
        format_func=INKS.get,
        default="dark",
        key="ink",
        required=True,
        bind="query-params",
        label_visibility="collapsed",
    )


def draw(
    shown: Mapping[str, Any], key: str, note: str = "", gold=None, marked: int | None = None
) -> None:
    """Draw the alignment of a translation, and what was written.

    Args:
        shown: `lab.seq2seq.translation.Translation` as a dict.
        key: of the chart.
        note: what it is of, such as "step 40".
        gold: (source, target) links to mark, or None.
        marked: a target row to point out, or None.
    """
    source, target, weights = shown["source"], shown["target"], shown["weights"]
    if weights is None:
        st.info(
            "No attention, no alignment: this decoder sees one vector, made of the whole source, "
            "and nothing else.",
            icon=":material/visibility_off:",
        )
    elif not target:
        st.caption("Nothing was written.")
    else:
        picture = alignment_heatmap(
            source, target, weights, gold, inverted(), pictures.half(), marked
        )
        pictures.show(picture, key)
    said(shown, note)


def said(shown: Mapping[str, Any], note: str = "") -> None:
    """Say what was written, what would have been right, and what could not be read."""
    words = [token for token in shown["target"] if token != "</s>"]
    joined = ("" if _by_character(words) else " ").join(words)
    line = f"**{plain(joined) or '∅'}**" + (f" :small[({note})]" if note else "")
    reference = shown.get("reference")
    if reference is not None:
        right = ("" if _by_character(words) else " ").join(reference)
        same = list(reference) == words
        line += " :green[:material/check:]" if same else f"  \nright: {plain(right)}"
    st.markdown(line)
    if shown.get("unknown"):
        pieces = ", ".join(plain(repr(piece)) for piece in shown["unknown"][:8])
        st.caption(
            f":orange[:material/help:] Not in the vocabulary, read as `<unk>`: {pieces}. The model "
            "knows that something stands there, and not what."
        )


def _by_character(words: list[str]) -> bool:
    return bool(words) and all(len(word) == 1 for word in words)
