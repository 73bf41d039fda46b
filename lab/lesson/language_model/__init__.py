"""The lesson "Train a language model"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
