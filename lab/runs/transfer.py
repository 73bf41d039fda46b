"""A run as two files: the checkpoint (safetensors) and a JSON with settings, curves and vocabulary.

Both may come from anywhere, so both are checked before anything is kept.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

import numpy as np

from lab.runs.run import History, Run, Status
from lab.text import Corpus, TextError, tokenizer_from_json
from lab.training import Settings, SettingsError

FORMAT = "glasshouse-run-1"
LARGEST = 50_000_000  # bytes of the JSON
_NUMBERS = (
    "step",
    "tokens",
    "seconds",
    "train_loss",
    "validation_loss",
    "learning_rate",
    "gradient_norm",
)


class TransferError(ValueError):
    """These files are not a run that the lab saved; the message says what to do."""


def to_json(run: Run, history: History, corpus: Corpus) -> str:
    """Return everything of a run but its weights and its text."""
    return json.dumps(
        {
            "format": FORMAT,
            "name": run.name,
            "settings": run.settings,
            "text": {
                "name": corpus.name,
                "digest": run.corpus,
                "tokenizer": corpus.tokenizer.to_json(),
                "characters_per_token": corpus.characters_per_token,
            },
            "points": history.points,
            "samples": [json.loads(encoded) for _, encoded in history.samples],
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def from_json(data: bytes, session: str) -> tuple[Run, list[dict[str, Any]], Corpus, str]:
    """Read what `to_json` wrote.

    Returns:
        The run, ended; its events; a corpus that holds the vocabulary and no text; and the digest
        of the text it was trained on.

    Raises:
        TransferError: the data is something else, too large, or damaged.
    """
    if len(data) > LARGEST:
        raise TransferError("The JSON file is too large to be that of a run.")
    try:
        values = json.loads(data.decode("utf-8"))
        if values["format"] != FORMAT:
            raise KeyError("format")
        settings = Settings.from_dict(values["settings"])
        about = values["text"]
        nothing = np.zeros(2, dtype=np.int64)
        corpus = Corpus(
            str(about["name"])[:60],
            tokenizer_from_json(about["tokenizer"]),
            nothing,
            nothing,
            _number(about["characters_per_token"]),
        )
        if not corpus.characters_per_token > 0:
            raise ValueError("characters_per_token")
        events = _events(values["points"], values["samples"])
        digest = str(about["digest"])
        name = " ".join(str(values["name"]).split())[:60] or "Loaded run"
    except (
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        AttributeError,
        RecursionError,
        SettingsError,
        TextError,
    ):
        raise TransferError(
            "The JSON file is not that of a saved run: choose the one that was saved together "
            "with the safetensors file."
        ) from None
    last = events[-1] if events else {"step": 0, "tokens": 0, "seconds": 0.0}
    run = Run(secrets.token_urlsafe(9), session, name, settings.to_dict(), corpus.digest)
    run.step, run.tokens, run.seconds = last["step"], last["tokens"], last["seconds"]
    run.status = Status.FINISHED if last.get("finished") else Status.STOPPED
    run.message = "Loaded from a file."
    losses = [e["validation_loss"] for e in events if e.get("validation_loss") is not None]
    run.validation_loss = losses[-1] if losses else None
    return run, events, corpus, digest


def _events(points: list, samples: list) -> list[dict[str, Any]]:
    by_step = {int(sample["step"]): _sample(sample) for sample in samples[:500]}
    events = []
    for point in points[:100_000]:
        event: dict[str, Any] = {key: _number(point.get(key)) for key in _NUMBERS}
        event["step"], event["tokens"] = int(event["step"]), int(event["tokens"])
        event["seconds"] = float(event["seconds"])
        if event["step"] < 0 or (events and event["step"] <= events[-1]["step"]):
            raise ValueError("steps out of order")
        event["finished"] = point.get("finished") is True
        event["interim"] = point.get("interim") is True
        event["sample"] = by_step.pop(event["step"], None)
        events.append(event)
    return events


def _number(value: Any) -> float | int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e18:
        raise ValueError(value)
    return value


def _sample(sample: dict[str, Any]) -> dict[str, Any]:
    tokens = [str(token) for token in sample["tokens"]][:5_000]
    return {
        "step": int(sample["step"]),
        "prompt": str(sample["prompt"]),
        "text": str(sample["text"]),
        "tokens": tokens,
        "ids": [],
        "probabilities": [_number(p) for p in sample["probabilities"]][: len(tokens)],
        "alternatives": [
            [[str(token), _number(p)] for token, p in row][:8] for row in sample["alternatives"]
        ][: len(tokens)],
        "temperature": _number(sample["temperature"]),
        "top_k": None if sample.get("top_k") is None else int(sample["top_k"]),
    }
