"""A place from the folder that whoever runs the lab offers: scenes too large to upload."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import streamlit as st

from lab.lesson.kit.keys import Choice
from lab.lesson.own_region import TEXT, reading
from lab.lesson.own_region.files import ENVIRONMENT, offered

NONE = "none"

# What can be chosen depends on the server.
SCENE = Choice("scene", "Scene", look="select")
LABELS = Choice("labels", "What grows where", None, NONE, "select", TEXT("labels-help"))
KEYS = (SCENE, LABELS)


def choose(hidden: bool) -> dict[str, Any] | None:
    """Draw the list; return parts of `OwnRegion`, None while there is nothing."""
    scenes = offered()
    if not scenes:
        st.info(TEXT("no-rasters", variable=ENVIRONMENT), icon=":material/folder_off:")
        return None
    left, right = st.columns(2, gap="medium")
    with left:
        name = SCENE.draw(list(scenes))
    scene = scenes.get(name) or next(iter(scenes.values()))
    with right:
        truth = LABELS.draw([NONE, *scene.labels])
    labels = scene.labels.get(truth)
    names = {path: Path(path).name for path in scene.paths}
    if labels:
        names[labels] = Path(labels).name
    key = hashlib.sha256(f"{scene.name}/{truth}".encode()).hexdigest()[:10]
    return reading.place_of(list(scene.paths), names, Path(scene.name).stem, labels, key)
