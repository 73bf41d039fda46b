"""A small task and a translator that has begun to learn it."""

import pytest

from lab.seq2seq import TASKS, load, train

SMALL = {"width": 32, "batch": 32, "steps": 120, "device": "cpu"}


@pytest.fixture(scope="session")
def numbers():
    """Return a few hundred number words."""
    return load("numbers", 600)


@pytest.fixture(scope="session")
def trained(numbers):
    """Return (model, **changes) -> checkpoint and last event of a short run, made once."""
    made = {}

    def trained(model="gru", **changes):
        key = model, *sorted(changes.items())
        if key not in made:
            settings = {**SMALL, "prompt": TASKS["numbers"].sentence, **changes}
            for event in train(model, numbers, **settings):
                last = event
            made[key] = last.checkpoint(), last
        return made[key]

    return trained
