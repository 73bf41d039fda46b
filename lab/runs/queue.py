"""The queue of runs, as pages see it: they read snapshots and leave wishes.

All state lives in the web process, guarded by one lock; `lab.runs.scheduler` does the work.
"""

from __future__ import annotations

import contextlib
import math
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lab.runs import worker
from lab.runs.limits import Limits
from lab.runs.pools import Pool
from lab.runs.records import LimitReached, Records
from lab.runs.run import History, Run, Status
from lab.runs.scheduler import Scheduler
from lab.runs.store import Store

__all__ = ["LimitReached", "NotYours", "RunQueue", "View"]


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
        self._scheduler = Scheduler(self.records, pool, advance)
        self._lock = self._scheduler.lock

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
            ValueError: a setting is not finite.
        """
        with self._lock:
            self.records.check_room(session)
            run = Run(_new_id(), session, _tidy(name), settings, digest, dict(live or {}))
            self.records.add(run, corpus)
            self._scheduler.enter(run)
        self._scheduler.wake()
        return run.id

    def adopt(
        self, run: Run, events: list[dict[str, Any]], checkpoint: bytes, corpus: bytes
    ) -> str:
        """Take in a run that was saved elsewhere, ended, and return its new id.

        Raises:
            LimitReached: no room on the disk.
            ValueError, TypeError: the events are not such that a run leaves behind.
        """
        # Whatever the file says: an id is given here, so that no run of somebody's is replaced.
        run = replace(run, id=_new_id(), checkpoint=0, events=0, single_step=False)
        run.created = run.touched = time.time()
        if run.status.alive:
            run.status = Status.STOPPED
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
            if run.status in (Status.FINISHED, Status.WAITING, Status.RUNNING):
                return
            if not run.status.alive:
                self.records.check_room(session, but=run_id)
                with contextlib.suppress(OSError):
                    self.store.truncate(run)
            run.status = Status.RUNNING if run.checkpoint else Status.WAITING
            run.message, run.single_step = "", False
            self._scheduler.enter(run)

    def step(self, run_id: str, session: str) -> None:
        """Train a paused run for a single optimiser step, after the slice in flight if any."""
        with self._steer(run_id, session) as run:
            if run.status is Status.PAUSED:
                run.single_step = True
                self._scheduler.enter(run)

    def stop(self, run_id: str, session: str) -> None:
        """End a run where it stands."""
        with self._steer(run_id, session) as run:
            if run.status.alive:
                self._scheduler.end(run, Status.STOPPED, "Stopped by you.")

    def set_live(self, run_id: str, session: str, **live: Any) -> None:
        """Change the learning rate, temperature, top-k or prompt from the next slice on.

        Raises:
            ValueError: a number is not finite.
        """
        for name, value in live.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"{name.replace('_', ' ').capitalize()} must be a finite number.")
        with self._steer(run_id, session) as run:
            run.live.update(live)

    def rename(self, run_id: str, session: str, name: str) -> None:
        """Give a run another name (at most 60 characters; an empty one changes nothing)."""
        with self._steer(run_id, session) as run:
            run.name = _tidy(name) or run.name

    def remove(self, run_id: str, session: str) -> None:
        """Delete a run, its curves and its checkpoint."""
        with self._steer(run_id, session) as run:
            self._scheduler.leave(run)
            self.records.forget(run)

    def view(self, run_id: str) -> View:
        """Return a snapshot of a run.

        Raises:
            KeyError: there is no such run (any more).
        """
        with self._lock:
            run = self.records.runs[run_id]
            history = self.records.history(run)
            copy = History(list(history.points), list(history.samples), history.bytes)
            place, training = self._scheduler.place(run), self._scheduler.training(run_id)
            return View(replace(run, live=dict(run.live)), copy, place, training)

    def runs_of(self, session: str) -> list[Run]:
        """Return the runs of a session, newest first."""
        with self._lock:
            mine = [replace(run) for run in self.records.runs.values() if run.session == session]
        return sorted(mine, key=lambda run: run.created, reverse=True)

    def alive(self) -> int:
        """Return how many runs are under way over all sessions."""
        with self._lock:
            return len(self.records.alive())

    def call(
        self, function: Callable[..., Any], *arguments: Any, session: str = "", **keywords: Any
    ) -> Future[Any]:
        """Run a short function in a worker, ahead of the waiting slices, and return its answer.

        Each session has a share: what its questions take is charged to its turns, and one that
        has had its share waits while others have something to do. So pass the session that asks:

            future = queue.call(worker.compute, module, function, session=service.session())
            queue.place(future)    # 3: third in line; None when a worker has it, or it is done
            queue.seconds(future)  # 8.0: about so long until the answer; None when it is done
            future.cancel()        # takes it out of the line; False when a worker has it already

        Args:
            function: of a module, so that it can be sent by name.
            arguments, keywords: of the function.
            session: who asks; "" for the server itself.

        Raises:
            LimitReached: too many questions wait, of this session or in all. A question that
                waits longer than `Limits.question_seconds` ends with this error too.
        """
        kind = _kind_of(function, arguments)
        call = partial(self.pool.submit, function, *arguments, **keywords)
        return self._scheduler.ask(call, session, kind)

    def ask(self, run_id: str, name: str, session: str = "", **arguments: Any) -> Future[Any]:
        """Ask a question of the run's task (`Kind.questions`) about its last checkpoint.

        Args:
            run_id: of any run; whoever has the id may ask.
            name: of the question, or "lab.module:function".
            session: who asks, see `call`.
            arguments: of the question.

        Raises:
            KeyError: there is no such run.
            LookupError: the run has no checkpoint yet.
            OSError: its files are gone.
            LimitReached: see `call`.
        """
        run, data = self._checkpoint(run_id)
        source = self._scheduler.source(run.corpus, send=True)
        task = run.settings.get("task", "language")
        return self.call(worker.ask, task, name, source, data, session=session, **arguments)

    def _checkpoint(self, run_id: str) -> tuple[Run, bytes]:
        # Read now: the file of this number may be gone by the time that a worker is free. And
        # read without the lock: everybody else would wait for the disk.
        while True:
            with self._lock:
                run = replace(self.records.runs[run_id])
            if not run.checkpoint:
                raise LookupError("This run has no checkpoint yet: let it train a moment.")
            try:
                return run, self.store.checkpoint_path(run).read_bytes()
            except FileNotFoundError:
                with self._lock:
                    if self.records.runs[run_id].checkpoint == run.checkpoint:
                        raise

    def ask_corpus(
        self, digest: str, name: str, task: str = "language", session: str = "", **arguments: Any
    ) -> Future[Any]:
        """Ask a question of a task about stored data, without a model.

        Args:
            digest: of the data.
            name: of the question, or "lab.module:function".
            task: whose question it is.
            session: who asks, see `call`.
            arguments: of the question.

        Raises:
            KeyError: this is no digest.
            OSError: there is no such corpus (any more), and workers do not share the disk.
            LimitReached: see `call`.
        """
        source = self._scheduler.source(digest, send=True)
        return self.call(worker.ask, task, name, source, None, session=session, **arguments)

    def place(self, question: Future[Any]) -> int | None:
        """Return the place in line of a question that waits, 1 for the next one.

        Sessions are asked in turns, so the place may grow when others come, and is not one of
        arrival. None when a worker has the question, or it is answered or cancelled.
        """
        return self._scheduler.question_place(question)

    def seconds(self, question: Future[Any]) -> float | None:
        """Return about how many seconds until a question is answered; None when it is.

        From what questions of the same kind took; slices of training between them come on top.
        """
        return self._scheduler.question_wait(question)

    def close(self) -> None:
        """End the scheduler and the workers; what was under way is taken up as interrupted."""
        self._scheduler.close()

    @contextlib.contextmanager
    def _steer(self, run_id: str, session: str) -> Iterator[Run]:
        with self._lock:
            run = self.records.runs[run_id]
            if run.session != session:
                raise NotYours("Only the browser that started this run may steer it.")
            yield run
            self.records.save(run)
        self._scheduler.wake()


def _kind_of(function: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
    # `worker.ask` and `worker.compute` are told by name what to do: (task, name), (module, name).
    named = [part for part in arguments[:2] if isinstance(part, str)]
    return ":".join([getattr(function, "__name__", ""), *named])


def _new_id() -> str:
    return secrets.token_urlsafe(9)


def _tidy(name: str) -> str:
    return " ".join(name.split())[:60]
