"""A place from the folder that whoever runs the lab offers: scenes too large to upload."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import streamlit as st

from lab.lesson.own_region import reading
from lab.lesson.own_region.files import ENVIRONMENT, offered

NONE = "none"


def desk() -> dict[str, Any] | None:
    """Draw the list; return parts of `Chosen`, None while there is nothing."""
    scenes = offered()
    if not scenes:
        st.info(
            f"This server offers no rasters. Whoever runs it names a folder in `{ENVIRONMENT}`: a "
            "GeoTIFF in it is a scene, and so is a folder with a GeoTIFF for every date.",
            icon=":material/folder_off:",
        )
        return None
    left, right = st.columns(2, gap="medium")
    with left:
        name = st.selectbox("Scene", list(scenes), key="scene", bind="query-params")
    scene = scenes.get(name) or next(iter(scenes.values()))
    with right:
        truth = st.selectbox(
            "What grows where",
            [NONE, *scene.labels],
            key="labels",
            bind="query-params",
            help="GeoJSON, or a GeoTIFF whose name begins with labels, beside the scene.",
        )
    labels = scene.labels.get(truth)
    names = {path: Path(path).name for path in scene.paths}
    if labels:
        names[labels] = Path(labels).name
    key = hashlib.sha256(f"{scene.name}/{truth}".encode()).hexdigest()[:10]
    return reading.place_of(list(scene.paths), names, Path(scene.name).stem, labels, key)
