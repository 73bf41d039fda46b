"""Charts of a fixed size on a page: as large as they were drawn, never squeezed."""

from __future__ import annotations

import altair as alt
import streamlit as st

from lab.lesson.components.viewport import is_narrow

PHONE, HALF, THIRD = 340, 450, 300  # pixels of a phone, of half a page, of a third


def on_phone() -> bool:
    """Return whether the window is a phone's, or as narrow as one."""
    return is_narrow() or "Mobi" in (st.context.headers.get("User-Agent") or "")


def half() -> int:
    """Return the pixels that a picture in half a page may take."""
    return PHONE if on_phone() else HALF


def third() -> int:
    """Return the pixels that a picture in a third of a page may take."""
    return PHONE if on_phone() else THIRD


def show(chart: alt.TopLevelMixin, key: str) -> None:
    """Draw a chart in its own size.

    Streamlit would take the size of the cells for that of the whole chart with its labels.
    """
    st.altair_chart(chart.properties(autosize="pad"), key=key, width="content")
