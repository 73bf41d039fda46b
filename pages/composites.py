"""The same field, twice: the number of acquisitions moves curves and maps."""

from lab.lesson.composites.lesson import LESSON

LESSON.show()
