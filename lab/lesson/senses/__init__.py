"""Words in context: the vector of a word after every layer of a model."""

from __future__ import annotations

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
