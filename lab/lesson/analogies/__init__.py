"""Analogies by arithmetic on word vectors, and a direction that is taken out of them."""

from __future__ import annotations

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
