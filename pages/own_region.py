"""Your own region: a file, a folder or a catalog, seen by models that never saw it."""

from lab.lesson.own_region.lesson import LESSON

LESSON.show()
