"""The one queue of runs of this server, and who is asking it."""

from __future__ import annotations

import math
import secrets
from concurrent.futures import CancelledError, Future
from time import monotonic as clock
from typing import Any

import streamlit as st

from lab.runs import Limits, RunQueue, Store, pools, worker

COOKIE = "glasshouse"
FORGOTTEN_AFTER = 20  # seconds until what failed is asked again: not at every look of every page


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
    """Return the devices that workers can train on, "cpu" first; None while they are looked for."""
    return _found(_devices, (), ["cpu"])


@st.cache_resource(max_entries=64, show_spinner=False)
def _counts(digest: str, smoothing: str) -> Future:
    return run_queue().ask_corpus(
        digest, "ngram_baselines", session=session(), orders=[1, 2, 3, 4, 5], smoothing=smoothing
    )


def counts(digest: str, smoothing: str) -> list[dict] | None:
    """Return the n-gram baselines of a stored corpus; None while a worker counts.

    What a worker could not count, or whose text is not on this server, is an empty list: the
    chart then stands without its lines.
    """
    return _found(_counts, (digest, smoothing), [])


@st.cache_resource(show_spinner=False)
def _failures() -> dict[tuple, float]:
    return {}  # what was asked: when it is asked again, in seconds of `clock`


def _found(asked: Any, key: tuple, instead: list) -> list | None:
    """Return the answer of a cached future, None while there is none, `instead` after a failure.

    A failure is forgotten after a while, so that the next look asks again; a ValueError is the
    worker's last word on what cannot be.
    """
    failures, name = _failures(), (asked.__name__, *key)
    if clock() < failures.get(name, -math.inf):
        return instead
    try:
        future = asked(*key)
        return future.result(timeout=0) if future.done() else None
    except ValueError:
        return instead
    except (Exception, CancelledError):
        asked.clear(*key)
        failures[name] = clock() + FORGOTTEN_AFTER
        return instead
