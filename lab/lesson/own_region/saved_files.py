"""What can be kept: the map, the series, the chart, and a file of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lab.lesson.kit.keep import File, Picture, Table, show
from lab.lesson.own_region import TEXT
from lab.lesson.own_region.curves import Curves
from lab.lesson.own_region.questions import file_of
from lab.lesson.own_region.sides import Side


def draw(sides: Sequence[Side], curves: Curves | None, ours: bool) -> None:
    """Draw the downloads.

    Args:
        sides: the student's place first.
        curves: those on the page; None while they wait for the guess.
        ours: whether the place is a file of ours, which can be kept too.
    """
    mine = sides[0]
    make = file_of("map_file", place=dict(mine.place), model=mine.model)
    kept: list[File | Table | Picture] = [
        File("Map (GeoTIFF)", make, "map.tif", {"help": TEXT("map-help")})
    ]
    if curves is not None:
        kept.append(Table("Series (CSV)", lambda: curves.table(sides), "series.csv"))
        kept.append(Picture("Chart", curves.chart, "curves", 760))
    show(*kept)
    if curves is None:
        st.caption(TEXT("guess-to-save"))
    st.markdown("**What a right file looks like**")
    if ours:
        _our_file(mine.place)
    st.caption(TEXT("right-file"))


def _our_file(place: Mapping[str, Any]) -> None:
    show(
        File("This scene (GeoTIFF)", file_of("scene_file", place=dict(place)), "my-region.tif"),
        File(
            "Its labels (GeoTIFF)",
            file_of("labels_file", place=dict(place)),
            "labels-my-region.tif",
        ),
        prefix="save-ours",
    )
    st.caption(TEXT("made-up"))
