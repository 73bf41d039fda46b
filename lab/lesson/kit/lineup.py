"""The models of an experiment, and their short form in a link.

`lstm;transformer:learning_rate=0.001,layers=4` is an LSTM with its defaults beside a Transformer
with two of them changed. What can be chosen at all stands in the lesson's `Catalogue`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lab.training.declared import Setting, settings_of
from lab.training.hyperparameters import Hyperparameters

MOST = 6
Entries = list["Entry"]  # not `list` below: a catalogue has a method of that name


@dataclass(frozen=True)
class Offer:
    """A setting that a lesson offers in a narrower range than it may have.

    Args:
        name: of the setting.
        low, high: the range on the page; None for the end that the setting declares.
        step: of its control; None for the declared one.
    """

    name: str
    low: float | None = None
    high: float | None = None
    step: float | None = None


RATE = Offer("learning_rate", 1e-6, 1.0)


def offered(settings: type[Hyperparameters], *offers: str | Offer) -> dict[str, Setting]:
    """Return what a lesson lets one change, read from where the settings are declared.

    Args:
        settings: of the task.
        offers: names of settings, or `Offer`s, in the order of the page.

    Raises:
        ValueError: there is no such setting, or an offer goes beyond it.
    """
    declared, found = settings_of(settings), {}
    for given in offers:
        offer = Offer(given) if isinstance(given, str) else given
        if offer.name not in declared or not declared[offer.name].title:
            raise ValueError(f"{settings.__name__} declares no {offer.name!r} for a page")
        setting = declared[offer.name].narrowed(offer.low, offer.high, offer.step)
        if setting.choices:  # the default first
            default = getattr(settings, offer.name)
            others = (choice for choice in setting.choices if choice != default)
            setting = replace(setting, choices=(default, *others))
        found[offer.name] = setting
    return found


@dataclass(frozen=True)
class Catalogue:
    """The models that a lesson offers.

    Args:
        name: of the lesson, for keys.
        kinds: model -> its name on the page.
        changes: setting -> what may be chosen for it; see `offered`.
        default: (model, **changes) -> checked settings; raises SettingsError.
        label: (model, changes) -> the name of a line-up's entry, None for the standard one.
    """

    name: str
    kinds: Mapping[str, str]
    changes: Mapping[str, Setting]
    default: Callable[..., Any]
    label: Callable[[str, Mapping[str, Any]], str] | None = None

    def applies(self, kind: str, change: str) -> bool:
        """Return whether a setting means something to a kind of model."""
        return self.changes[change].means_something_to(kind)

    def labels(self, entries: Sequence[Entry]) -> list[str]:
        """Return a distinct name for each entry: equal ones are numbered."""
        names = [self._label(entry) for entry in entries]
        counts, seen = Counter(names), Counter[str]()
        numbered = []
        for name in names:
            seen[name] += 1
            numbered.append(f"{name} #{seen[name]}" if counts[name] > 1 else name)
        return numbered

    def _label(self, entry: Entry) -> str:
        if self.label is not None:
            return self.label(entry.kind, entry.changes)
        return self.kinds[entry.kind] + self.list(entry.changes)

    def list(self, changes: Mapping[str, Any]) -> str:
        """Return changes in brackets, such as " (lr 0.001)", or nothing."""
        parts = []
        for key, value in changes.items():
            what = self.changes[key]
            parts.append(
                what.written(value) if what.type is str else f"{what.short} {what.written(value)}"
            )
        return f" ({', '.join(parts)})" if parts else ""

    def to_link(self, entries: Sequence[Entry]) -> str:
        """Return the short form of a line-up."""
        parts = []
        for entry in entries:
            changes = ",".join(
                f"{key}={self.changes[key].written(value)}" for key, value in entry.changes.items()
            )
            parts.append(f"{entry.kind}:{changes}" if changes else entry.kind)
        return ";".join(parts)

    def from_link(self, text: str) -> tuple[Entries, Sequence[str]]:
        """Read the short form; what cannot be read is left out and named.

        Returns:
            The entries (at most six), and the parts of the text that were left out.
        """
        entries: Entries = []
        left_out = []
        for part in filter(None, text.split(";")):
            kind, _, changes = part.partition(":")
            try:
                if kind not in self.kinds or len(entries) == MOST:
                    raise ValueError(part)
                entries.append(Entry(kind, self._read(kind, changes)))
            except ValueError:
                left_out.append(part[:60])
        return entries, left_out

    def _read(self, kind: str, text: str) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for pair in filter(None, text.split(",")):
            key, _, value = pair.partition("=")
            if key not in self.changes or not self.applies(kind, key):
                raise ValueError(pair)
            changes[key] = self.changes[key].read(value)
        return changes


@dataclass(frozen=True)
class Entry:
    """One model of the line-up: its kind, and what is changed from its defaults."""

    kind: str
    changes: Mapping[str, Any] = field(default_factory=dict)
