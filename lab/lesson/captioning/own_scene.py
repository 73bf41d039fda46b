"""A scene of one's own: composed, drawn, and described by every run."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.charts.overlay import enlarged
from lab.lesson.asking import ask
from lab.lesson.captioning.panel import looks
from lab.lesson.lineup import plain
from lab.lesson.shown import names
from lab.runs import View
from lab.seq2seq.scenes import COLOURS, RELATIONS, SHAPES, SceneError, scene_from_words

_ALONE = "nothing else"


def desk(shown: Sequence[View]) -> None:
    """Draw the composer, and what every run says of the scene."""
    left, middle, right = st.columns([3, 2, 3], vertical_alignment="bottom")
    with middle:
        relation = st.selectbox("which is", [*RELATIONS, _ALONE], key="relation")
    with left:
        first = _group("one", 1, "red", "circle")
    with right:
        other = _group("other", 2, "blue", "square", disabled=relation == _ALONE)
    if st.button("Draw it anew", icon=":material/casino:", key="redraw"):
        st.session_state["scene_draw"] = st.session_state.get("scene_draw", 0) + 1
    seed = st.session_state.get("scene_draw", 0)
    groups = [first] if relation == _ALONE else [first, other]
    related = None if relation == _ALONE else relation
    try:
        scene = scene_from_words(groups, related, seed)
    except SceneError as error:
        st.error(str(error), icon=":material/edit_off:")
        return
    if not shown:
        st.image(enlarged(scene.image), caption=" ".join(scene.caption))
        st.caption("Train a captioner first: then it describes this scene.")
        return
    for view, name in zip(shown, names(shown), strict=True):
        answer = ask(view, "describe", groups=groups, relation=related, seed=seed)
        if answer is not None:
            st.markdown(f"##### {plain(name)}")
            looks(scene.image, answer, "your scene")


def _group(key: str, count: int, colour: str, shape: str, disabled: bool = False):
    columns = st.columns(3, gap="small")
    with columns[0]:
        number = st.selectbox(
            "How many", [1, 2, 3], index=count - 1, key=f"{key}_count", disabled=disabled
        )
    with columns[1]:
        place = COLOURS.index(colour)
        tint = st.selectbox("Colour", COLOURS, index=place, key=f"{key}_colour", disabled=disabled)
    with columns[2]:
        place = SHAPES.index(shape)
        form = st.selectbox("Shape", SHAPES, index=place, key=f"{key}_shape", disabled=disabled)
    return number, tint, form
