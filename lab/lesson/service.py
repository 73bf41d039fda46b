"""The one queue of runs of this server, and who is asking it."""

from __future__ import annotations

import secrets
from concurrent.futures import Future

import streamlit as st

from lab.runs import Limits, RunQueue, Store, pools, worker

COOKIE = "glasshouse"


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
    future = _devices()
    if not future.done():
        return None
    return future.result() if future.exception() is None else ["cpu"]


@st.cache_resource(max_entries=64, show_spinner=False)
def _counts(digest: str, smoothing: str) -> Future:
    return run_queue().ask_corpus(
        digest, "ngram_baselines", orders=[1, 2, 3, 4, 5], smoothing=smoothing
    )


def counts(digest: str, smoothing: str) -> list[dict] | None:
    """Return the n-gram baselines of a stored corpus; None while a worker counts.

    What a worker could not count is an empty list: the chart then stands without its lines.
    """
    future = _counts(digest, smoothing)
    if not future.done():
        return None
    return future.result() if future.exception() is None else []
