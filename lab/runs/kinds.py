"""Which tasks there are: the queue knows them by name, and loads one when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from lab.training.kind import Kind

HOMES = {
    "language": "lab.training.kind",
    "translation": "lab.seq2seq.kind",
    "captioning": "lab.seq2seq.caption_kind",
    "masked": "lab.masked.kind",
    "vision": "lab.vision.kind",
    "classification": "lab.classify.kind",
    "crops": "lab.crops.network.kind",
}


def kind_named(name: Any) -> Kind:
    """Return the kind of a name.

    Raises:
        ValueError: there is none.
    """
    if name not in HOMES:
        raise ValueError(f"There is no task {str(name)[:40]!r}.")
    return import_module(HOMES[name]).KIND


def kind_of(settings: Mapping[str, Any]) -> Kind:
    """Return the kind of a run by its settings (runs saved before there were kinds name none).

    Raises:
        ValueError: there is none.
    """
    return kind_named(settings.get("task", "language"))
