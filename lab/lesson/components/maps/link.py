"""What was drawn on the maps, and where they look, in the link of a page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.lesson.components.maps import Look
from lab.lesson.components.maps.marks import Mark, written


def keep_look(look: Look) -> None:
    """Note layer, place and zoom of the maps."""
    st.query_params["maps"] = look.written


def keep_marks(marks: Sequence[Mark]) -> None:
    """Note pixels and polygons; without any the link says nothing of them."""
    if marks:
        st.query_params["marks"] = written(marks)
    else:
        st.query_params.pop("marks", None)
