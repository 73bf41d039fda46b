"""A page of its own inside a page: scripts of others run, and reach nothing of the lab."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def _component() -> Any:
    return st.components.v2.component(
        "glasshouse_sandbox",
        html='<div class="sandbox"></div>',
        css=".sandbox iframe { width: 100%; border: 0; display: block; border-radius: 0.4rem; }",
        js=(Path(__file__).parent / "sandbox.js").read_text(encoding="utf-8"),
    )


def sandbox(page: str, height: int, title: str, key: str) -> None:
    """Draw an HTML page in a frame without the app's origin: no cookies, no forms, no windows.

    Args:
        page: the HTML.
        height: pixels.
        title: for screen readers.
        key: of the component.
    """
    _component()(key=key, data={"page": page, "height": height, "title": title})
