"""The picture that the networks look at: a held-out scene, one composed, or one uploaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import streamlit as st

from lab.lesson.captioning.scenes import data_of
from lab.lesson.lineup import plain
from lab.runs import View
from lab.seq2seq.scenes import (
    COLOURS,
    COUNTS,
    RELATIONS,
    SHAPES,
    Group,
    SceneError,
    scene_from_words,
)
from lab.vision.upload import LARGEST_BYTES, Picture, PictureError, read_picture

SOURCES = ("Held-out", "Own scene", "Upload")
ALONE = "nothing else"
_GROUPS = {
    " ".join(group.words): group
    for group in (Group(*parts) for parts in product((1, 2, 3), COLOURS, SHAPES))
}


@dataclass(frozen=True)
class Shown:
    """A picture, and how to ask about it.

    Args:
        image: what is drawn, square, uint8; the networks see 48 x 48 pixels of it.
        question: of `lab.vision.questions`.
        arguments: of the question.
        words: what it shows.
        own: whether it was uploaded.
    """

    image: np.ndarray
    question: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    own: bool = False


def picker(shown: Sequence[View]) -> Shown | None:
    """Draw the choice of a picture; return it, or None while there is none."""
    source = st.segmented_control(
        "Picture",
        SOURCES,
        default=SOURCES[0],
        key="picture",
        bind="query-params",
        required=True,
    )
    if source == SOURCES[0]:
        return _held_out(shown)
    return _composed() if source == SOURCES[1] else _uploaded()


def _held_out(shown: Sequence[View]) -> Shown:
    fewest = min(shown, key=lambda view: len(data_of(view).held_out))
    scenes = data_of(fewest).held_out
    number = st.number_input(
        f"Scene, 0 to {len(scenes) - 1:,}",
        0,
        len(scenes) - 1,
        0,
        key="held_out",
        bind="query-params",
        help="No training scene shows this combination of groups.",
    )
    scene = scenes[number]
    return Shown(scene.image, "look", {"scene": number}, " ".join(scene.caption))


def _composed() -> Shown | None:
    names = list(_GROUPS)
    left, middle, right = st.columns(3)
    with left:
        large = st.selectbox("Larger shapes", names, key="large", bind="query-params")
    with middle:
        relation = st.selectbox("stand", [*RELATIONS, ALONE], key="stand", bind="query-params")
    alone = relation == ALONE
    with right:
        small = st.selectbox(
            "of the smaller shapes",
            names,
            index=names.index(f"{COUNTS[1]} blue squares"),
            key="small",
            bind="query-params",
            disabled=alone,
        )
    if st.button("Draw it anew", icon=":material/casino:", key="anew"):
        st.session_state["vision_draw"] = st.session_state.get("vision_draw", 0) + 1
    seed = st.session_state.get("vision_draw", 0)
    groups = [list(_GROUPS[name]) for name in ([large] if alone else [large, small])]
    related = None if alone else relation
    try:
        scene = scene_from_words([tuple(group) for group in groups], related, seed)
    except SceneError as error:
        st.error(str(error), icon=":material/edit_off:")
        return None
    arguments = {"groups": groups, "relation": related, "seed": seed}
    return Shown(scene.image, "look", arguments, " ".join(scene.caption))


def _uploaded() -> Shown | None:
    file = st.file_uploader(
        f"A PNG or JPEG of up to {LARGEST_BYTES // 10**6} MB",
        key="own_picture",
        type=["png", "jpg", "jpeg"],
        max_upload_size=LARGEST_BYTES // 10**6,
        help="It goes into the memory of this server, to no disk and to nobody else.",
    )
    if file is None:
        st.caption("Draw three red circles in a paint program, or take any photograph.")
        return None
    try:
        picture = _read(file.getvalue())
    except PictureError as error:
        st.error(plain(str(error)), icon=":material/broken_image:")
        return None
    st.warning(
        "These networks have only ever seen drawn scenes: a few flat shapes on light grey. They "
        "answer for any picture, with one of their classes and often with confidence; of a "
        "photograph that means nothing.",
        icon=":material/photo_camera:",
    )
    return Shown(
        picture.shown,
        "look_at_upload",
        {"pixels": picture.image.tolist()},
        picture.note,
        own=True,
    )


@st.cache_data(max_entries=8, show_spinner=False)
def _read(data: bytes) -> Picture:
    return read_picture(data)
