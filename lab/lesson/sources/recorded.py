"""Figures that others recorded, as a source: for models that a classroom cannot run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from lab.lesson.sources.source import Source

RECORDED = "recorded"


@dataclass(frozen=True)
class Recorded(Source):
    """Recorded figures.

    Args:
        name: as they are offered.
        find: (question, **given) -> the answer as a model gives it, or None with the reason on the
            page. It may ask a worker.
        key: as it stands in the link.
    """

    name: str
    find: Callable[..., Any]
    key: str = RECORDED

    def ask(self, question: str, /, **given: Any) -> Any:
        """Return what was recorded, or None with the reason on the page."""
        return self.find(question, **given)

    def begin(self, question: str, /, **given: Any) -> None:
        """Do nothing: what was recorded is there."""

    def under_way(self, question: str, /, **given: Any) -> bool:
        """Return False: what was recorded is there."""
        return False

    def later(self, question: str, /, **given: Any) -> Future[Any]:
        """Return what was recorded, as a future that is done."""
        future: Future[Any] = Future()
        future.set_result(self.find(question, **given))
        return future
