"""Measuring association: people first, then words."""

from __future__ import annotations

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
