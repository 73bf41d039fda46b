"""What the lesson offers: methods, regions, labelled tiles, seeds, and what each is called."""

from __future__ import annotations

from lab.crops.network.layers import METHODS
from lab.crops.network.settings import CropSettings
from lab.lesson.kit.lineup import Catalogue, Offer, offered

LONG_NAMES = dict(METHODS)
SHORT_NAMES = {
    "FT": "FT",
    "FT_E": "FT_E",
    "FT_D": "FT_D",
    "last1": "Last layer",
    "last2": "Last 2 layers",
    "last3": "Last 3 layers",
    "RI": "RI",
    "zero": "Zero-shot",
    "forest": "Forest",
    "rule": "Rule",
}
# What a method trains, in a word: on buttons, cards and in the guess.
_BUTTONS = {
    "FT": "FT (all)",
    "FT_E": "FT_E (encoder)",
    "FT_D": "FT_D (decoder)",
    "last1": "Last layer",
    "last2": "Last 2 layers",
    "last3": "Last 3 layers",
    "RI": "RI (random start)",
}
# Trained by steps; the other three are computed at once and stand beside.
CATALOGUE = Catalogue(
    "crops",
    _BUTTONS,
    offered(
        CropSettings,
        Offer("learning_rate", 1e-5, 1.0),
        Offer("batch", high=32),
        Offer("dropout", high=0.8),
    ),
    CropSettings.default,
)

SOURCES = {"Korea (rice)": "korea", "Spain (rice)": "spain"}
TARGETS = {
    "Spain (rice)": "spain",
    "France (rice)": "france",
    "The Netherlands (barley)": "netherlands",
    "Your own calendar (rice)": "own",
}
SPAIN, FRANCE, NETHERLANDS, OWN = TARGETS
KOREA = next(iter(SOURCES))
ALL = "All"
SHOTS = {"1": 1, "3": 3, "10": 10, ALL: 0}
COUNTS = {"One": 1, "Three": 3}
CODES = {"korea": "KR", "spain": "ES", "france": "FR", "netherlands": "NL", "own": "own"}
NAMES = {
    "korea": "Korea",
    "spain": "Spain",
    "france": "France",
    "netherlands": "the Netherlands",
    "own": "your region",
}


def titled(key: str) -> str:
    """Return the name of a region as it heads a column."""
    name = NAMES.get(key, key).removeprefix("the ")
    return name[:1].upper() + name[1:]
