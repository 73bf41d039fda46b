"""Attention step by step: every number of it, why √d, what order does, what it costs."""

from lab.lesson.steps.lesson import LESSON

LESSON.show()
