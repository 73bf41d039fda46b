"""Links from the lessons that train to the one that opens what was trained."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from lab.lesson.lineup import plain
from lab.lesson.shown import names
from lab.lesson.sources.run import attends
from lab.runs import View


def doors(shown: Sequence[View]) -> None:
    """Write a link for each run whose attention can be looked at."""
    links = [
        f"[{plain(name)}](inside?model={quote(f'run:{view.run.id}', safe='')})"
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.checkpoint and attends(view.run.settings)
    ]
    if links:
        st.caption(
            f":material/hub: Every head of it, in *Inside a trained model*: {', '.join(links)}"
        )
