"""Short questions that a page asks a worker about a masked model."""

from __future__ import annotations

from typing import Any

from lab.masked.filling import fill as fill_blanks
from lab.masked.filling import top
from lab.masked.rows import Rows
from lab.masked.settings import MaskedSettings
from lab.models.bert import Bert
from lab.training.checkpoint import CheckpointError, rebuild, unpack


def load(checkpoint: bytes, rows: Rows) -> Bert:
    """Rebuild the network of a checkpoint, ready to read.

    Raises:
        CheckpointError: the checkpoint is damaged or learned another vocabulary.
    """
    state = unpack(checkpoint, MaskedSettings)
    if state.about.get("vocabulary") != "\n".join(rows.tokens):
        raise CheckpointError("This checkpoint learned from a text with other tokens.")
    settings = state.settings
    shape = settings.width, settings.layers, settings.heads, settings.context
    return rebuild(state, lambda: Bert(rows.vocabulary_size, *shape))


def fill(checkpoint: bytes, rows: Rows, sentences: list[str], count: int = 8) -> list[dict]:
    """Return what a model puts in the first blank of each sentence.

    Args:
        checkpoint, rows: of the run.
        sentences: each with a [MASK].
        count: how many tokens.

    Returns:
        For each sentence {"pieces", "place", "tokens", "probabilities"}.

    Raises:
        ValueError: a sentence has no blank or is too long.
    """
    found: list[dict[str, Any]] = []
    for filled in fill_blanks(load(checkpoint, rows), rows.tokens, sentences):
        best = top(filled, rows.tokens, count)
        found.append(
            {
                "pieces": filled.pieces,
                "place": filled.places[0],
                "tokens": [token for token, _ in best],
                "probabilities": [chance for _, chance in best],
            }
        )
    return found
