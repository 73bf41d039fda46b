"""What maps are worth, in a table beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.lesson.kit.text import plain

_MEANING = {"TP": "found", "FN": "missed", "FP": "false alarm"}


def table_of(heads: Sequence[str], figures: Sequence[Mapping[str, Any]]) -> str:
    """Return a table in Markdown: IoU, F1 and the hectares of hits and errors.

    Args:
        heads: of each map, as it came.
        figures: of each map, of `lab.crops.compared.judged`.
    """
    rows = [["", *map(plain, heads)], ["---"] * (len(heads) + 1)]
    for key, name in (("iou", "IoU"), ("f1", "F1")):
        rows.append([name, *(_with_interval(each[key]) for each in figures)])
    for kind, name in _MEANING.items():
        rows.append([f"{kind}, {name}", *(f"{each['hectares'][kind]:,.1f} ha" for each in figures)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _with_interval(share: tuple[float, float, float]) -> str:
    mean, low, high = share
    return f"**{mean:.2f}** ({low:.2f} to {high:.2f})" if mean == mean else "–"
