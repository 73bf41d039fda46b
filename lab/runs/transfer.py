"""A run as two files: the checkpoint (safetensors) and a JSON with settings, curves and vocabulary.

Both may come from anywhere, so both are checked before anything is kept.
"""

from __future__ import annotations

import json
import secrets
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lab.runs.kinds import kind_of
from lab.runs.run import History, Run, Status
from lab.training.kind import Data, Kind, Number

FORMAT = "glasshouse-run-1"
LARGEST = 50_000_000  # bytes of the JSON


class Point(msgspec.Struct):
    """A point of a run's curves as a file holds it; see `lab.training.events.Event`."""

    step: Annotated[int, Meta(ge=0, le=10**18)]
    tokens: Annotated[int, Meta(ge=0, le=10**18)]
    seconds: Number
    train_loss: Number | None = None
    validation_loss: Number | None = None
    learning_rate: Number | None = None
    gradient_norm: Number | None = None
    metrics: dict[str, Number | None] | None = None
    finished: bool = False
    interim: bool = False


class TransferError(ValueError):
    """These files are not a run that the lab saved; the message says what to do."""


def to_json(run: Run, history: History, data: Data) -> str:
    """Return everything of a run but its weights and what it learned from."""
    return json.dumps(
        {
            "format": FORMAT,
            "name": run.name,
            "settings": run.settings,
            "text": {"digest": run.corpus, **kind_of(run.settings).about(data)},
            "points": history.points,
            "samples": [json.loads(encoded) for _, encoded in history.samples],
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def from_json(data: bytes, session: str) -> tuple[Run, list[dict[str, Any]], Data, str]:
    """Read what `to_json` wrote.

    Returns:
        The run, ended; its events; data that hold the vocabulary and nothing to learn from; and
        the digest of the data that it was trained on.

    Raises:
        TransferError: the data is something else, too large, or damaged.
    """
    if len(data) > LARGEST:
        raise TransferError("The JSON file is too large to be that of a run.")
    try:
        values = json.loads(data.decode("utf-8"))
        if values["format"] != FORMAT:
            raise KeyError("format")
        kind = kind_of(values["settings"])
        settings = kind.settings.from_dict(values["settings"])
        corpus = kind.from_about(values["text"])
        events = _events(values["points"], values["samples"], kind)
        digest = str(values["text"]["digest"])
        name = " ".join(str(values["name"]).split())[:60] or "Loaded run"
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError):
        raise TransferError(
            "The JSON file is not that of a saved run: choose the one that was saved together "
            "with the safetensors file."
        ) from None
    last: dict[str, Any] = events[-1] if events else {"step": 0, "tokens": 0, "seconds": 0.0}
    run = Run(secrets.token_urlsafe(9), session, name, settings.to_dict(), corpus.digest)
    run.step, run.tokens, run.seconds = last["step"], last["tokens"], last["seconds"]
    run.status = Status.FINISHED if last.get("finished") else Status.STOPPED
    run.message = "Loaded from a file."
    losses = [e["validation_loss"] for e in events if e.get("validation_loss") is not None]
    run.validation_loss = losses[-1] if losses else None
    return run, events, corpus, digest


def _events(points: list[Any], samples: list[Any], kind: Kind[Any, Any]) -> list[dict[str, Any]]:
    shown = [kind.sample(sample) for sample in samples[:500]]
    by_step = {sample["step"]: sample for sample in shown}
    events: list[dict[str, Any]] = []
    for point in msgspec.convert(points[:100_000], list[Point]):
        if events and point.step <= events[-1]["step"]:
            raise ValueError("steps out of order")
        event: dict[str, Any] = msgspec.to_builtins(point)
        metrics = list((point.metrics or {}).items())[:20]
        event["metrics"] = {name[:40]: value for name, value in metrics}
        event["sample"] = by_step.pop(point.step, None)
        events.append(event)
    return events
