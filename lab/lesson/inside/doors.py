"""Links to the lesson that opens what was trained, for lessons that are not declared yet."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.kit import keep
from lab.lesson.sources.run import attends
from lab.runs import View


def doors(shown: Sequence[View]) -> None:
    """Write a link for each run whose attention can be looked at."""
    keep.doors(shown, attends)
