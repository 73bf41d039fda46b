"""The classifiers that the lesson offers, its budgets and its presets."""

from __future__ import annotations

from dataclasses import dataclass

from lab.classify.settings import STEPS, ClassifySettings
from lab.lesson.controls import seconds_of, steps_of
from lab.lesson.lineup import RATE, Catalogue, Entry, Offer, offered

CATALOGUE = Catalogue(
    "classification",
    {"frozen": "Frozen encoder", "full": "Full fine-tuning", "scratch": "From scratch"},
    offered(
        ClassifySettings,
        "pool",
        RATE,
        Offer("warmup", high=500),
        Offer("batch", high=64),
    ),
    ClassifySettings.default,
)
FIRST = [Entry("frozen"), Entry("full"), Entry("scratch")]
WORDS = "Bag of words"  # the baseline: it can be guessed, and is always measured

BUDGETS = {"steps": steps_of(STEPS), "seconds": seconds_of(20, 5)}
BUDGET_HELP = (
    "Equal steps see the same sentences; a step of a frozen encoder costs next to nothing, because "
    "what the encoder makes of a sentence is computed once. Equal seconds let it take many more."
)

ALL = "All"
EXAMPLES = {"20": 20, "100": 100, "500": 500, ALL: 0}
OPINIONS, OWN = "Short opinions", "Your own table"
SENTENCE = "The dinner was not splendid, but the room was charming."


@dataclass(frozen=True)
class Preset:
    """A ready experiment: its button, what one sees, and what it learns from."""

    name: str
    shows: str
    data: str = OPINIONS
    examples: str = ALL
    measure: str = "Accuracy"


PRESETS = (
    Preset(
        "Few examples",
        "100 sentences to learn from: does it pay that a network has read before?",
        examples="100",
    ),
    Preset("All of them", "2,000 sentences to learn from: what is left of the head start?"),
    Preset(
        "Words never seen",
        "Judged on adjectives that no sentence to learn from has: splendid, when you know good.",
        measure="New words",
    ),
    Preset("Your own table", "A CSV file of yours: texts and their labels.", data=OWN),
)
