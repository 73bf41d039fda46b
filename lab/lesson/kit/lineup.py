"""The models of an experiment, and their short form in a link."""

from lab.lesson.lineup import MOST, Catalogue, Change, Entry

__all__ = ["MOST", "Catalogue", "Change", "Entry"]
