"""Links from a run to the lessons that ask it more."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from lab.lesson.lineup import plain
from lab.lesson.shown import names
from lab.runs import View


def doors(shown: Sequence[View]) -> None:
    """Write a link for each run that can be asked in *Fill the blank*."""
    links = [
        f"[{plain(name)}](fill?model={quote(f'run:{view.run.id}', safe='')})"
        for view, name in zip(shown, names(shown), strict=True)
        if view.run.checkpoint
    ]
    if links:
        st.caption(
            f":material/select_check_box: More blanks in *Fill the blank*: {' · '.join(links)}"
        )
