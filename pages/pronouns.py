"""Whose pronoun? A translator repeats the shares of its data, and greedy decoding enlarges them."""

from lab.lesson.pronouns.lesson import LESSON

LESSON.show()
