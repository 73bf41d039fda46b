"""Measuring association: a test of people, and the same idea for vectors of words."""

from lab.lesson.association.lesson import LESSON

LESSON.show()
