"""The captioners that the lesson offers, its budgets and its presets."""

from __future__ import annotations

from dataclasses import dataclass

from lab.lesson.controls import seconds_of, steps_of
from lab.lesson.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.seq2seq.caption_settings import CaptionSettings

CATALOGUE = Catalogue(
    "captioning",
    {"soft": "Soft attention", "hard": "Hard attention", "none": "No attention"},
    offered(CaptionSettings, RATE, Offer("width", 16), Offer("batch", high=256)),
    CaptionSettings.default,
)
FIRST = [Entry("soft")]

BUDGETS = {"seconds": seconds_of(30, 5), "steps": steps_of(1_000)}
BUDGET_HELP = "Equal seconds favour what computes fast; equal steps see the same scenes."


@dataclass(frozen=True)
class Preset:
    """A ready experiment: its button, what one sees, its models, and seconds for each."""

    name: str
    shows: str
    entries: tuple[Entry, ...]
    seconds: int


PRESETS = (
    Preset(
        "Look and tell",
        "One captioner with soft attention, from noise to counting shapes.",
        (Entry("soft"),),
        30,
    ),
    Preset(
        "Soft against hard",
        "Looking everywhere a little, or at one place at a time.",
        (Entry("soft"), Entry("hard")),
        90,
    ),
    Preset(
        "With and without",
        "Is attention needed to describe such scenes, or does it only help?",
        (Entry("soft"), Entry("none")),
        20,
    ),
)
