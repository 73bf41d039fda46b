"""The old name of `lab.lesson.sources.hub`, until the last lesson that uses it has moved."""

from lab.lesson.sources.hub import draw as desk

__all__ = ["desk"]
