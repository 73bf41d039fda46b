"""Which tasks there are: the queue knows them by name, and loads one when it is first needed.

A task is there as soon as a science of the lab has a file that ends with `kind.py` and holds its
`KIND` (`lab.training.kind`). None of them loads torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from lab.training.kind import Kind

_LAB = Path(__file__).parent.parent


@cache
def kinds() -> dict[str, Kind[Any, Any]]:
    """Return the kinds of runs by the names of their tasks, collected from the lab's folders."""
    found: dict[str, Kind[Any, Any]] = {}
    for path in sorted(_LAB.rglob("*kind.py")):
        parts = path.relative_to(_LAB.parent).with_suffix("").parts
        kind = getattr(import_module(".".join(parts)), "KIND", None)
        if kind is not None:
            found[kind.settings.task] = kind
    return found


def kind_named(name: Any) -> Kind[Any, Any]:
    """Return the kind of a name.

    Raises:
        ValueError: there is none.
    """
    if not isinstance(name, str) or name not in kinds():
        raise ValueError(f"There is no task {str(name)[:40]!r}.")
    return kinds()[name]


def kind_of(settings: Mapping[str, Any]) -> Kind[Any, Any]:
    """Return the kind of a run by its settings (runs saved before there were kinds name none).

    Raises:
        ValueError: there is none.
    """
    return kind_named(settings.get("task", "language"))
