"""The models of an experiment: see `lab.lesson.kit.lineup`."""

from lab.lesson.kit.lineup import MOST, RATE, Catalogue, Entry, Offer, offered
from lab.lesson.kit.text import plain

__all__ = ["MOST", "RATE", "Catalogue", "Entry", "Offer", "offered", "plain"]
