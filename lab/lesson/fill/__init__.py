"""The lesson "Fill the blank"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
