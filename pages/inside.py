"""Inside a trained model: every layer and head on one's own text."""

from lab.lesson.inside.lesson import LESSON

LESSON.show()
