"""Transfer: a network of Korean rice for another region, and what of it has to be retrained."""

from lab.lesson.transfer.lesson import LESSON

LESSON.show()
