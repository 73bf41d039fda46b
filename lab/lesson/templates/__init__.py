"""The lesson "Templates decide"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
