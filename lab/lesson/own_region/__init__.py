"""The lesson "Your own region"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
