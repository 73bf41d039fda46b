"""The lesson "Attention over a picture"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
