"""Answers that take seconds: asked of the workers, and looked for again, so no page waits."""

from __future__ import annotations

import json
from concurrent.futures import Future
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.runs import worker


@st.cache_resource(max_entries=100, show_spinner=False)
def _asked(module: str, function: str, arguments: str) -> Future:
    queue, session = service.run_queue(), service.session()
    return queue.call(worker.compute, module, function, session=session, **json.loads(arguments))


def later(module: str, function: str, **arguments: Any) -> Any:
    """Return what a function of the lab returns in a worker, None while it is not known.

    Args:
        module: such as "lab.crops.leak"; the web process does not import it.
        function: of the module.
        arguments: of the function, such as JSON can hold.

    Raises:
        ValueError: what the function says that cannot be.
    """
    key = module, function, json.dumps(arguments, sort_keys=True)
    future = _asked(*key)
    if not future.done():
        return None
    error = future.exception()
    if error is None:
        return future.result()
    _asked.clear(*key)
    if isinstance(error, ValueError):
        raise error
    return None  # a killed worker: another one is asked at the next look
