"""The classifiers that the lesson offers, its budgets and its presets."""

from __future__ import annotations

from dataclasses import dataclass

from lab.classify.settings import POOLS, STEPS, ClassifySettings
from lab.lesson.controls import seconds_of, steps_of
from lab.lesson.lineup import Catalogue, Change, Entry

CATALOGUE = Catalogue(
    "classification",
    {"frozen": "Frozen encoder", "full": "Full fine-tuning", "scratch": "From scratch"},
    {
        "pool": Change(
            str,
            "The linear layer reads",
            "pool",
            "The mean of all tokens' vectors, or the vector of [CLS] alone, as in BERT's paper. "
            "This model was never taught to gather a sentence in [CLS].",
            choices=POOLS,
        ),
        "learning_rate": Change(
            float, "Learning rate", "lr", "How far each optimiser step goes.", 1e-6, 1.0, 1e-4
        ),
        "warmup": Change(
            int, "Warm-up (steps)", "warm-up", "Steps in which the rate rises from zero.", 0, 500
        ),
        "batch": Change(int, "Batch (sentences)", "batch", "Sentences in one step.", 1, 64),
    },
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
