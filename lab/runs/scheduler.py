"""One thread that applies what workers bring and hands out the next slices, in a fair ring."""

from __future__ import annotations

import contextlib
import logging
import queue as queues
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from pathlib import Path
from typing import Any

from lab.runs import worker
from lab.runs.pools import Pool
from lab.runs.questions import Question, Questions
from lab.runs.records import Records
from lab.runs.ring import Ring
from lab.runs.run import Run, Status

log = logging.getLogger(__name__)

CRASHED = (
    "The worker process ended {times} times while it trained this run, most likely out of memory. "
    "Choose a smaller width, batch or block; the curves up to the last checkpoint are kept."
)
POOL_LOST = "The workers went away while this run was training. Resume it?"
FIRST_SLICE = 0.25  # seconds; the first point should be on the chart at once
LONGEST_SLICE, SHORTEST_SLICE = 1.0, 0.2
CHECKPOINT_COST = 5e-9  # seconds a byte to load, build and save: 50 ms for 4 x 128 (9.8 MB)
CRASHES_ALLOWED = 3


class Scheduler:
    """Hands slices and short questions to a pool and keeps what comes back.

    All state is guarded by `lock`, which pages take too: they read and leave wishes, and `wake`.

    Args:
        records: the runs.
        pool: who computes.
        advance: the slice function.
        clock: seconds, for what questions take and how long they wait.
    """

    def __init__(
        self,
        records: Records,
        pool: Pool,
        advance: Callable[[worker.Job], worker.Advance],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lock = threading.RLock()
        self.records, self.store, self.pool = records, records.store, pool
        self._advance, self.clock = advance, clock
        self._ring = Ring()
        self._flying: dict[str, int | None] = {}  # run id: steps of its slice, None for any number
        self._crashes: dict[str, int] = {}
        self._questions = Questions(records.limits)
        self._closed = False
        self._inbox: queues.SimpleQueue[Callable[[], None] | None] = queues.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="runs", daemon=True)
        self._thread.start()

    # For the queue; call these with the lock held -----------------------------------------

    def enter(self, run: Run) -> None:
        """Let a run take part in the ring, with a clean slate."""
        self._crashes.pop(run.id, None)
        self._ring.add(run.session, run.id)

    def leave(self, run: Run) -> None:
        """Take a run out of the ring; a slice in flight is still kept."""
        self._crashes.pop(run.id, None)
        self._ring.discard(run.session, run.id)

    def end(self, run: Run, status: Status, message: str) -> None:
        """Take a run out of the ring and mark it as ended."""
        self.leave(run)
        self.records.end(run, status, message)

    def training(self, run_id: str) -> bool:
        """Return whether a worker has this run at the moment."""
        return run_id in self._flying

    def place(self, run: Run) -> int | None:
        """Return how many turns from now a run has its next slice; None if it needs no turn."""
        if run.id in self._flying:
            return None
        return self._ring.place(run.session, run.id, self._takes_part)

    def source(self, digest: str, send: bool = False) -> worker.CorpusSource:
        """Return where a worker finds a corpus; `send` puts it along where no disk is shared."""
        path = self.store.corpus_path(digest)
        if self.pool.shares_disk:
            return worker.CorpusSource(digest, path)
        return worker.CorpusSource(digest, data=path.read_bytes() if send else None)

    # For anybody --------------------------------------------------------------------------

    def wake(self) -> None:
        """Look again for something to do."""
        self._inbox.put(lambda: None)

    def ask(
        self, call: Callable[[], Future[Any]], session: str = "", kind: str = ""
    ) -> Future[Any]:
        """Make a call on the pool, ahead of the waiting slices within its session's share.

        Args:
            call: makes it.
            session: who asks; "" for the server itself.
            kind: what is asked, to tell how long it may take.

        Returns:
            Its answer. `cancel` takes it out of the line while it waits.

        Raises:
            LimitReached: too many wait, of this session or in all.
        """
        question = Question(Future(), call, session, kind, self.clock())
        with self.lock:
            if self._closed:
                question.future.cancel()
            else:
                self._questions.add(question)
        question.future.add_done_callback(lambda done: self._withdrawn(question))
        self.wake()
        return question.future

    def _withdrawn(self, question: Question) -> None:
        if question.future.cancelled():
            with self.lock:
                self._questions.discard(question)

    def question_place(self, future: Future[Any]) -> int | None:
        """Return the place in the line of a question that waits, 1 for the next one."""
        with self.lock:
            line = self._questions.line(self._ring.owes)
        return next((at for at, other in enumerate(line, 1) if other.future is future), None)

    def question_wait(self, future: Future[Any]) -> float | None:
        """Return about how many seconds until a question is answered; None if it needs no wait."""
        with self.lock:
            found = [*self._questions, *self._questions.asking]
            question = next((other for other in found if other.future is future), None)
            if question is None:
                return None
            return self._questions.wait(question, self.clock(), self.pool.slots, self._ring.owes)

    def close(self) -> None:
        """End the thread and the pool; whoever waits for an answer gets a `CancelledError`."""
        with self.lock:
            self._closed = True
        self._inbox.put(None)
        self._thread.join(timeout=5)
        self.pool.close()
        with self.lock:
            unanswered = [*self._questions.asking, *self._questions]
        for question in unanswered:
            if not question.future.cancel():
                _answer(question.future, CancelledError("The server is closing."), None)

    # The thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        while (task := self._next_task()) is not None:
            for step in (task, self._give_up_on_late, self._dispatch):
                try:
                    step()
                except Exception:
                    # One bad result must not end everybody's training.
                    log.exception("the scheduler of runs skipped a task")

    def _next_task(self) -> Callable[[], None] | None:
        with self.lock:
            deadline = self._questions.next_deadline()
        left = None if deadline is None else max(0.0, deadline - self.clock())
        try:
            return self._inbox.get(timeout=left)
        except queues.Empty:
            return lambda: None

    def _give_up_on_late(self) -> None:
        with self.lock:
            late = self._questions.overdue(self.clock())
        for question in late:  # without the lock: who waits may do anything
            _answer(question.future, self._questions.too_late(), None)

    def _takes_part(self, run_id: str) -> bool:
        run = self.records.runs.get(run_id)
        if run is None:
            return False
        return run.status in (Status.WAITING, Status.RUNNING) or run.single_step

    def _ready(self, run_id: str) -> bool:
        return run_id not in self._flying and self._takes_part(run_id)

    def _dispatch(self) -> None:
        with self.lock:
            while not self._closed and self._at_work() < self.pool.slots:
                # A pool that breaks takes everything in flight along. A run that was there is
                # tried again alone, so that the one that kills workers is found and the others
                # are cleared.
                if any(run_id in self._flying for run_id in self._crashes):
                    return
                suspect = next(filter(self._ready, self._crashes), None)
                if suspect is not None:
                    if self._at_work():
                        return
                    self._start_slice(self.records.runs[suspect])
                elif not self._start_next():
                    return

    def _at_work(self) -> int:
        return len(self._flying) + len(self._questions.asking)

    def _start_next(self) -> bool:
        """Start what is next in fairness; return whether there was anything."""
        asking = self._questions.in_flight()
        training = {run.session for run in self.records.runs.values() if self._ready(run.id)}
        free = {session for session in self._questions.sessions() if not asking[session]}
        wanting = training | free
        if wanting or not self._at_work():
            self._ring.settle(wanting)
        # A question goes ahead of all slices while its session has its share and none in flight:
        # so a page is answered at once, and who asks for much waits as long as the others did.
        question = self._questions.take(lambda who: who in free and not self._ring.owes(who))
        if question is None and (run_id := self._ring.next(self._ready)) is not None:
            self._ring.passed(wanting)
            self._start_slice(self.records.runs[run_id])
            return True
        if question is None:  # nobody else has anything to do
            fewest = min((asking[who] for who in self._questions.sessions()), default=0)
            question = self._questions.take(lambda who: asking[who] == fewest)
        if question is None:
            return False
        self._start_question(question)
        return True

    def _start_slice(self, run: Run, send_corpus: bool = False) -> None:
        steps = 1 if run.single_step else None
        self._flying[run.id] = steps
        run.single_step = False
        try:
            job = self._job(run, steps, send_corpus)
            device = run.settings.get("device", "cpu")
            future = self.pool.submit(self._advance, job, device=device)
        except Exception as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._inbox.put(lambda: self._land(run, done)))

    def _job(self, run: Run, steps: int | None, send_corpus: bool) -> worker.Job:
        path = self.store.checkpoint_path(run) if run.checkpoint else None
        checkpoint: Path | bytes | None = path
        target: Path | None = self.store.checkpoint_path(run, run.checkpoint + 1)
        if not self.pool.shares_disk:
            checkpoint, target = path and path.read_bytes(), None
        return worker.Job(
            run.settings,
            self.source(run.corpus, send_corpus),
            checkpoint,
            target,
            dict(run.live),
            self._slice_seconds(run),
            steps,
        )

    def _slice_seconds(self, run: Run) -> float:
        if not run.checkpoint:
            return FIRST_SLICE
        # Never so short that reading and writing the checkpoint takes more than a tenth.
        path = self.store.checkpoint_path(run)
        cost = CHECKPOINT_COST * path.stat().st_size if path.exists() else 0.0
        return min(LONGEST_SLICE, max(self._turn_seconds(), 10 * cost))

    def _turn_seconds(self) -> float:
        active = sum(map(self._takes_part, self.records.runs))
        # Shorter turns when many wait: 1 s alone, 0.2 s for thirty runs on two workers.
        share = 3.0 * self.pool.slots / max(1, active)
        return min(LONGEST_SLICE, max(SHORTEST_SLICE, share))

    def _land(self, run: Run, future: Future[Any]) -> None:
        with self.lock:
            steps = self._flying.pop(run.id)
            if run.id not in self.records.runs:  # removed while a worker had it
                self.store.remove(run)
                return
            error = _error(future)
            again = _is_crash(error) or isinstance(error, worker.CorpusMissing)
            if again and steps == 1 and run.status is Status.PAUSED:
                run.single_step = True
            try:
                if error is None:
                    self._crashes.pop(run.id, None)
                    self._keep(run, future.result())
                elif isinstance(error, worker.CorpusMissing) and not self.pool.shares_disk:
                    if self._takes_part(run.id):
                        self._start_slice(run, send_corpus=True)
                elif _is_crash(error):
                    self._count_crash(run)
                elif _is_lost(error):
                    self.end(run, Status.INTERRUPTED, POOL_LOST)
                else:
                    log.error("run %s failed", run.id, exc_info=error)
                    self.end(run, Status.FAILED, _sentence(error))
            except Exception as problem:
                # A run that stayed in the ring would be tried, and fail here, for ever.
                log.exception("run %s failed", run.id)
                self.end(run, Status.FAILED, _sentence(problem))

    def _keep(self, run: Run, result: worker.Advance) -> None:
        self.records.keep(run, result.events, result.checkpoint, result.wrote)
        if run.status is Status.WAITING:
            run.status = Status.RUNNING
        # A run that its owner stopped meanwhile stays stopped, with what this slice brought.
        if run.status.alive and result.failure:
            run.status, run.message = Status.FAILED, result.failure
        elif run.status.alive and result.finished:
            run.status, run.message = Status.FINISHED, ""
        self.records.commit(run)
        if not run.status.alive:
            self.end(run, run.status, run.message)

    def _count_crash(self, run: Run) -> None:
        if not run.status.alive:
            return
        times = self._crashes.get(run.id, 0) + 1
        self._crashes[run.id] = times
        if times >= CRASHES_ALLOWED:
            self.end(run, Status.FAILED, CRASHED.format(times=times))

    def _start_question(self, question: Question) -> None:
        if question.again and not question.future.set_running_or_notify_cancel():
            return
        self._questions.asking.add(question)
        question.started = self.clock()
        try:
            future = question.call()
        except Exception as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._inbox.put(lambda: self._heard(question, done)))

    def _heard(self, question: Question, future: Future[Any]) -> None:
        with self.lock:
            self._questions.asking.discard(question)
            begun = question.asked if question.started is None else question.started
            seconds = self.clock() - begun
            self._ring.charge(question.session, seconds / self._turn_seconds())
            error = _error(future)
            if error is not None and _is_crash(error) and question.again:
                # Somebody else's slice may have broken the pool.
                question.again = False
                self._questions.put_back(question)
                return
            if error is None:
                self._questions.learn(question.kind, seconds)
        _answer(question.future, error, None if error else future.result())


def _answer(future: Future[Any], error: BaseException | None, result: Any) -> None:
    with contextlib.suppress(InvalidStateError):
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


def _error(future: Future[Any]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _is_crash(error: BaseException | None) -> bool:
    # By name: loky's and Dask's classes must not be imported for a comparison.
    return error is not None and _named(
        error, "BrokenProcessPool", "BrokenExecutor", "TerminatedWorkerError", "KilledWorker"
    )


def _is_lost(error: BaseException) -> bool:
    return _named(error, "CancelledError", "CommClosedError", "ClosedClientError", "PoolLost")


def _named(error: BaseException, *names: str) -> bool:
    return any(cls.__name__ in names for cls in type(error).__mro__)


def _sentence(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return worker.OUT_OF_MEMORY
    if isinstance(error, OSError) and error.errno in worker.NO_ROOM:
        return worker.DISK_FULL
    if isinstance(error, worker.CorpusMissing):
        return worker.CORPUS_GONE
    if isinstance(error, FileNotFoundError):
        return "A file of this run is gone: start it anew."
    first = str(error).strip().splitlines()
    return f"This run ended with an error: {first[0] if first else type(error).__name__}"
