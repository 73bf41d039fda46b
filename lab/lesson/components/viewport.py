"""Whether the browser's window is as narrow as a phone: pictures of a fixed size have to know."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_KEY = "viewport"


@cache
def _component() -> Any:
    return st.components.v2.component(
        "glasshouse_viewport",
        html="<span></span>",
        js=(Path(__file__).parent / "viewport.js").read_text(encoding="utf-8"),
    )


def watch() -> None:
    """Ask the browser; when its answer changes the page is drawn once more."""
    _component()(
        key=_KEY,
        data={"narrow": is_narrow()},
        default={"narrow": False},
        on_narrow_change=lambda: None,
        height=1,
    )


def is_narrow() -> bool:
    """Return the browser's last answer."""
    state = st.session_state.get(_KEY)
    return bool(state and state.get("narrow"))
