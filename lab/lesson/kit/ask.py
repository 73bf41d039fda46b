"""A question to the workers, written once: an honest wait, cancel, retry, and whose fault it was.

    answer = compute("lab.crops.scenes.passes", "look", region="spain", seed=0)
    if answer is None:
        return  # the page says why, or the answer comes by itself

A question is asked once: a page that is drawn again reads the answer. The page waits `PATIENCE`
for it; after that it says how long it will take, and is drawn anew when the answer is there.
"""

from __future__ import annotations

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as Late
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import zip_longest
from threading import Lock
from typing import Any

import streamlit as st
from loky.process_executor import TerminatedWorkerError

from lab.lesson import service
from lab.lesson.kit.link import KIT, redraw
from lab.lesson.kit.text import plain
from lab.runs import LimitReached, View, worker

PATIENCE = 1.0  # seconds that a page waits before it says how long it will take
DEADLINE = 120.0  # seconds after which an answer is given up
FAULT_KEPT = 20.0  # seconds until a fault of the lab is asked for again: not at every look
MOST_KEPT = 400  # answers; the oldest go first
MOST_BYTES = 400_000_000  # of answers: a table of vectors takes 30 MB, attention up to 4 MB
_LOG = logging.getLogger("glasshouse")
_REFUSALS = (ValueError, LookupError, OSError)  # what a worker refuses a question with
Send = Callable[[], Future[Any]]  # asks a question


@dataclass
class _Asked:
    """A question that is under way or answered, and the browsers that wait for it."""

    future: Future[Any]
    asked: float = field(default_factory=time.monotonic)
    waiting: set[str] = field(default_factory=set)
    bytes: int = 0  # of the answer, about; 0 while there is none
    logged: bool = False


class Answers:
    """The questions of this server by their keys, and their answers.

    Args:
        most: how many are kept; the oldest go first.
        most_bytes: how much memory the answers may take, about; the newest stays in any case.
    """

    def __init__(self, most: int = MOST_KEPT, most_bytes: int = MOST_BYTES) -> None:
        self.most, self.most_bytes = most, most_bytes
        self._asked: OrderedDict[Hashable, _Asked] = OrderedDict()
        self._lock = Lock()

    def once(self, key: Hashable, send: Send) -> _Asked:
        """Return the question of a key; `send` asks it where nobody has."""
        with self._lock:
            found = self._asked.get(key)
            new = found is None
            if found is None:
                found = self._asked[key] = _Asked(send())
            self._asked.move_to_end(key)
            self._tidy()
        if new:  # without the lock: of an answer that is there already it is called at once
            found.future.add_done_callback(lambda future: self._weigh(key, found, future))
        return found

    def _weigh(self, key: Hashable, asked: _Asked, future: Future[Any]) -> None:
        if future.cancelled() or future.exception() is not None:
            return
        size = _size(future.result())
        with self._lock:
            asked.bytes = size
            if self._asked.get(key) is asked:
                self._asked.move_to_end(key)  # whoever waits for it has not read it yet
            self._tidy()

    def _tidy(self) -> None:
        """Let the oldest go, those that are under way excepted where the memory is short."""
        while len(self._asked) > self.most:
            self._asked.popitem(last=False)
        excess = sum(asked.bytes for asked in self._asked.values()) - self.most_bytes
        for key in list(self._asked)[:-1]:
            if excess <= 0:
                return
            if self._asked[key].bytes:
                excess -= self._asked.pop(key).bytes

    def find(self, key: Hashable) -> Future[Any] | None:
        """Return the future of a question that was asked, else None."""
        with self._lock:
            found = self._asked.get(key)
            return found.future if found else None

    def forget(self, key: Hashable) -> None:
        """Drop a question: the next look asks again."""
        with self._lock:
            self._asked.pop(key, None)

    def keep_fault(self, key: Hashable) -> bool:
        """Keep what failed for a while; return whether this is the first look at it."""
        with self._lock:
            asked = self._asked.get(key)
            if asked is None:
                return True
            first, asked.logged = not asked.logged, True
            if time.monotonic() - asked.asked > FAULT_KEPT:
                del self._asked[key]
            return first

    def leave(self, key: Hashable, session: str) -> None:
        """Wait no longer; a question that nobody else waits for is taken out of the line."""
        with self._lock:
            asked = self._asked.get(key)
            if asked is None:
                return
            asked.waiting.discard(session)
            if not asked.waiting:
                del self._asked[key]
                asked.future.cancel()


