"""The one queue of runs of this server, and who is asking it."""

from __future__ import annotations

import math
import secrets
from concurrent.futures import CancelledError, Future
from time import monotonic as clock

import streamlit as st

from lab.runs import Limits, RunQueue, Store, pools, worker

COOKIE = "glasshouse"
FORGOTTEN_AFTER = 20  # seconds until what failed is asked again: not at every look of every page
_asked_again: dict[str, float] = {}  # what failed: when it is asked again, in seconds of `clock`


@st.cache_resource(show_spinner=False)
def run_queue() -> RunQueue:
    """Return the queue, opened at the first call.

    Held by Streamlit's resource cache rather than a module global, which a hot reload would drop
    together with the runs in it.
    """
    limits = Limits.from_environment()
    return RunQueue(Store(limits.data, limits.disk_bytes), pools.open_pool(limits), limits)


def warm(queue: RunQueue) -> list[Future]:
    """Let every worker import torch now, so that the first run does not wait for it."""
    return [queue.call(worker.warm) for _ in range(queue.pool.slots)]


def session() -> str:
    """Return the key of this browser: its cookie, or a key of this page session without one."""
    cookie = st.context.cookies.get(COOKIE)
    if isinstance(cookie, str) and cookie:  # a page under test has no real one
        return cookie[:64]
    return st.session_state.setdefault("_session", secrets.token_urlsafe(18))


@st.cache_resource(show_spinner=False)
def _devices() -> Future:
    return run_queue().call(worker.devices)


def devices() -> list[str] | None:
    """Return the devices that workers can train on, "cpu" first; None while they are looked for.

    Where a worker could not tell, only the CPU is known, and after a while another look asks again.
    """
    if clock() < _asked_again.get("devices", -math.inf):
        return ["cpu"]
    try:
        future = _devices()
        return future.result(timeout=0) if future.done() else None
    except (Exception, CancelledError):
        _devices.clear()
        _asked_again["devices"] = clock() + FORGOTTEN_AFTER
        return ["cpu"]
