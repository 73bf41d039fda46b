"""What a page asks a worker about a masked model, as JSON can hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lab.bias.log_probability import log_probability_bias
from lab.bias.stimuli import Template
from lab.masked.readers import Reader, from_folder, from_run


def _answer(
    reader: Reader,
    templates: Sequence[dict[str, Any]],
    attributes: Sequence[Sequence[str]],
    unit: str,
    prior: str,
) -> dict[str, Any]:
    whole = [Template(t["text"], tuple(t["first"]), tuple(t["second"])) for t in templates]
    a, b = attributes
    found = log_probability_bias(reader, whole, None, (a, b), unit=unit, prior=prior)
    result = asdict(found.result)
    result["associations"] = found.result.associations.tolist()
    return {
        "sentences": [asdict(one) for one in found.sentences],
        "readings": [asdict(one) for one in found.readings],
        "rows": [asdict(one) for one in found.rows],
        "result": result,
        "templates": found.templates,
        "unit": unit,
        "prior": prior,
    }


def of_folder(
    path: str,
    templates: Sequence[dict[str, Any]],
    attributes: Sequence[Sequence[str]],
    unit: str = "words",
    prior: str = "masked",
    name: str = "",
) -> dict[str, Any]:
    """Return `log_probability_bias` of a model folder as JSON can hold it; runs in a worker.

    Args:
        path: of the folder.
        templates: dicts with text, first, second.
        attributes: words of A, and of B.
        unit, prior: see `log_probability_bias`.
        name: to call the model by in messages.
    """
    return _answer(from_folder(path, name), templates, attributes, unit, prior)


def of_run(
    checkpoint: bytes,
    rows: Any,
    templates: Sequence[dict[str, Any]],
    attributes: Sequence[Sequence[str]],
    unit: str = "words",
    prior: str = "masked",
) -> dict[str, Any]:
    """Return the same of a run of the task "masked"."""
    return _answer(from_run(checkpoint, rows), templates, attributes, unit, prior)
