"""Which runs the page shows: those that its link names."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.lesson import service
from lab.lesson.lineup import MOST
from lab.runs import View


def run_ids() -> list[str]:
    """Return the runs that the link names."""
    return [part for part in st.query_params.get("runs", "").split(",") if part][:MOST]


def show_runs(ids: Sequence[str]) -> None:
    """Put runs on the chart, and into the link."""
    if ids:
        st.query_params["runs"] = ",".join(ids)
    elif "runs" in st.query_params:
        del st.query_params["runs"]


def views() -> list[View]:
    """Return snapshots of the runs in the link; runs that are gone are left out."""
    return views_of(run_ids())


def views_of(ids: Sequence[str]) -> list[View]:
    """Return snapshots of some runs; those that are gone are left out."""
    queue, found = service.run_queue(), []
    for run_id in ids:
        try:
            found.append(queue.view(run_id))
        except KeyError:
            continue
    return found


def names(shown: Sequence[View]) -> list[str]:
    """Return a distinct name for each run: equal ones are numbered."""
    given, seen = [], {}
    for view in shown:
        seen[view.run.name] = seen.get(view.run.name, 0) + 1
        number = seen[view.run.name]
        given.append(view.run.name if number == 1 else f"{view.run.name} #{number}")
    return given
