"""The picture that the networks look at: a held-out scene, one composed, or one uploaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import streamlit as st

from lab.lesson.captioning.scenes import data_of
from lab.lesson.kit.keys import Choice, Number
from lab.lesson.kit.text import plain
from lab.lesson.vision import TEXT
from lab.runs import View
from lab.seq2seq.scenes import (
    COLOURS,
    COUNTS,
    MOST,
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
SOURCE = Choice("picture", "Picture", SOURCES)
HELD_OUT = Number("held_out", "Scene", 0, MOST, 0, help=TEXT("held-out-help"))
LARGE = Choice("large", "Larger shapes", list(_GROUPS), look="select")
STAND = Choice("stand", "stand", [*RELATIONS, ALONE], look="select")
SMALL = Choice(
    "small", "of the smaller shapes", list(_GROUPS), f"{COUNTS[1]} blue squares", "select"
)
PICTURE_KEYS = (SOURCE, HELD_OUT, LARGE, STAND, SMALL)


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
    source = SOURCE.draw()
    if source == SOURCES[0]:
        return _held_out(shown)
    return _composed() if source == SOURCES[1] else _uploaded()


def _held_out(shown: Sequence[View]) -> Shown:
    fewest = min(shown, key=lambda view: len(data_of(view).held_out))
    scenes = data_of(fewest).held_out
    label = f"Scene, 0 to {len(scenes) - 1:,}"
    number = HELD_OUT.draw(label=label, high=len(scenes) - 1)
    scene = scenes[number]
    return Shown(scene.image, "look", {"scene": number}, " ".join(scene.caption))


def _composed() -> Shown | None:
    left, middle, right = st.columns(3)
    with left:
        large = LARGE.draw()
    with middle:
        relation = STAND.draw()
    alone = relation == ALONE
    with right:
        small = SMALL.draw(disabled=alone)
    if st.button("Draw another", icon=":material/casino:", key="anew"):
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
        help=TEXT("upload-help"),
    )
    if file is None:
        st.caption(TEXT("upload-what"))
        return None
    try:
        picture = _read(file.getvalue())
    except PictureError as error:
        st.error(plain(str(error)), icon=":material/broken_image:")
        return None
    st.warning(TEXT("upload-warning"), icon=":material/photo_camera:")
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