def _size(value: Any) -> int:
    """Return about how many bytes an answer takes; of a long list, its first part says it."""
    if isinstance(value, (bytes, str)):
        return len(value)
    if hasattr(value, "nbytes"):
        return int(value.nbytes)
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        first = value[:100]
        return sum(map(_size, first)) * len(value) // max(1, len(first))
    return sum(map(_size, vars(value).values())) if hasattr(value, "__dict__") else 32


@st.cache_resource(show_spinner=False)
def answers() -> Answers:
    """Return the answers of this server."""
    return Answers()


def compute(module: str, function: str, **arguments: Any) -> Any:
    """Return what a function of the lab returns in a worker, or None with the reason on the page.

    Args:
        module: such as "lab.attention.lengths"; the web process does not import it.
        function: of the module. A refusal that it raises, one sentence in a ValueError, LookupError
            or OSError, is shown.
        arguments: of the function, such as JSON can hold.
    """
    return answer(*computing(module, function, **arguments))


def computing(module: str, function: str, **arguments: Any) -> tuple[Hashable, Send]:
    """Return key and sender of what `compute` asks, for `answer`, `begin` or `later`."""
    given = json.dumps(arguments, sort_keys=True)
    queue, session = service.run_queue(), service.session()

    def send() -> Future[Any]:
        return queue.call(worker.compute, module, function, session=session, **json.loads(given))

    return (module, function, given), send


def of_run(view: View, question: str, **arguments: Any) -> Any:
    """Return the answer to a question about a run, or None with the reason on the page.

    Args:
        view: of the run; the answer is kept for this checkpoint of it.
        question: a function of the task's questions.
        arguments: of the question, such as JSON can hold.
    """
    key, send = asking(view, question, **arguments)
    return answer(key, send, view.run.name)


def asking(view: View, question: str, **arguments: Any) -> tuple[Hashable, Send]:
    """Return key and sender of what `of_run` asks, for `answer`, `begin` or `later`."""
    given = json.dumps(arguments, sort_keys=True)
    queue, run, session = service.run_queue(), view.run, service.session()

    def send() -> Future[Any]:
        return queue.ask(run.id, question, session=session, **json.loads(given))

    return (run.id, run.checkpoint, question, given), send


def begin(key: Hashable, send: Send) -> None:
    """Ask without waiting, so that several questions are worked on at once.

    What the student has cancelled is not asked again.
    """
    if key in _cancelled():
        return
    try:
        answers().once(key, send)
    except (*_REFUSALS, LimitReached):
        return  # said by `answer`


def later(key: Hashable, send: Send) -> Future[Any]:
    """Ask without a page around, as a download does, and return the future.

    What has failed is asked again: a download is asked for by a press of its button.
    """
    earlier = answers().find(key)
    if earlier is not None and earlier.done() and (earlier.cancelled() or earlier.exception()):
        answers().forget(key)
    return answers().once(key, send).future


def maker(key: Hashable, send: Send) -> Callable[[], Any]:
    """Return what asks for a file when its button is pressed, for `keep.File`."""
    return lambda: later(key, send).result(DEADLINE)


def known(key: Hashable) -> Any:
    """Return an answer that is there, and draw nothing; None while there is none, or for a fault.

    For what several parts of a page read and one of them asks for.
    """
    future = answers().find(key)
    if future is None or not future.done() or future.cancelled() or future.exception():
        return None
    return future.result()


def under_way(key: Hashable) -> bool:
    """Return whether a question is asked and not answered yet."""
    future = answers().find(key)
    return future is not None and not future.done()


def asked_or_cancelled(key: Hashable) -> bool:
    """Return whether a question is under way, or can be asked again by its button."""
    return under_way(key) or key in _cancelled()


def several(
    questions: Sequence[tuple[Hashable, Send, str]],
    places: Sequence[AbstractContextManager[Any]] = (),
    said: Callable[[str], str] = str,
) -> list[Any]:
    """Return the answers to several questions, asked at once.

    The page waits `PATIENCE` for all of them together.

    Args:
        questions: of each the arguments of `answer`.
        places: containers in which each wait or refusal is drawn; where this is called, if none.
        said: as for `answer`.
    """
    for key, send, _ in questions:
        begin(key, send)
    end, found = time.monotonic() + PATIENCE, []
    for place, (key, send, who) in zip_longest(places, questions):
        with nullcontext() if place is None else place:
            patience = max(0.0, end - time.monotonic())
            found.append(answer(key, send, who, patience, said=said))
    return found


