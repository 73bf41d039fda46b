"""Inside a trained model: what its heads look at, on a text of the student's."""

from __future__ import annotations

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
