"""A small text with structure, and models that learn from it within milliseconds."""

import random

import pytest

from lab.text import Corpus
from lab.training import Settings


def small_text() -> str:
    choose = random.Random(0).choice
    return "".join(
        f"the {choose(('cat', 'dog', 'hen'))} {choose(('sat', 'ran'))} "
        f"on the {choose(('mat', 'log'))}.\n"
        for _ in range(250)
    )


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return Corpus.from_text(small_text(), name="pets")


@pytest.fixture
def small():
    """Make settings of a small model; anything can be changed."""

    def make(model="lstm", **changes) -> Settings:
        values = {
            "width": 16,
            "heads": 2,
            "block": 12,
            "batch": 4,
            "window": 4,
            "embedding": 6,
            "sample_length": 20,
            "steps": 24,
        } | changes
        if changes.keys() & {"seconds", "tokens"}:
            del values["steps"]
        return Settings.default(model, **values)

    return make
