"""The lesson "Attention step by step"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
