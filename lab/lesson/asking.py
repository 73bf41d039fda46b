"""Questions to a run's checkpoint, asked once: a page that is drawn again reads the answer."""

from __future__ import annotations

import json
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.lineup import plain
from lab.runs import View

WAIT = 30  # seconds for an answer of the workers before the page gives up


@st.cache_resource(max_entries=200, show_spinner=False)
def _asked(run_id: str, checkpoint: int, question: str, arguments: str) -> Future:
    return service.run_queue().ask(run_id, question, **json.loads(arguments))


def ask(view: View, question: str, **arguments: Any) -> Any:
    """Return the answer to a question about a run, or None with the reason on the page.

    Args:
        view: of the run; the answer is kept for this checkpoint of it.
        question: a function of the task's questions.
        arguments: of the question, such as JSON can hold.
    """
    key = view.run.id, view.run.checkpoint, question, json.dumps(arguments, sort_keys=True)
    try:
        return _asked(*key).result(timeout=WAIT)
    except (LookupError, ValueError, OSError) as error:
        _asked.clear(*key)
        said = str(error).strip("'") or "This run is gone."
        st.warning(f"{plain(view.run.name)}: {plain(said)}", icon=":material/edit_off:")
    except Late:
        st.warning("The workers are busy; try again in a moment.", icon=":material/schedule:")
    except Exception:  # a killed worker: another one has taken its place by the next try
        _asked.clear(*key)
        st.warning("A worker stopped before it could answer; try again.", icon=":material/replay:")
    return None
