"""The lesson "Translate and align"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
