"""Fill the blank: what masked models expect behind [MASK], in one sentence and in many."""

from lab.lesson.fill.lesson import LESSON

LESSON.show()
