"""The classifiers that the lesson offers, its budgets and its presets."""

from __future__ import annotations

from dataclasses import dataclass

from lab.lesson.controls import seconds_of, steps_of
from lab.lesson.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.vision.labels import WHAT
from lab.vision.settings import VisionSettings

CATALOGUE = Catalogue(
    "vision",
    {"vit": "Transformer", "cnn": "CNN with attention"},
    offered(
        VisionSettings,
        "patch",
        "layers",
        "heads",
        "pool",
        Offer("width", 8),
        RATE,
        Offer("batch", high=256),
    ),
    VisionSettings.default,
)
FIRST = [Entry("vit"), Entry("cnn")]

BUDGETS = {"seconds": seconds_of(25, 5), "steps": steps_of(1_000)}
BUDGET_HELP = "Equal seconds favour what computes fast; equal steps see the same scenes."


@dataclass(frozen=True)
class Preset:
    """A ready experiment: its button, what one sees, its models, and what they learn from."""

    name: str
    shows: str
    entries: tuple[Entry, ...]
    seconds: int
    what: str = WHAT[0]
    scenes: int = 6_000


PRESETS = (
    Preset(
        "A Vision Transformer",
        "Patches in, colour and shape out: its attention finds the larger shapes by itself.",
        (Entry("vit"),),
        25,
    ),
    Preset(
        "Transformer and CNN",
        "The same scenes, the same seconds: attention from the first layer, or after convolutions.",
        (Entry("vit"), Entry("cnn")),
        25,
    ),
    Preset(
        "Few scenes",
        "500 scenes instead of 6,000: who needs more of them?",
        (Entry("vit"), Entry("cnn")),
        20,
        scenes=500,
    ),
    Preset(
        "How many?",
        "Counting: look at what the CNN looks at, and at how often it is right.",
        (Entry("vit"), Entry("cnn")),
        25,
        what="how many",
    ),
    Preset(
        "Large and small patches",
        "36 tokens or 144: finer to look at, slower to compute.",
        (Entry("vit"), Entry("vit", {"patch": 4})),
        30,
    ),
)
