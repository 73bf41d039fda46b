"""The lesson "How BERT learns"."""

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
