"""The lesson "Describe a picture"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
