"""The lesson "Fine-tune a classifier"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
