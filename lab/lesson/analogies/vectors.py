"""The vectors of the lesson: a whole vocabulary of a model, a run, a file, a text, or our own."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lab.bias.tables import Table
from lab.lesson.analogies import TEXT
from lab.lesson.sources.picker import VECTORS, models_at_hand, pick_vectors
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source
from lab.lesson.sources.vectors import (
    Counted,
    files_at_hand,
    table_of,
    text_field,
    upload_field,
)
from lab.pretrained.folders import models_folder

# Any network that learned to write has a table of vectors, with attention or without.
RUNS = Runs(("masked", "language"))


@dataclass(frozen=True)
class Vocabulary:
    """Words with their vectors.

    Args:
        source: where they come from.
        table: of the words.
    """

    source: Source
    table: Table

    @property
    def identity(self) -> str:
        """The key of the source, with what tells one upload or checkpoint from another."""
        return self.source.identity


def choose() -> Vocabulary | None:
    """Draw the choice of vectors and return them; None with the reason on the page."""
    offers = [
        Counted(),
        *models_at_hand(RUNS, [VECTORS.get()]),
        *files_at_hand(),
        upload_field("analogy-upload"),
        text_field("analogy-text"),
    ]
    source = pick_vectors(
        offers, "analogy-vectors", TEXT("vectors-help", folder=str(models_folder()))
    )
    table = None if source is None else table_of(source)
    return None if source is None or table is None else Vocabulary(source, table)


def describe(vocabulary: Vocabulary) -> None:
    """Say how large the vocabulary is, and what was left out."""
    table, left = vocabulary.table, ""
    if table.left:
        cut = table.left == 1  # a file of which the rest was not read
        left = TEXT("vocabulary-cut") if cut else TEXT("vocabulary-left", left=f"{table.left:,}")
    st.caption(
        TEXT("vocabulary", words=f"{len(table.words):,}", width=table.vectors.shape[1], left=left)
    )
