"""The lesson "The same field, twice"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
