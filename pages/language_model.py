"""Train a language model (placeholder while the house is built)."""

from lab.lesson.frame import Lesson

Lesson("language_model")
