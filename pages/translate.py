"""Translate and align: the bottleneck, the cure, and the picture of where a model looks."""

from lab.lesson.translation.lesson import LESSON

LESSON.show()
