"""The models of an experiment, and their short form in a link.

`lstm;transformer:learning_rate=0.001,layers=4` is an LSTM with its defaults beside a Transformer
with two of them changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST = 6

KINDS = {
    "lstm": "LSTM",
    "gru": "GRU",
    "rnn": "RNN",
    "transformer": "Transformer",
    "mlp": "Window MLP",
}
# What may differ from a model's defaults: name in links -> (type, name on the page).
CHANGES: dict[str, tuple[type, str]] = {
    "learning_rate": (float, "lr"),
    "layers": (int, "layers"),
    "width": (int, "width"),
    "block": (int, "block"),
    "batch": (int, "batch"),
    "dropout": (float, "dropout"),
    "heads": (int, "heads"),
    "positions": (str, "positions"),
}
# Smallest and largest value, and the step of the page's buttons.
RANGES: dict[str, tuple[float, float, float]] = {
    "learning_rate": (1e-6, 1.0, 1e-3),
    "layers": (1, 8, 1),
    "width": (8, 1024, 8),
    "block": (4, 512, 4),
    "batch": (1, 256, 1),
    "dropout": (0.0, 0.9, 0.05),
    "heads": (1, 16, 1),
}
POSITIONS = ("alibi", "learned", "sinusoidal", "none")


@dataclass(frozen=True)
class Entry:
    """One model of the line-up: its kind, and what is changed from its defaults."""

    kind: str
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name on the page, such as "Transformer (lr 0.001)"."""
        parts = [
            f"{CHANGES[key][1]} {value:g}" if CHANGES[key][0] is not str else f"{value}"
            for key, value in self.changes.items()
        ]
        return KINDS[self.kind] + (f" ({', '.join(parts)})" if parts else "")


def labels(entries: Sequence[Entry]) -> list[str]:
    """Return a distinct name for each entry: equal ones are numbered."""
    counts = Counter(entry.label for entry in entries)
    seen: Counter[str] = Counter()
    names = []
    for entry in entries:
        seen[entry.label] += 1
        number = f" #{seen[entry.label]}" if counts[entry.label] > 1 else ""
        names.append(entry.label + number)
    return names


def to_link(entries: Sequence[Entry]) -> str:
    """Return the short form of a line-up."""
    parts = []
    for entry in entries:
        changes = ",".join(f"{key}={_text(value)}" for key, value in entry.changes.items())
        parts.append(f"{entry.kind}:{changes}" if changes else entry.kind)
    return ";".join(parts)


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def from_link(text: str) -> tuple[list[Entry], list[str]]:
    """Read the short form; what cannot be read is left out and named.

    Returns:
        The entries (at most six), and the parts of the text that were left out.
    """
    entries, left_out = [], []
    for part in filter(None, text.split(";")):
        kind, _, changes = part.partition(":")
        read = _changes(kind, changes)
        if kind not in KINDS or read is None or len(entries) == MOST:
            left_out.append(part[:60])
        else:
            entries.append(Entry(kind, read))
    return entries, left_out


def _changes(kind: str, text: str) -> dict[str, Any] | None:
    changes: dict[str, Any] = {}
    for pair in filter(None, text.split(",")):
        key, _, value = pair.partition("=")
        if key not in CHANGES or not applies(kind, key):
            return None
        try:
            changes[key] = CHANGES[key][0](value)
        except ValueError:
            return None
        if not _in_range(key, changes[key]):
            return None
    return changes


def _in_range(key: str, value: Any) -> bool:
    if key == "positions":
        return value in POSITIONS
    low, high, _ = RANGES[key]
    return low <= value <= high  # false for NaN


def applies(kind: str, change: str) -> bool:
    """Return whether a setting means something to a kind of model."""
    return change not in ("heads", "positions") or kind == "transformer"


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is: what was typed stays text."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()<>#+-.!|~$:&" else char for char in text)
