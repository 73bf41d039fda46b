"""One run: what it trains, how far it is, and the curves and samples it has left behind."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from lab.training.declared import about, made


class Status(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"  # for its first slice
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"  # the budget is used
    STOPPED = "stopped"  # by its owner
    FAILED = "failed"  # diverged, out of memory, disk full
    INTERRUPTED = "interrupted"  # the server went away; the last checkpoint is on disk

    @property
    def alive(self) -> bool:
        """Whether the run counts against the limits and may still move by itself or be resumed."""
        return self in (Status.WAITING, Status.RUNNING, Status.PAUSED)


@dataclass
class Run:
    """The record of a run: everything but its curves goes to `run.json`.

    Args:
        id: unguessable; who has it may watch.
        session: the browser that owns the run; only it may steer.
        name: what the page calls the run.
        settings: the JSON form of `lab.training.Settings`.
        corpus: digest of the corpus it learns from.
        live: what may change during the run: learning rate, temperature, top_k, prompt.
        message: why it ended, in one sentence for its owner.
        created, touched: when it was made and last changed, in seconds since 1970.
        checkpoint: number of the last complete checkpoint file, 0 before the first.
        events: lines of `events.jsonl` that count; a crash may leave more behind them.
        step, tokens, seconds, validation_loss: of the last event, for lists without curves.
        single_step: a paused run is to train one optimiser step.
    """

    id: str
    session: str
    name: str
    settings: dict[str, Any]
    corpus: str
    live: dict[str, Any] = field(default_factory=dict)
    status: Status = Status.WAITING
    message: str = ""
    created: float = field(default_factory=time.time)
    touched: float = field(default_factory=time.time)
    checkpoint: Annotated[int, about(ge=0)] = 0
    events: Annotated[int, about(ge=0)] = 0
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    validation_loss: float | None = None
    single_step: bool = False

    def to_json(self) -> str:
        """Return the record as one JSON object."""
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Run:
        """Read a record that `to_json` wrote.

        Raises:
            ValueError, TypeError: the text is not such a record.
        """
        run = made(cls, json.loads(text), older=True)
        run.status = Status(run.status)
        run.to_json()  # refuses NaN and infinity, which it could not write again
        return run


@dataclass
class History:
    """Curves and samples of one run, as small as they travel.

    Args:
        points: one dict per event, without its sample.
        samples: (step, encoded sample); decoded when shown, since a decoded one is ten times
            larger.
    """

    points: list[dict[str, Any]] = field(default_factory=list)
    samples: list[tuple[int, bytes]] = field(default_factory=list)
    bytes: int = 0

    def add(self, event: dict[str, Any]) -> None:
        """Append one event of the training loop (its dict form)."""
        point = {key: value for key, value in event.items() if key != "sample"}
        self.points.append(point)
        self.bytes += 400
        if event.get("sample"):
            encoded = json.dumps(event["sample"], ensure_ascii=False).encode(errors="replace")
            self.samples.append((event["step"], encoded))
            self.bytes += len(encoded)

    def sample_at(self, step: float) -> dict[str, Any] | None:
        """Return the last sample drawn at or before a step (the first one if none was)."""
        if not self.samples:
            return None
        before = [encoded for at, encoded in self.samples if at <= step]
        return json.loads(before[-1] if before else self.samples[0][1])
