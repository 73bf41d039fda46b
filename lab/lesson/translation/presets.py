"""One click to something true: whole experiments of the lesson, ready to run."""

from __future__ import annotations

from dataclasses import dataclass

from lab.lesson.lineup import Entry


@dataclass(frozen=True)
class Preset:
    """A ready experiment.

    Args:
        name: on its button.
        shows: what one sees, in a sentence.
        pairs: key of `lab.seq2seq.TASKS`.
        entries: the models.
        steps: training steps for each.
    """

    name: str
    shows: str
    pairs: str
    entries: tuple[Entry, ...]
    steps: int


_NONE = Entry("gru", {"score": "none"})

PRESETS = (
    Preset(
        "Attention off and on",
        "Dates: the same network on the same budget, without attention and with it.",
        "dates",
        (_NONE, Entry("gru")),
        400,
    ),
    Preset(
        "The European Economic Area",
        "English to French: where the order turns round, the alignment crosses.",
        "french",
        (Entry("gru"),),
        700,
    ),
    Preset(
        "The bottleneck, by length",
        "Letters backwards: one vector holds a short string, and not a long one.",
        "reversal",
        (_NONE, Entry("gru")),
        600,
    ),
    Preset(
        "Before or after",
        "Bahdanau's decoder attends before its recurrence, Luong's after it.",
        "numbers",
        (Entry("gru", {"look": "before"}), Entry("gru")),
        500,
    ),
    Preset(
        "A small Transformer",
        "Encoder, decoder and cross-attention, beside a GRU; its blocks can be opened below.",
        "numbers",
        (Entry("transformer", {"layers": 2}), Entry("gru")),
        600,
    ),
)
