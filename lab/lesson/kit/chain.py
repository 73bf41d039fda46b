"""Work that takes longer than a page may wait: a chain of short questions to the workers.

    chain.start("fetch", next_question, drop, about={"name": name})
    if fetched := chain.watch("fetch", progress):
        path = fetched.answer

Each answer decides the next question. The chain goes on when the page is closed, one for each kind
and browser; a page that is opened again finds it. What went wrong is said as `ask.reason` says it,
and the page's own button begins it again.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.kit.ask import ordinal, reason
from lab.lesson.kit.link import KIT, redraw
from lab.lesson.kit.text import plain
from lab.runs import LimitReached, RunQueue, worker

Call = tuple[str, str, dict[str, Any]]  # module, function, arguments
_MOST = 200  # chains that are remembered
RUNNING, FINISHED, FAILED, CANCELLED = "running", "finished", "failed", "cancelled"
_LOG = logging.getLogger("glasshouse")


class Chain:
    """Questions to the workers, one after the other.

    Args:
        queue: that answers them.
        plan: from an answer to the next question, None at the end; is given None at the start.
        drop: from the last answer to a question that removes what was made; asked when it fails
            or is cancelled.
        about: what the page wants to know of it again.
        said: from the sentence of a refusal to that on the page.
        session: whose questions they are.

    Attributes:
        state: "running", "finished", "failed" or "cancelled".
        answer: the last one.
        asked: the future of the question that is under way.
        ended: set when it has ended.
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
        self._error: BaseException | None = None
        self.about: Any = about
        self.answer: Any = None
        self.state = RUNNING
        self.asked: Future[Any] | None = None
        self._lock, self.ended = threading.RLock(), threading.Event()
        self._go_on(None)

    @property
    def message(self) -> str:
        """Why it failed, a sentence; "" where it has not."""
        return "" if self._error is None else self._said(reason(self._error))

    def cancel(self) -> None:
        """End it after the question that is under way."""
        with self._lock:
            if self.state == RUNNING:
                self._end(CANCELLED)

    def _go_on(self, answer: Any) -> None:
        """Ask the next question, or end; any error of the plan ends it too."""
        try:
            call = self._plan(answer)
            if call is None:
                self._end(FINISHED)
                return
            module, function, arguments = call
            self.asked = self._queue.call(
                worker.compute, module, function, session=self._session, **arguments
            )
        except Exception as error:
            self._fail(error)
            return
        self.asked.add_done_callback(self._next)

    def _next(self, future: Future[Any]) -> None:
        with self._lock:
            if self.state != RUNNING:  # what it came to is of no use any more
                if not future.cancelled() and future.exception() is None:
                    self._remove(future.result())
                return
            try:
                self.answer = future.result()
            except (Exception, CancelledError) as error:
                self._fail(error)
                return
            self._go_on(self.answer)

    def _fail(self, error: BaseException) -> None:
        if reason(error) == KIT("ours"):
            _LOG.error("a chain of questions failed: %s", self.about, exc_info=error)
        self._error = error
        self._end(FAILED)

    def _end(self, state: str) -> None:
        self.state = state
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
def chains() -> Chains:
    """Return the chains of this server."""
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
    chains().put(session, kind, Chain(service.run_queue(), plan, drop, about, said, session))


def under_way(kind: str) -> Chain | None:
    """Return this browser's chain of a kind, also one that has ended; None without one."""
    return chains().get(service.session(), kind)


def forget(kind: str) -> None:
    """Cancel and forget this browser's chain of a kind."""
    chains().forget(service.session(), kind)


def watch(kind: str, progress: Callable[[Any], tuple[float, str]]) -> Chain | None:
    """Draw the progress of a chain while it runs, or why it ended early.

    Args:
        kind: of the chain.
        progress: from the last answer (None at first) to a share, 0 to 1, and a line.

    Returns:
        The chain once it is finished, else None.
    """
    chain = under_way(kind)
    if chain is None:
        return None
    if chain.state == RUNNING:
        _progress(kind, progress)
    elif chain.state == FAILED:
        st.warning(plain(chain.message), icon=":material/cloud_off:")
    return chain if chain.state == FINISHED else None


@st.fragment(run_every=1.0)
def _progress(kind: str, progress: Callable[[Any], tuple[float, str]]) -> None:
    chain = under_way(kind)
    if chain is None or chain.state != RUNNING:
        redraw()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        share, line = progress(chain.answer)
        st.progress(min(1.0, share), f"{line}{_in_line(chain)}")
        if st.button(KIT("cancel"), key=f"cancel-{kind}", icon=":material/close:"):
            forget(kind)
            st.rerun()


def _in_line(chain: Chain) -> str:
    place = service.run_queue().place(chain.asked) if chain.asked is not None else None
    return f" ({KIT('chain-in-line', place=ordinal(place))})" if place else ""
