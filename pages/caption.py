"""Describe a picture: for every word, the place where the network looks."""

from lab.lesson.captioning.lesson import LESSON

LESSON.show()
