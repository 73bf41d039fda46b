"""Templates decide: the log-probability score, sentence by sentence."""

from lab.lesson.templates.lesson import LESSON

LESSON.show()
