"""Work that takes longer than a page may wait: a chain of short questions to the workers.

Each answer decides the next question. The chain runs on when the page is closed, one for each kind
and browser; a page that is opened again finds it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.lineup import plain
from lab.runs import LimitReached, RunQueue, worker

Call = tuple[str, str, dict[str, Any]]  # module, function, arguments
_MOST = 200  # chains that are remembered
RUNNING, FINISHED, FAILED, CANCELLED = "running", "finished", "failed", "cancelled"


class Chain:
    """Questions to the workers, one after the other.

    Args:
        queue: that answers them.
        plan: from an answer to the next question, None at the end; is given None at the start.
        drop: from the last answer to a question that removes what was made; asked when it fails
            or is cancelled.
        about: what the page wants to know of it again.
        said: from the sentence of a failure to that on the page.
        session: whose questions they are.

    Attributes:
        state: "running", "finished", "failed" or "cancelled".
        answer: the last one.
        message: of a failure, one sentence.
    """

    def __init__(
        self,
        queue: RunQueue,
        plan: Callable[[Any], Call | None],
        drop: Callable[[Any], Call | None] = lambda answer: None,
        about: Any = None,
        said: Callable[[str], str] = str,
        session: str = "",
    ) -> None:
        self._queue, self._plan, self._drop, self._said = queue, plan, drop, said
        self._session = session
        self.about, self.answer, self.message, self.state = about, None, "", RUNNING
        self._lock, self.ended = threading.RLock(), threading.Event()
        self._ask(plan(None))

    def cancel(self) -> None:
        """End it after the question that is under way."""
        with self._lock:
            if self.state == RUNNING:
                self._end(CANCELLED)

    def _ask(self, call: Call | None) -> None:
        if call is None:
            self._end(FINISHED)
            return
        module, function, arguments = call
        self._queue.call(
            worker.compute, module, function, session=self._session, **arguments
        ).add_done_callback(self._next)

    def _next(self, future: Future) -> None:
        with self._lock:
            if self.state != RUNNING:  # what it came to is of no use any more
                if not future.cancelled() and future.exception() is None:
                    self._remove(future.result())
                return
            try:
                self.answer = future.result()
                self._ask(self._plan(self.answer))
            except (LookupError, ValueError, OSError, LimitReached) as error:
                self._end(FAILED, self._said(str(error).strip("'")))
            except (Exception, CancelledError):
                self._end(FAILED, "A worker stopped before it could answer; try again.")

    def _end(self, state: str, message: str = "") -> None:
        self.message, self.state = message, state
        if state != FINISHED:
            self._remove(self.answer)
        self.ended.set()

    def _remove(self, answer: Any) -> None:
        if answer is not None and (call := self._drop(answer)) is not None:
            module, function, arguments = call
            # The server's own: what was made is removed, however much its session asks for. Where
            # the line is full, it goes when room is made for others.
            with contextlib.suppress(LimitReached):
                self._queue.call(worker.compute, module, function, **arguments)


class Chains:
    """The chains of all browsers, by session and kind; any thread may come at any time."""

    def __init__(self) -> None:
        self._chains: dict[tuple[str, str], Chain] = {}
        self._lock = threading.Lock()

    def get(self, session: str, kind: str) -> Chain | None:
        """Return a session's chain of a kind, None without one."""
        with self._lock:
            return self._chains.get((session, kind))

    def put(self, session: str, kind: str, chain: Chain) -> None:
        """Remember a chain; of those that have ended, the ones begun last are kept."""
        with self._lock:
            earlier = self._chains.pop((session, kind), None)
            ended = [key for key, other in self._chains.items() if other.state != RUNNING]
            for old in ended[: -_MOST or None]:
                del self._chains[old]
            self._chains[session, kind] = chain
        if earlier is not None:  # without the lock: it asks the workers
            earlier.cancel()

    def forget(self, session: str, kind: str) -> None:
        """Cancel and forget a session's chain of a kind."""
        with self._lock:
            chain = self._chains.pop((session, kind), None)
        if chain is not None:
            chain.cancel()


@st.cache_resource(show_spinner=False)
def _chains() -> Chains:
    return Chains()


def start(
    kind: str,
    plan: Callable[[Any], Call | None],
    drop: Callable[[Any], Call | None] = lambda answer: None,
    about: Any = None,
    said: Callable[[str], str] = str,
) -> None:
    """Begin a chain of this browser, see `Chain`; an earlier one of its kind is cancelled."""
    session = service.session()
    forget(kind)
    chain = Chain(service.run_queue(), plan, drop, about, said, session)
    _chains().put(session, kind, chain)


def under_way(kind: str) -> Chain | None:
    """Return this browser's chain of a kind, None without one."""
    return _chains().get(service.session(), kind)


def forget(kind: str) -> None:
    """Cancel and forget this browser's chain of a kind."""
    _chains().forget(service.session(), kind)


def watch(kind: str, told: Callable[[Any], tuple[float, str]]) -> bool:
    """Draw the progress of a chain while it runs, or why it ended early.

    Args:
        kind: of the chain.
        told: from the last answer (None at first) to a share, 0 to 1, and a line.

    Returns:
        Whether it is finished.
    """
    chain = under_way(kind)
    if chain is None:
        return False
    if chain.state == RUNNING:
        _progress(kind, told)
    elif chain.state == FAILED:
        st.warning(plain(chain.message), icon=":material/cloud_off:")
    return chain.state == FINISHED


@st.fragment(run_every=1.0)
def _progress(kind: str, told: Callable[[Any], tuple[float, str]]) -> None:
    chain = under_way(kind)
    if chain is None or chain.state != RUNNING:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        share, line = told(chain.answer)
        st.progress(min(1.0, share), line)
        if st.button("Cancel", key=f"cancel-{kind}", icon=":material/close:"):
            forget(kind)
            st.rerun()
