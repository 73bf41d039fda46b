"""One click to something true: whole experiments of the first lesson, ready to run."""

from __future__ import annotations

from dataclasses import dataclass

from lab.lesson.lineup import Entry


@dataclass(frozen=True)
class Preset:
    """A ready experiment.

    Args:
        name: on its button.
        shows: what one sees, in a sentence.
        text: key of `lab.text.corpora.CORPORA`.
        entries: the models.
        seconds: training seconds for each model.
        share: of the text that is used; below 1 to make it small on purpose.
    """

    name: str
    shows: str
    text: str
    entries: tuple[Entry, ...]
    seconds: int
    characters: int = 0


PRESETS = (
    Preset(
        "LSTM in ten seconds",
        "One LSTM from noise to words, beside what plain counting reaches.",
        "play",
        (Entry("lstm"),),
        10,
    ),
    Preset(
        "Counts against nets",
        "Four networks on an equal budget, against tables of n-gram counts.",
        "play",
        (Entry("rnn"), Entry("lstm"), Entry("gru"), Entry("transformer")),
        20,
    ),
    Preset(
        "One Transformer, three learning rates",
        "Too small crawls, too large stumbles: the same network and the same seed each time.",
        "play",
        tuple(Entry("transformer", {"learning_rate": rate}) for rate in (1e-4, 3e-3, 5e-2)),
        15,
    ),
    Preset(
        "Too big for its text",
        "A wide LSTM on a few pages: training loss falls on, validation loss turns up.",
        "play",
        (Entry("lstm", {"width": 256}), Entry("lstm", {"width": 32})),
        20,
        12_000,
    ),
)
