"""Two regions: one model, two maps, and the curves that explain where it is wrong."""

from lab.lesson.regions.lesson import LESSON

LESSON.show()
