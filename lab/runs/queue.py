"""The queue of runs: hands slices to a pool in a fair ring and keeps what comes back.

All state lives here, in the web process, guarded by one lock. One scheduler thread applies results
and starts slices; pages only read snapshots and leave wishes.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import queue as queues
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from lab.runs import worker
from lab.runs.limits import Limits
from lab.runs.pools import Pool
from lab.runs.records import LimitReached, Records
from lab.runs.ring import Ring
from lab.runs.run import History, Run, Status
from lab.runs.store import Store

__all__ = ["LimitReached", "NotYours", "RunQueue", "View"]

log = logging.getLogger(__name__)

CRASHED = (
    "The worker process ended {times} times while it trained this run, most likely out of memory. "
    "Choose a smaller width, batch or block; the curves up to the last checkpoint are kept."
)
FIRST_SLICE = 0.25  # seconds; the first point should be on the chart at once
LONGEST_SLICE, SHORTEST_SLICE = 1.0, 0.2
CRASHES_ALLOWED = 3


class NotYours(PermissionError):
    """Only the browser that started a run may steer it."""


@dataclass(frozen=True)
class View:
    """What a page sees of a run: a copy of the record, its history, and its place in the ring.

    Args:
        place: turns until its next slice, 1 for the next one; None when it needs no turn.
        training: whether a worker trains it at this moment.
    """

    run: Run
    history: History
    place: int | None
    training: bool


@dataclass
class _Question:
    future: Future
    call: Callable[[], Future]


class RunQueue:
    """Runs of all sessions on one pool.

    Args:
        store: where records and checkpoints lie; what it holds is taken up, as interrupted.
        pool: who computes.
        limits: bounds on runs, memory and disk.
        advance: the slice function; replaced in tests.
    """

    def __init__(
        self,
        store: Store,
        pool: Pool,
        limits: Limits,
        advance: Callable[[worker.Job], worker.Advance] = worker.advance,
    ) -> None:
        self.store, self.pool, self.limits = store, pool, limits
        self.records = Records(store, limits)
        self._advance = advance
        self._lock = threading.RLock()
        self._ring = Ring()
        self._flying: set[str] = set()
        self._crashes: dict[str, int] = {}
        self._questions: deque[_Question] = deque()
        self._asking = 0
        self._closed = False
        self._inbox: queues.SimpleQueue[Callable[[], None] | None] = queues.SimpleQueue()
        self._thread = threading.Thread(target=self._schedule, name="runs", daemon=True)
        self._thread.start()

    # What pages ask for -------------------------------------------------------------------

    def submit(
        self,
        session: str,
        name: str,
        settings: dict[str, Any],
        digest: str,
        corpus: bytes,
        live: dict[str, Any] | None = None,
    ) -> str:
        """Add a run and return its id.

        Raises:
            LimitReached: too many runs, of this session or in all, or no room on the disk.
        """
        with self._lock:
            self.records.check_room(session)
            run = Run(secrets.token_urlsafe(9), session, name, settings, digest, dict(live or {}))
            self.records.add(run, corpus)
            self._ring.add(session, run.id)
        self._wake()
        return run.id

    def adopt(self, run: Run, events: list[dict], checkpoint: bytes, corpus: bytes) -> str:
        """Take in a run that was saved elsewhere, ended, and return its id.

        Raises:
            LimitReached: no room on the disk.
        """
        with self._lock:
            self.records.check_disk()
            self.records.add(run, corpus)
            self.records.fill(run, events, checkpoint)
        return run.id

    def pause(self, run_id: str, session: str) -> None:
        """Hold a run after its current slice."""
        with self._steer(run_id, session) as run:
            if run.status in (Status.WAITING, Status.RUNNING):
                run.status = Status.PAUSED

    def resume(self, run_id: str, session: str) -> None:
        """Let a paused, interrupted, stopped or failed run go on from its last checkpoint.

        Raises:
            LimitReached: the session or the server has too many runs under way.
        """
        with self._steer(run_id, session) as run:
            if run.status is Status.FINISHED or run.status in (Status.WAITING, Status.RUNNING):
                return
            if not run.status.alive:
                self.records.check_room(session)
            self._crashes.pop(run_id, None)
            run.status = Status.RUNNING if run.checkpoint else Status.WAITING
            run.message = ""
            self._ring.add(run.session, run_id)

    def step(self, run_id: str, session: str) -> None:
        """Train a paused run for a single optimiser step."""
        with self._steer(run_id, session) as run:
            if run.status is Status.PAUSED and run_id not in self._flying:
                run.single_step = True
                self._ring.add(run.session, run_id)

    def stop(self, run_id: str, session: str) -> None:
        """End a run where it stands."""
        with self._steer(run_id, session) as run:
            if run.status.alive:
                self._end(run, Status.STOPPED, "Stopped by you.")

    def set_live(self, run_id: str, session: str, **live: Any) -> None:
        """Change the learning rate, temperature, top-k or prompt from the next slice on."""
        with self._steer(run_id, session) as run:
            run.live.update(live)

    def rename(self, run_id: str, session: str, name: str) -> None:
        """Give a run another name (at most 60 characters; an empty one changes nothing)."""
        with self._steer(run_id, session) as run:
            run.name = " ".join(name.split())[:60] or run.name

    def remove(self, run_id: str, session: str) -> None:
        """Delete a run, its curves and its checkpoint."""
        with self._steer(run_id, session) as run:
            self._ring.discard(run.session, run_id)
            self._crashes.pop(run_id, None)
            self.records.forget(run, files=run_id not in self._flying)

    def view(self, run_id: str) -> View:
        """Return a snapshot of a run.

        Raises:
            KeyError: there is no such run (any more).
        """
        with self._lock:
            run = self.records.runs[run_id]
            history = self.records.history(run)
            copy = History(list(history.points), list(history.samples), history.bytes)
            order = self._ring.order(self._ready)
            place = order.index(run_id) + 1 if run_id in order else None
            return View(replace(run, live=dict(run.live)), copy, place, run_id in self._flying)

    def runs_of(self, session: str) -> list[Run]:
        """Return the runs of a session, newest first."""
        with self._lock:
            mine = [replace(run) for run in self.records.runs.values() if run.session == session]
        return sorted(mine, key=lambda run: run.created, reverse=True)

    def alive(self) -> int:
        """Return how many runs are under way over all sessions."""
        with self._lock:
            return len(self.records.alive())

    def call(self, function: Callable, *arguments: Any, **keywords: Any) -> Future:
        """Run a short function in a worker, ahead of the waiting slices."""
        question = _Question(Future(), lambda: self.pool.submit(function, *arguments, **keywords))
        with self._lock:
            self._questions.append(question)
        self._wake()
        return question.future

    def ask(self, run_id: str, name: str, **arguments: Any) -> Future:
        """Ask `lab.training.questions.<name>` about a run's last checkpoint.

        Raises:
            KeyError: there is no such run.
            LookupError: the run has no checkpoint yet.
        """
        with self._lock:
            run = self.records.runs[run_id]
            if not run.checkpoint:
                raise LookupError("This run has no checkpoint yet: let it train a moment.")
            path = self.store.checkpoint_path(run)
            # Read here: the file of this number may be gone by the time that a worker is free.
            return self.call(
                worker.ask, name, self._source(run.corpus, True), path.read_bytes(), **arguments
            )

    def ask_corpus(self, digest: str, name: str, **arguments: Any) -> Future:
        """Ask `lab.training.questions.<name>` about a stored corpus."""
        with self._lock:
            source = self._source(digest, True)
        return self.call(worker.ask, name, source, None, **arguments)

    def close(self) -> None:
        """End the scheduler and the workers; what was under way is taken up as interrupted."""
        self._closed = True
        self._inbox.put(None)
        self._thread.join(timeout=5)
        self.pool.close()
        for question in self._questions:
            question.future.cancel()

    # The scheduler ------------------------------------------------------------------------

    def _wake(self) -> None:
        self._inbox.put(lambda: None)

    def _schedule(self) -> None:
        while (task := self._inbox.get()) is not None:
            try:
                task()
                self._dispatch()
            except Exception:
                # One bad result must not end everybody's training.
                log.exception("the scheduler of runs skipped a task")

    def _ready(self, run_id: str) -> bool:
        run = self.records.runs.get(run_id)
        if run is None or run_id in self._flying:
            return False
        return run.status in (Status.WAITING, Status.RUNNING) or run.single_step

    def _dispatch(self) -> None:
        with self._lock:
            while len(self._flying) + self._asking < self.pool.slots and not self._closed:
                if self._questions:
                    self._start_question(self._questions.popleft())
                    continue
                run = self._next_run()
                if run is None:
                    return
                self._start_slice(run)

    def _next_run(self) -> Run | None:
        # A pool that breaks takes every slice in flight along. A run that was there is tried
        # again alone, so that the one that kills workers is found and the others are cleared.
        suspects = [run_id for run_id in self._crashes if self._ready(run_id)]
        if suspects:
            return None if self._flying else self.records.runs[suspects[0]]
        if any(run_id in self._flying for run_id in self._crashes):
            return None
        run_id = self._ring.next(self._ready)
        return self.records.runs[run_id] if run_id else None

    def _source(self, digest: str, send: bool = False) -> worker.CorpusSource:
        path = self.store.corpus_path(digest)
        if self.pool.shares_disk:
            return worker.CorpusSource(digest, path)
        return worker.CorpusSource(digest, data=path.read_bytes() if send else None)

    def _slice_seconds(self, run: Run) -> float:
        if not run.checkpoint:
            return FIRST_SLICE
        active = sum(
            r.status in (Status.WAITING, Status.RUNNING) for r in self.records.runs.values()
        )
        # Shorter turns when many wait: 1 s alone, 0.2 s for thirty runs on two workers.
        share = 3.0 * self.pool.slots / max(1, active)
        return min(LONGEST_SLICE, max(SHORTEST_SLICE, share))

    def _start_slice(self, run: Run, send_corpus: bool = False) -> None:
        self._flying.add(run.id)
        try:
            future = self.pool.submit(
                self._advance,
                self._job(run, send_corpus),
                device=run.settings.get("device", "cpu"),
            )
        except Exception as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._inbox.put(lambda: self._land(run, done)))

    def _job(self, run: Run, send_corpus: bool) -> worker.Job:
        checkpoint = self.store.checkpoint_path(run) if run.checkpoint else None
        target = self.store.checkpoint_path(run, run.checkpoint + 1)
        if not self.pool.shares_disk:
            checkpoint, target = checkpoint and checkpoint.read_bytes(), None
        return worker.Job(
            run.settings,
            self._source(run.corpus, send_corpus),
            checkpoint,
            target,
            dict(run.live),
            self._slice_seconds(run),
            1 if run.single_step else None,
        )

    def _land(self, run: Run, future: Future) -> None:
        with self._lock:
            self._flying.discard(run.id)
            if run.id not in self.records.runs:  # removed while a worker had it
                self.store.remove(run)
                return
            run.single_step = False
            error = future.exception()
            if error is None:
                self._crashes.pop(run.id, None)
                self._keep(run, future.result())
            elif isinstance(error, worker.CorpusMissing) and not self.pool.shares_disk:
                self._start_slice(run, send_corpus=True)
            elif isinstance(error, worker.CorpusMissing):
                self._end(run, Status.FAILED, "The text of this run is gone: start it anew.")
            elif _is_crash(error):
                self._count_crash(run)
            else:
                log.error("run %s failed", run.id, exc_info=error)
                self._end(run, Status.FAILED, f"This run ended with an error: {_sentence(error)}")

    def _count_crash(self, run: Run) -> None:
        times = self._crashes.get(run.id, 0) + 1
        self._crashes[run.id] = times
        if times >= CRASHES_ALLOWED:
            del self._crashes[run.id]
            self._end(run, Status.FAILED, CRASHED.format(times=times))

    def _keep(self, run: Run, result: worker.Advance) -> None:
        history = self.records.history(run)
        for event in result.events:
            history.add(event)
        self._note_progress(run, result.events)
        try:
            if result.checkpoint is not None:
                number = run.checkpoint + 1
                worker.write_atomically(self.store.checkpoint_path(run, number), result.checkpoint)
            if result.checkpoint is not None or result.wrote:
                run.checkpoint += 1
            self.store.append(run, result.events)
            if run.status is Status.WAITING:
                run.status = Status.RUNNING
            if run.status.alive and result.failure:
                self._end(run, Status.FAILED, result.failure)
            elif run.status.alive and result.finished:
                self._end(run, Status.FINISHED, "")
            run.touched = time.time()
            self.store.save(run)
            self.store.drop_old_checkpoints(run)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            self._end(run, Status.FAILED, worker.DISK_FULL if full else _sentence(error))

    def _note_progress(self, run: Run, events: list[dict]) -> None:
        for event in events:
            run.step, run.tokens, run.seconds = event["step"], event["tokens"], event["seconds"]
            if event.get("validation_loss") is not None:
                run.validation_loss = event["validation_loss"]

    def _start_question(self, question: _Question) -> None:
        self._asking += 1
        try:
            future = question.call()
        except Exception as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._inbox.put(lambda: self._answer(question, done)))

    def _answer(self, question: _Question, future: Future) -> None:
        with self._lock:
            self._asking -= 1
        if question.future.cancelled():
            return
        error = future.exception()
        if error is not None:
            question.future.set_exception(error)
        else:
            question.future.set_result(future.result())

    # Records ------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _steer(self, run_id: str, session: str):
        with self._lock:
            run = self.records.runs[run_id]
            if run.session != session:
                raise NotYours("Only the browser that started this run may steer it.")
            yield run
            self.records.save(run)
        self._wake()

    def _end(self, run: Run, status: Status, message: str) -> None:
        self._ring.discard(run.session, run.id)
        self.records.end(run, status, message)


def _is_crash(error: BaseException) -> bool:
    # By name: loky's and Dask's classes must not be imported for a comparison.
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(
        names & {"BrokenProcessPool", "BrokenExecutor", "TerminatedWorkerError", "KilledWorker"}
    )


def _sentence(error: BaseException) -> str:
    first = str(error).strip().splitlines()
    return first[0] if first else type(error).__name__
