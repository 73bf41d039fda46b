"""A place from files that a student uploads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from lab.crops.stack import CropError
from lab.lesson.kit.text import plain
from lab.lesson.own_region import TEXT, reading
from lab.lesson.own_region.files import LABELS_LARGEST, LARGEST, keep, kept_in

MOST_FILES = 60  # single dates of a season, in two bands


def choose(hidden: bool) -> dict[str, Any] | None:
    """Draw the uploaders; return parts of `OwnRegion`, None while there is nothing."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        scenes = st.file_uploader(
            "GeoTIFF: one stack of composites, or a file for every date",
            ["tif", "tiff"],
            accept_multiple_files=True,
            key="own-scenes",
            max_upload_size=LARGEST // 10**6,
        )
    with right:
        labels = st.file_uploader(
            "What grows where, if you know it: GeoTIFF of classes, or GeoJSON",
            ["tif", "tiff", "geojson", "json"],
            key="own-labels",
            max_upload_size=LABELS_LARGEST // 10**6,
        )
    st.caption(TEXT("uploads"))
    if not scenes:
        return None
    if len(scenes) > MOST_FILES:
        st.warning(TEXT("too-many-files", most=MOST_FILES), icon=":material/edit_off:")
        return None
    paths, names = _kept(scenes)
    truth, more = _kept([labels] if labels else [], labels=True)
    if not paths:
        return None
    first = Path(names[paths[0]]).stem
    return reading.place_of(
        paths, names | more, first, next(iter(truth), None), "-".join(map(_short, paths + truth))
    )


def _kept(uploaded: Sequence[Any], labels: bool = False) -> tuple[list[str], dict[str, str]]:
    """Write what was uploaded; say which files are not what they should be."""
    names: dict[str, str] = {}
    for each in sorted(uploaded, key=lambda file: file.name):
        try:
            names[keep(each.getvalue(), kept_in(), labels, each.name)] = each.name[:80]
        except CropError as error:
            st.warning(f"{plain(each.name[:80])}: {plain(str(error))}", icon=":material/edit_off:")
        except OSError:
            st.warning(TEXT("no-room"), icon=":material/hard_drive:")
    return list(names), names


def _short(path: str) -> str:
    return Path(path).stem[:6]
