"""Train a language model: counts, recurrence and attention on one budget."""

from lab.lesson.language_model.lesson import LESSON

LESSON.show()
