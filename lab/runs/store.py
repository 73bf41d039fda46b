"""Runs on disk: records, curves and checkpoints that outlive a worker and the server.

    <data>/runs/<id>/run.json               the record, replaced in one move
                     events.jsonl           one event of the training loop per line
                     checkpoint-<n>.safetensors
    <data>/corpora/<digest>.safetensors     tokenized texts, shared by runs

A checkpoint has a number: a worker writes number n + 1 and the record moves on only when the
slice came back whole, so a worker killed in between leaves the run at n with its curves right.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shutil
from collections.abc import Iterable
from itertools import count, islice
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from lab.runs.run import History, Run, Status

_ID = re.compile(r"[A-Za-z0-9_-]{4,64}")


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file in one move: a reader sees the old content or the new one, never half."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _size(path: Path) -> int:
    """Return the bytes of a file or of all in a folder; links count as themselves."""
    if path.is_symlink() or path.is_file():
        return path.lstat().st_size
    total = 0
    for parent, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(parent, name)).st_size
    return total


def _step(line: bytes) -> float:
    with contextlib.suppress(ValueError, TypeError, LookupError):
        return float(json.loads(line)["step"])
    return math.inf


class Store:
    """The folder of all runs.

    Args:
        folder: made when missing. If another live server holds it, the first free one of
            `server-2`, `server-3`, ... in it is used: two servers writing the same records would
            lose runs.
        disk_bytes: bound on what lies here; `Records` keeps it.
    """

    def __init__(self, folder: Path, disk_bytes: int) -> None:
        self.disk_bytes = disk_bytes
        self.folder = self._claim(Path(folder).absolute())
        self.runs = self.folder / "runs"
        self.corpora = self.folder / "corpora"
        self.runs.mkdir(exist_ok=True)
        self.corpora.mkdir(exist_ok=True)
        # Bytes by folder of `runs`, and under "" those of the corpora: a walk over everything for
        # each run that ends would take seconds, with everybody waiting.
        self._bytes = {path.name: _size(path) for path in self.runs.iterdir()}
        self._bytes[""] = _size(self.corpora)

    def _claim(self, folder: Path) -> Path:
        for number in count(1):
            mine = folder if number == 1 else folder / f"server-{number}"
            mine.mkdir(parents=True, exist_ok=True)
            # Held by the system while this process lives, whatever container it lives in; the
            # file itself says nothing. One lock a process: a queue opened anew goes on.
            lock = FileLock(mine / "server.lock", is_singleton=True, thread_local=False)
            with contextlib.suppress(Timeout):
                lock.acquire(blocking=False)
                self._lock = lock
                return mine
        raise AssertionError("numbers do not end")

    def run_folder(self, run_id: str) -> Path:
        """Return the folder of one run.

        Raises:
            KeyError: the id has characters that no id has (it may come from a link).
        """
        if not _ID.fullmatch(run_id):
            raise KeyError(run_id)
        return self.runs / run_id

    def checkpoint_path(self, run: Run, number: int | None = None) -> Path:
        """Return the path of a run's checkpoint (the last complete one by default)."""
        number = run.checkpoint if number is None else number
        return self.run_folder(run.id) / f"checkpoint-{number}.safetensors"

    def corpus_path(self, digest: str) -> Path:
        """Return where the corpus with this digest lies.

        Raises:
            KeyError: this is no digest (it may come from a link).
        """
        if not re.fullmatch(r"[0-9a-f]{16,64}", digest):
            raise KeyError(digest)
        return self.corpora / f"{digest}.safetensors"

    def save_corpus(self, digest: str, data: bytes) -> Path:
        """Write a corpus unless it is there already."""
        path = self.corpus_path(digest)
        if not path.exists():
            write_atomically(path, data)
            self._bytes[""] += len(data)
        return path

    def save(self, run: Run) -> None:
        """Write a run's record.

        Raises:
            OSError: the disk is full or not writable.
            ValueError, TypeError: JSON cannot hold a setting.
        """
        folder, data = self.run_folder(run.id), run.to_json().encode()
        folder.mkdir(exist_ok=True)
        write_atomically(folder / "run.json", data)
        self.measure(run)

    def append(self, run: Run, events: Iterable[dict[str, Any]]) -> None:
        """Add events to a run's curves on disk, all or none; `save` makes them count.

        Raises:
            OSError: the disk is full or not writable.
            ValueError, TypeError: JSON cannot hold an event.
        """
        path = self._events_path(run)
        path.parent.mkdir(exist_ok=True)
        lines = [json.dumps(event, ensure_ascii=False, allow_nan=False) for event in events]
        size = path.stat().st_size if path.exists() else 0
        try:
            # Half a surrogate pair, which a browser can send in a prompt, is written as "?".
            with path.open("ab") as file:
                file.writelines(f"{line}\n".encode(errors="replace") for line in lines)
        except OSError:
            with contextlib.suppress(OSError):
                os.truncate(path, size)
            raise
        run.events += len(lines)

    def drop_old_checkpoints(self, run: Run) -> None:
        """Delete every checkpoint of a run but the last complete one."""
        keep = self.checkpoint_path(run)
        for path in self.run_folder(run.id).glob("checkpoint-*"):
            if path != keep:
                # Some systems refuse while somebody reads it; it goes the next time.
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        self.measure(run)

    def _events_path(self, run: Run) -> Path:
        return self.run_folder(run.id) / "events.jsonl"

    def _lines(self, run: Run) -> list[bytes]:
        path = self._events_path(run)
        if not path.exists():
            return []
        with path.open("rb") as file:
            return list(islice(file, run.events))

    def history(self, run: Run) -> History:
        """Read a run's curves; lines that a crash left behind them are left out."""
        history = History()
        for line in self._lines(run):
            with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
                history.add(json.loads(line))
        return history

    def truncate(self, run: Run, step: int | None = None) -> None:
        """Cut `events.jsonl` back to the lines that count, or to those before a step.

        In place, by length: that works on a full disk too.
        """
        lines = self._lines(run)
        if step is not None:
            while lines and _step(lines[-1]) >= step:
                lines.pop()
        run.events = len(lines)
        if self._events_path(run).exists():
            os.truncate(self._events_path(run), sum(map(len, lines)))

    def load(self) -> list[Run]:
        """Read all records, oldest first; what was alive is interrupted, what is broken is left.

        A record that cannot be read costs that run only. Links are left alone: what they point
        to is not ours to write or remove.
        """
        found = []
        for path in self.runs.glob("*/run.json"):
            if path.is_symlink() or path.parent.is_symlink():
                continue
            try:
                run = Run.from_json(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
                continue
            if run.id != path.parent.name or not _ID.fullmatch(run.id):
                continue
            run.single_step = False
            if run.status.alive:
                run.status = Status.INTERRUPTED
                run.message = "The server went away while this run was training. Resume it?"
                with contextlib.suppress(OSError):
                    self.truncate(run)
                    self.drop_old_checkpoints(run)
                    self.save(run)
            found.append(run)
        return sorted(found, key=lambda run: run.created)

    def remove(self, run: Run) -> None:
        """Delete a run's folder."""
        shutil.rmtree(self.run_folder(run.id), ignore_errors=True)
        self.measure(run)  # some systems leave what somebody reads

    def drop_unused_corpora(self, digests: set[str]) -> None:
        """Delete the corpora that none of the given digests names, and halves of any."""
        for path in self.corpora.glob("*.safetensors*"):
            if path.name.removesuffix(".safetensors") not in digests:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        self._bytes[""] = _size(self.corpora)

    def measure(self, run: Run) -> None:
        """Count the bytes of one run's folder anew, after something in it has changed."""
        self._bytes[run.id] = _size(self.run_folder(run.id))
        if not self._bytes[run.id]:
            del self._bytes[run.id]

    def bytes_used(self) -> int:
        """Return the bytes on disk of all runs and corpora, as they were last measured."""
        return sum(self._bytes.values())
