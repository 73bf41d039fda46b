"""The lab's small style sheet, and presenter mode."""

from __future__ import annotations

import streamlit as st

# The project's own constant style; nothing that a user typed ever goes through st.html.
_STYLE = """<style>
.block-container { padding-top: 3.6rem; padding-bottom: 3rem; max-width: 1500px; }
h1 { font-size: 1.9rem !important; padding: 0 0 .2rem 0 !important; }
h2 { font-size: 1.35rem !important; } h3 { font-size: 1.1rem !important; }
[data-testid="stMetricValue"] { font-size: 1.4rem; }
[data-testid="stVegaLiteChart"] { overflow-x: auto; }
@media (max-width: 640px) {
  .block-container { padding-left: 1rem; padding-right: 1rem; }
}
</style>"""
_PRESENTER = """<style>
html { font-size: 22px !important; }
.block-container { padding-top: 1rem; max-width: none; }
[data-testid="stHeader"] { display: none; }
</style>"""


def presenting() -> bool:
    """Return whether the link asks for presenter mode: large type, no sidebar."""
    return st.query_params.get("present") == "1"


def page_style() -> None:
    """Apply the style sheet, and the presenter's where the link asks for it."""
    st.html(_STYLE)
    if presenting():
        st.html(_PRESENTER)
