"""From settings to runs: in the queue, on the page, and in its link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.frame import SKIP
from lab.lesson.lineup import Catalogue, Entry
from lab.lesson.shown import show_runs
from lab.runs import LimitReached


@st.cache_resource(max_entries=12, show_spinner=False)
def _stored(digest: str, _data: Any) -> bytes:
    # Made once for each digest.
    return _data.to_bytes()


def enqueue(
    names: Sequence[str], settings: Sequence[Any], data: Any, live: dict[str, Any]
) -> list[str]:
    """Put runs into the queue and return their ids; a limit that is reached is said on the page.

    Args:
        names: of the runs.
        settings: `Hyperparameters` of each, checked.
        data: what all learn from (`lab.training.kind.Data`).
        live: what may change during a run.
    """
    queue, session, ids = service.run_queue(), service.session(), []
    stored = _stored(data.digest, data)
    try:
        for name, one in zip(names, settings, strict=True):
            ids.append(queue.submit(session, name, one.to_dict(), data.digest, stored, live))
    except LimitReached as error:
        st.error(str(error), icon=":material/block:")
    return ids


def submit(
    catalogue: Catalogue,
    entries: Sequence[Entry],
    settings: Sequence[Any],
    data: Any,
    live: dict[str, Any],
    guess: str | None,
) -> None:
    """Start an experiment: put its runs into the queue and the link, and draw the page anew."""
    begun(catalogue, enqueue(catalogue.labels(entries), settings, data, live), guess)


def begun(catalogue: Catalogue, ids: Sequence[str], guess: str | None) -> None:
    """Show the runs that are in the queue now, and draw the page anew; nothing if there is none."""
    if not ids:
        return
    show_runs(ids)
    if guess and guess != SKIP:
        st.query_params["guess"] = guess
    elif "guess" in st.query_params:
        del st.query_params["guess"]
    st.session_state[f"has-run-{catalogue.name}"] = True
    st.rerun()
