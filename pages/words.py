"""Words in context: its vector after every layer of a model."""

from lab.lesson.senses.lesson import LESSON

LESSON.show()
