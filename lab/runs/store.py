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
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import psutil

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


class Store:
    """The folder of all runs.

    Args:
        folder: made when missing. If another live server holds it, a folder beside it is used:
            two servers writing the same records would lose runs.
        disk_bytes: bound of `trim`.
    """

    def __init__(self, folder: Path, disk_bytes: int) -> None:
        self.disk_bytes = disk_bytes
        self.folder = self._claim(Path(folder).absolute())
        self.runs = self.folder / "runs"
        self.corpora = self.folder / "corpora"
        self.runs.mkdir(exist_ok=True)
        self.corpora.mkdir(exist_ok=True)

    def _claim(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        lock = folder / "server.json"
        with contextlib.suppress(OSError, ValueError, KeyError, psutil.Error):
            held = json.loads(lock.read_text())
            owner = psutil.Process(held["pid"])
            if held["pid"] != os.getpid() and abs(owner.create_time() - held["started"]) < 1:
                return self._claim(folder / f"server-{os.getpid()}")
        mine = {"pid": os.getpid(), "started": psutil.Process().create_time()}
        write_atomically(lock, json.dumps(mine).encode())
        return folder

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
        """Return where the corpus with this digest lies."""
        if not re.fullmatch(r"[0-9a-f]{16,64}", digest):
            raise KeyError(digest)
        return self.corpora / f"{digest}.safetensors"

    def save_corpus(self, digest: str, data: bytes) -> Path:
        """Write a corpus unless it is there already."""
        path = self.corpus_path(digest)
        if not path.exists():
            write_atomically(path, data)
        return path

    def save(self, run: Run) -> None:
        """Write a run's record."""
        folder = self.run_folder(run.id)
        folder.mkdir(exist_ok=True)
        write_atomically(folder / "run.json", run.to_json().encode())

    def append(self, run: Run, events: Iterable[dict]) -> None:
        """Add events to a run's curves on disk; `save` makes them count."""
        folder = self.run_folder(run.id)
        folder.mkdir(exist_ok=True)
        lines = [json.dumps(event, ensure_ascii=False, allow_nan=False) for event in events]
        if lines:
            with (folder / "events.jsonl").open("a", encoding="utf-8", newline="\n") as file:
                file.write("\n".join(lines) + "\n")
        run.events += len(lines)

    def drop_old_checkpoints(self, run: Run) -> None:
        """Delete every checkpoint of a run but the last complete one."""
        keep = self.checkpoint_path(run)
        for path in self.run_folder(run.id).glob("checkpoint-*"):
            if path != keep:
                path.unlink(missing_ok=True)

    def history(self, run: Run) -> History:
        """Read a run's curves; lines after the last complete checkpoint are left out."""
        history = History()
        path = self.run_folder(run.id) / "events.jsonl"
        if path.exists():
            with path.open(encoding="utf-8") as file:
                for _, line in zip(range(run.events), file, strict=False):
                    with contextlib.suppress(ValueError):
                        history.add(json.loads(line))
        return history

    def truncate(self, run: Run) -> None:
        """Cut `events.jsonl` back to what belongs to the last complete checkpoint."""
        path = self.run_folder(run.id) / "events.jsonl"
        if not path.exists():
            return
        with path.open(encoding="utf-8") as file:
            lines = [line for _, line in zip(range(run.events), file, strict=False)]
        write_atomically(path, "".join(lines).encode())

    def load(self) -> list[Run]:
        """Read all records, oldest first; what was alive is interrupted, what is broken is left.

        A record that cannot be read costs that run only.
        """
        found = []
        for path in self.runs.glob("*/run.json"):
            try:
                run = Run.from_json(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, TypeError, KeyError):
                continue
            if run.id != path.parent.name:
                continue
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

    def drop_unused_corpora(self, digests: set[str]) -> None:
        """Delete the corpora that none of the given digests names."""
        for path in self.corpora.glob("*.safetensors"):
            if path.stem not in digests:
                path.unlink(missing_ok=True)

    def bytes_used(self, run: Run | None = None) -> int:
        """Return the bytes on disk of one run, or of everything."""
        folder = self.run_folder(run.id) if run else self.folder
        total = 0
        for path in folder.rglob("*"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size if path.is_file() else 0
        return total
