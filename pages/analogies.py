"""Analogies by arithmetic on word vectors, and a direction that is taken out of them."""

from lab.lesson.analogies.lesson import LESSON

LESSON.show()