def answer(
    key: Hashable,
    send: Send,
    who: str = "",
    patience: float | None = None,
    deadline: float | None = None,
    said: Callable[[str], str] = str,
) -> Any:
    """Return the answer to a question, or None with the reason on the page.

    Args:
        key: names the question and all that its answer depends on.
        send: asks it.
        who: to name before the reason, such as a model.
        patience: seconds to wait before the page says how long it will take.
        deadline: seconds after which the answer is given up.
        said: from the sentence of a refusal to that on the page, as where files have other names
            in the worker.
    """
    deadline = DEADLINE if deadline is None else deadline
    cancelled = _cancelled()
    if key in cancelled:
        _ask_again(key, KIT("cancelled"), who)
        return None
    try:
        asked = answers().once(key, send)
        return asked.future.result(timeout=PATIENCE if patience is None else patience)
    except CancelledError:
        _ask_again(key, KIT("cancelled"), who)
    except Late as error:  # an OSError too: first. A worker's own TimeoutError is an answer
        if asked.future.done() and asked.future.exception() is error:
            _fault(key, error, who, said)
        elif time.monotonic() - asked.asked > deadline:
            asked.future.cancel()
            _ask_again(key, KIT("late", seconds=round(deadline)), who)
        else:
            _waiting(key, asked, deadline)
    except LimitReached as error:  # too many questions wait, or this one has waited too long
        _ask_again(key, plain(str(error)), who)
    except (BrokenProcessPool, TerminatedWorkerError):
        _ask_again(key, KIT("stopped"), who)
    except Exception as error:
        _fault(key, error, who, said)
    return None


def reason(error: BaseException) -> str:
    """Return what a page says of a question that failed: a refusal, or whose fault it was."""
    if isinstance(error, CancelledError):
        return KIT("cancelled")
    if isinstance(error, LimitReached):
        return str(error)
    if isinstance(error, (BrokenProcessPool, TerminatedWorkerError)):
        return KIT("stopped")
    return refusal(error) or KIT("ours")


def refusal(error: BaseException) -> str:
    """Return the sentence with which the lab refuses a question; "" for a fault of its own.

    A refusal says what to do, in a sentence; what a library or a slip of ours raises does not.
    """
    if not isinstance(error, _REFUSALS) or not error.args:
        return ""
    said = str(error.args[0]).strip()
    return said if " " in said and said[-1] in ".?!:)”" and not said.startswith("[Errno") else ""


def _fault(key: Hashable, error: Exception, who: str, said: Callable[[str], str]) -> None:
    refused = refusal(error)
    gone = isinstance(error, KeyError) and isinstance(key, tuple) and error.args[:1] == key[:1]
    if refused or gone:
        answers().forget(key)
        shown = plain(said(refused) or KIT("run-gone"))
        st.warning(_named(who, shown), icon=":material/edit_off:")
        return
    if answers().keep_fault(key):
        _LOG.error("a question to a worker failed: %s", key, exc_info=error)
    st.error(_named(who, KIT("ours")), icon=":material/bug_report:")


def _named(who: str, said: str) -> str:
    return f"{plain(who)}: {said}" if who else said


def _ask_again(key: Hashable, said: str, who: str) -> None:
    answers().forget(key)
    cancelled = _cancelled()
    cancelled.add(key)  # until the student asks again: a rerun must not
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(_named(who, said), icon=":material/replay:")
        name = f"again-{hash(key)}"
        st.button(KIT("ask-again"), key=name, on_click=cancelled.discard, args=(key,))


def _cancelled() -> set[Hashable]:
    return st.session_state.setdefault("ask-cancelled", set())


def _waiting(key: Hashable, asked: _Asked, deadline: float) -> None:
    """Say how long it takes, with a way out, and draw the page anew when the answer is there."""

    asked.waiting.add(service.session())

    def look() -> None:
        if asked.future.done() or time.monotonic() - asked.asked > deadline:
            redraw()
        queue = service.run_queue()
        seconds, place = queue.seconds(asked.future) or 1.0, queue.place(asked.future)
        name = "waiting-in-line" if place else "waiting"
        said = KIT(name, seconds=max(1, round(seconds)), place=ordinal(place or 0))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/hourglass_empty: {said}")
            st.button(KIT("cancel"), key=f"cancel-{hash(key)}", type="tertiary", on_click=stop)

    def stop() -> None:
        answers().leave(key, service.session())
        _cancelled().add(key)

    st.fragment(look, run_every=1.0)()


def ordinal(number: int) -> str:
    """Return a place in a line, such as "3rd"."""
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"
