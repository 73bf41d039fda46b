"""The runs that a server knows: records, curves in memory, and the bounds on memory and disk."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from typing import Any

from lab.runs.limits import MEGABYTE, Limits
from lab.runs.run import History, Run, Status
from lab.runs.store import Store, write_atomically


class LimitReached(RuntimeError):
    """A bound of this server is reached; the message says which and what to do."""


class Records:
    """Runs by id over a store. Not locked: `RunQueue` holds the lock.

    Args:
        store: where records lie; what it holds is taken up, what was alive as interrupted.
        limits: bounds on runs, memory and disk.
    """

    def __init__(self, store: Store, limits: Limits) -> None:
        self.store, self.limits = store, limits
        self.runs: dict[str, Run] = {run.id: run for run in store.load()}
        self._histories: OrderedDict[str, History] = OrderedDict()

    def alive(self) -> list[Run]:
        """Return the runs under way."""
        return [run for run in self.runs.values() if run.status.alive]

    def check_room(self, session: str, but: str = "") -> None:
        """Raise `LimitReached` if a session may not have one more run under way (`but`)."""
        alive = self.alive()
        mine = sum(run.session == session for run in alive)
        if mine >= self.limits.runs_per_session:
            raise LimitReached(
                f"You have {_runs(mine)} under way, the most one browser may have here: "
                "stop one or wait until one ends."
            )
        if len(alive) >= self.limits.runs_total:
            raise LimitReached(
                f"This server has {_runs(len(alive))} under way, the most it takes: "
                "try again when one has ended."
            )
        self.check_disk(but)

    def check_disk(self, but: str = "") -> None:
        """Raise `LimitReached` if runs that have not ended fill the lab's share of the disk."""
        self.trim_disk(but)
        if self.store.bytes_used() > self.store.disk_bytes:
            raise LimitReached(
                f"The lab's {self.store.disk_bytes // MEGABYTE} MB of disk are in use by runs "
                "that have not ended: stop or remove one."
            )

    def add(self, run: Run, corpus: bytes) -> None:
        """Take a new run in and write its record and corpus; raise `LimitReached` without room."""
        try:
            self.store.save_corpus(run.corpus, corpus)
            self.store.save(run)
        except OSError as error:
            self.store.remove(run)
            raise LimitReached(
                "The run cannot be saved because the disk is full or not writable: "
                "remove old runs or free some space."
            ) from error
        self.runs[run.id] = run

    def fill(self, run: Run, events: list[dict[str, Any]], checkpoint: bytes) -> None:
        """Give a run curves and a checkpoint that come from elsewhere.

        Raises:
            LimitReached: no room on the disk.
            ValueError, TypeError: JSON cannot hold an event.
        """
        try:
            write_atomically(self.store.checkpoint_path(run, 1), checkpoint)
            run.checkpoint = 1
            self.store.append(run, events)
            self.store.save(run)
        except OSError as error:
            self.forget(run)
            raise LimitReached("The disk is full: remove old runs, then load again.") from error
        except (ValueError, TypeError):
            self.forget(run)
            raise

    def history(self, run: Run) -> History:
        """Return a run's curves, read from disk again if they were let go."""
        if run.id not in self._histories:
            self._histories[run.id] = self.store.history(run)
            self.trim_memory(but=run.id)
        self._histories.move_to_end(run.id)
        return self._histories[run.id]

    def keep(
        self,
        run: Run,
        events: list[dict[str, Any]],
        checkpoint: bytes | None = None,
        wrote: bool = False,
    ) -> None:
        """Add what a slice brought: all of it, or nothing when the disk refuses.

        Args:
            run: whose slice it was.
            events: its events in order.
            checkpoint: the next checkpoint, when it came as bytes.
            wrote: whether the worker wrote the next checkpoint itself.

        Raises:
            OSError: the disk is full or not writable; the run stands where it stood.
        """
        history, following = self.history(run), self.store.checkpoint_path(run, run.checkpoint + 1)
        if events and history.points and events[0]["step"] <= history.points[-1]["step"]:
            # Resumed after a failure, from a checkpoint that is older than the curves' end.
            self.store.truncate(run, events[0]["step"])
            del self._histories[run.id]
            history = self.history(run)
        try:
            if checkpoint is not None:
                write_atomically(following, checkpoint)
            self.store.append(run, events)
        except Exception:
            with contextlib.suppress(OSError):
                following.unlink(missing_ok=True)
            raise
        if checkpoint is not None or wrote:
            run.checkpoint += 1
        for event in events:
            history.add(event)
            run.step, run.tokens, run.seconds = event["step"], event["tokens"], event["seconds"]
            if event.get("validation_loss") is not None:
                run.validation_loss = event["validation_loss"]

    def commit(self, run: Run) -> None:
        """Write a run's record after `keep`, and only then let its older checkpoints go.

        Raises:
            OSError: the disk is full or not writable; on disk the run stands where it stood.
        """
        run.touched = time.time()
        self.store.save(run)
        self.store.drop_old_checkpoints(run)

    def save(self, run: Run) -> None:
        """Write a run's record; a full disk costs the record's latest state, not the run."""
        run.touched = time.time()
        if run.id in self.runs:
            with contextlib.suppress(OSError):
                self.store.save(run)

    def end(self, run: Run, status: Status, message: str) -> None:
        """Mark a run as ended, and let the oldest ended runs go if a bound is passed."""
        run.status, run.message, run.single_step = status, message, False
        self.save(run)
        self.store.measure(run)
        self.trim_memory()
        self.trim_disk()

    def forget(self, run: Run) -> None:
        """Drop a run and its files. A worker that still has it will fail to write, unheard."""
        self.runs.pop(run.id, None)
        self._histories.pop(run.id, None)
        self.store.remove(run)
        self.store.drop_unused_corpora({other.corpus for other in self.runs.values()})

    def trim_memory(self, but: str = "") -> None:
        """Leave the curves of the ended runs longest not looked at on disk only."""
        used = sum(history.bytes for history in self._histories.values())
        for run_id in list(self._histories):
            if used <= self.limits.memory_bytes:
                return
            if run_id != but and not self.runs[run_id].status.alive:
                used -= self._histories.pop(run_id).bytes

    def trim_disk(self, but: str = "") -> None:
        """Remove ended runs, oldest first, until the lab's share of the disk is kept."""
        ended = [run for run in self.runs.values() if not run.status.alive and run.id != but]
        for run in sorted(ended, key=lambda run: run.touched):
            if self.store.bytes_used() <= self.store.disk_bytes:
                return
            self.forget(run)


def _runs(number: int) -> str:
    return f"{number} run" if number == 1 else f"{number} runs"
