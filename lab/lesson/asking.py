"""Questions to the workers, asked once: a page that is drawn again reads the answer."""

from __future__ import annotations

import json
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.lineup import plain
from lab.runs import LimitReached, View, worker

WAIT = 30  # seconds for an answer of the workers before the page gives up


@st.cache_resource(max_entries=200, show_spinner=False)
def _asked(run_id: str, checkpoint: int, question: str, arguments: str) -> Future:
    queue, session = service.run_queue(), service.session()
    return queue.ask(run_id, question, session=session, **json.loads(arguments))


def ask(view: View, question: str, **arguments: Any) -> Any:
    """Return the answer to a question about a run, or None with the reason on the page.

    Args:
        view: of the run; the answer is kept for this checkpoint of it.
        question: a function of the task's questions.
        arguments: of the question, such as JSON can hold.
    """
    key = view.run.id, view.run.checkpoint, question, json.dumps(arguments, sort_keys=True)
    return answer(_asked, key, view.run.name)


@st.cache_resource(max_entries=100, show_spinner=False)
def _computed(module: str, function: str, arguments: str) -> Future:
    queue, session = service.run_queue(), service.session()
    return queue.call(worker.compute, module, function, session=session, **json.loads(arguments))


def compute(module: str, function: str, **arguments: Any) -> Any:
    """Return what a function of the lab returns in a worker, or None with the reason on the page.

    Args:
        module: such as "lab.attention.lengths"; the web process does not import it.
        function: of the module. A ValueError, LookupError or OSError that it raises is shown.
        arguments: of the function, such as JSON can hold.
    """
    return answer(_computed, (module, function, json.dumps(arguments, sort_keys=True)))


def answer(asked: Any, key: tuple, who: str = "") -> Any:
    """Return the result of a cached future, or None with the reason on the page.

    Args:
        asked: a function under `st.cache_resource` that returns a future.
        key: its arguments.
        who: to name before the reason.
    """
    who = f"{plain(who)}: " if who else ""
    try:
        return asked(*key).result(timeout=WAIT)
    except Late:  # an OSError too: first
        st.warning("The workers are busy; try again in a moment.", icon=":material/schedule:")
    except (LookupError, ValueError, OSError, LimitReached) as error:
        asked.clear(*key)
        said = str(error).strip("'") or "This run is gone."
        st.warning(f"{who}{plain(said)}", icon=":material/edit_off:")
    except Exception:  # a killed worker: another one has taken its place by the next try
        asked.clear(*key)
        st.warning("A worker stopped before it could answer; try again.", icon=":material/replay:")
    return None
