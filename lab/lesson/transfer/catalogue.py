"""What the lesson offers: methods, regions, features, labelled tiles, budgets and presets."""

from __future__ import annotations

from dataclasses import dataclass

from lab.crops.network.layers import METHODS
from lab.crops.network.settings import STEPS, CropSettings
from lab.lesson.controls import seconds_of, steps_of
from lab.lesson.lineup import Catalogue, Entry, Offer, offered

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
FIRST = [Entry("RI"), Entry("FT"), Entry("FT_E"), Entry("FT_D")]

BUDGETS = {"steps": steps_of(STEPS), "seconds": seconds_of(8, 2)}
BUDGET_HELP = (
    "Equal steps see the same pieces of the scene; a step that trains less costs less. Equal "
    "seconds give it more of them."
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
SEEDS = {"One": 1, "Three": 3}
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


@dataclass(frozen=True)
class Preset:
    """A ready experiment: its button, what one sees, and what it consists of."""

    name: str
    shows: str
    target: str = SPAIN
    methods: tuple[str, ...] = ("RI", "FT", "FT_E", "FT_D")
    features: str = "VH"
    shots: str = ALL


PRESETS = (
    Preset(
        "Spain from Korea",
        "The network knows Korean rice; Spain's is flooded a month earlier, on larger fields.",
    ),
    Preset(
        "France from Korea",
        "Part of the rice here hardly changes its VH: can a network of Korean rice learn it?",
        FRANCE,
    ),
    Preset(
        "Barley from rice",
        "Another crop: never flooded, and through most of the season like wheat.",
        NETHERLANDS,
    ),
    Preset(
        "Two channels from one (Eq. 3)",
        "VV joins VH: the first layer is copied and divided by two.",
        SPAIN,
        ("RI", "FT", "FT_E"),
        "VH+VV",
    ),
    Preset(
        "Ten tiles are enough?",
        "Labels for 10 of the scene's 36 tiles, 64 × 64 pixels each, and nothing more.",
        SPAIN,
        ("RI", "FT", "FT_E"),
        shots="10",
    ),
)
