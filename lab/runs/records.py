"""The runs that a server knows: records, curves in memory, and the bounds on memory and disk."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict

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

    def check_room(self, session: str) -> None:
        """Raise `LimitReached` if a session may not have one more run under way."""
        alive = self.alive()
        mine = sum(run.session == session for run in alive)
        if mine >= self.limits.runs_per_session:
            raise LimitReached(
                f"You have {mine} runs under way, the most one browser may have here: "
                "stop one or wait until one ends."
            )
        if len(alive) >= self.limits.runs_total:
            raise LimitReached(
                f"{len(alive)} runs are under way on this server, the most it takes: "
                "try again when one has ended."
            )
        self.check_disk()

    def check_disk(self) -> None:
        """Raise `LimitReached` if runs that have not ended fill the lab's share of the disk."""
        self.trim_disk()
        if self.store.bytes_used() > self.limits.disk_bytes:
            raise LimitReached(
                f"The lab's {self.limits.disk_bytes // MEGABYTE} MB of disk are in use by runs "
                "that have not ended: stop or remove one."
            )

    def add(self, run: Run, corpus: bytes) -> None:
        """Take a new run in and write its record and corpus; raise `LimitReached` without room."""
        try:
            self.store.save_corpus(run.corpus, corpus)
            self.store.save(run)
        except OSError as error:
            raise LimitReached(
                "The run cannot be saved because the disk is full or not writable: "
                "remove old runs or free some space."
            ) from error
        self.runs[run.id] = run

    def fill(self, run: Run, events: list[dict], checkpoint: bytes) -> None:
        """Give a run curves and a checkpoint that come from elsewhere."""
        try:
            write_atomically(self.store.checkpoint_path(run, 1), checkpoint)
            run.checkpoint = 1
            self.store.append(run, events)
            self.store.save(run)
        except OSError as error:
            self.forget(run)
            raise LimitReached("The disk is full: remove old runs, then load again.") from error

    def history(self, run: Run) -> History:
        """Return a run's curves, read from disk again if they were let go."""
        if run.id not in self._histories:
            self._histories[run.id] = self.store.history(run)
            self.trim_memory(but=run.id)
        self._histories.move_to_end(run.id)
        return self._histories[run.id]

    def save(self, run: Run) -> None:
        """Write a run's record; a full disk costs the record's latest state, not the run."""
        run.touched = time.time()
        if run.id in self.runs:
            with contextlib.suppress(OSError):
                self.store.save(run)

    def end(self, run: Run, status: Status, message: str) -> None:
        """Mark a run as ended, and let the oldest ended runs go if a bound is passed."""
        run.status, run.message = status, message
        self.save(run)
        self.trim_memory()
        self.trim_disk()

    def forget(self, run: Run, files: bool = True) -> None:
        """Drop a run; its files too, unless a worker is still writing there."""
        self.runs.pop(run.id, None)
        self._histories.pop(run.id, None)
        if files:
            self.store.remove(run)
        self.store.drop_unused_corpora({other.corpus for other in self.runs.values()})

    def trim_memory(self, but: str = "") -> None:
        """Leave the curves of the runs longest not looked at on disk only."""
        used = sum(history.bytes for history in self._histories.values())
        for run_id in list(self._histories):
            if used <= self.limits.memory_bytes:
                return
            if run_id != but and not self.runs[run_id].status.alive:
                used -= self._histories.pop(run_id).bytes

    def trim_disk(self) -> None:
        """Remove ended runs, oldest first, until the lab's share of the disk is kept."""
        ended = [run for run in self.runs.values() if not run.status.alive]
        used = self.store.bytes_used()
        for run in sorted(ended, key=lambda run: run.touched):
            if used <= self.limits.disk_bytes:
                return
            used -= self.store.bytes_used(run)
            self.forget(run)
