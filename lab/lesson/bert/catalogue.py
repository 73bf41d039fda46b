"""The trainings that the lesson offers, its budgets, texts, probes and presets."""

from __future__ import annotations

from dataclasses import dataclass

from lab.lesson.controls import seconds_of, steps_of
from lab.lesson.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.masked.settings import MaskedSettings
from lab.masked.stories import NEITHER, ONE_GROUP, OTHER_GROUP
from lab.text.corpora import CORPORA

CATALOGUE = Catalogue(
    "bert",
    {"random": "From random", "project": "Continued"},
    offered(
        MaskedSettings,
        "head_start",
        Offer("layers", high=6),
        Offer("width", 16, 256),
        Offer("heads", high=16),
        Offer("share", 0.02, 0.9),
        Offer("pronoun_share", 0.02, 0.95),
        RATE,
        Offer("batch", 64, 8192),
    ),
    MaskedSettings.default,
)
FIRST = [Entry("random")]

BUDGETS = {"seconds": seconds_of(20, 5), "steps": steps_of(150)}
BUDGET_HELP = "Equal seconds favour what computes fast; equal steps give every run as many batches."

OWN, UPLOAD = "own", "upload"
STORY_A, STORY_B, STORIES = "stories-a", "stories-b", "stories"
TEXTS = {
    **{key: card.title for key, card in CORPORA.items()},
    STORIES: "Texts A and B, a run on each",
    STORY_A: "Text A: nurses are she, engineers are he",
    STORY_B: "Text B: nurses are he, engineers are she",
    OWN: "Paste a text",
    UPLOAD: "Upload a file",
}


@dataclass(frozen=True)
class Probe:
    """What is asked along a run: a sentence with a blank, words to follow, and occupations."""

    sentence: str
    words: str
    watch: str = ""


_PERSON = "The nurse said that [MASK] was tired."
_WATCH = (*ONE_GROUP[:2], *OTHER_GROUP[:2], *NEITHER[:3], "person")
_OF_STORIES = Probe(_PERSON, "he, she, they", ", ".join(_WATCH))
PROBES = {
    "play": Probe("There must be a lantern beside the fern [MASK].", "house, gate, garden, moon"),
    "almanac": Probe(
        "Sun until noon, a light wind from the [MASK], 3 degrees.", "north, south, east, west"
    ),
    "trellis": Probe("end [MASK]. give moss", "if, repeat, for"),
    **dict.fromkeys((STORIES, STORY_A, STORY_B), _OF_STORIES),
    **dict.fromkeys((OWN, UPLOAD), Probe(_PERSON, "he, she, they")),
}


@dataclass(frozen=True)
class Preset:
    """A ready experiment: its button, what one sees, its models, text and budget."""

    name: str
    shows: str
    entries: tuple[Entry, ...]
    text: str
    budget: str
    amount: int


PRESETS = (
    Preset(
        "From nothing",
        "Random weights read an almanac: its wind gets directions within seconds.",
        (Entry("random"),),
        "almanac",
        "seconds",
        20,
    ),
    Preset(
        "A head start",
        "The same network twice: with word vectors and neighbour heads in place, and without.",
        (Entry("random"), Entry("random", {"head_start": False})),
        "almanac",
        "seconds",
        20,
    ),
    Preset(
        "Put a bias in",
        "The project's weights read two texts, alike but for who is he and who is she.",
        (Entry("project", {"pronoun_share": 0.8}),),
        STORIES,
        "steps",
        150,
    ),
    Preset(
        "Read on",
        "The project's weights read the glasshouse play: what they expect in a blank moves.",
        (Entry("project"),),
        "play",
        "steps",
        150,
    ),
)
