"""A masked model through the queue's front door: bytes in, events with guesses out."""

from __future__ import annotations

import json

import pytest

from lab.masked.corpus import rows_of
from lab.masked.kind import KIND
from lab.masked.settings import MaskedSettings
from lab.masked.vocabulary import train_vocabulary
from lab.training.checkpoint import CheckpointError
from lab.training.slices import run_slice

TEXT = ["The nurse said that she was tired.", "The plumber said that he was late today."] * 60


@pytest.fixture(scope="module")
def rows():
    return rows_of(TEXT, TEXT[:4], train_vocabulary(TEXT, 80, ["nurse", "plumber"]), "two", False)


@pytest.fixture(scope="module")
def settings():
    return MaskedSettings.of(
        layers=1, width=32, heads=4, context=24, batch=400, growth=1, warmup=5, steps=240,
        learning_rate=1e-2, device="cpu", precision="float32",
    ).to_dict()  # fmt: skip


@pytest.fixture(scope="module")
def result(rows, settings):
    return run_slice(KIND, settings, KIND.data(rows.to_bytes()), None, {}, None)


def test_two_matched_sentences_give_two_pronouns(result, rows):
    assert result.failure is None
    assert result.finished
    sample = result.events[-1]["sample"]
    assert sample["sentence"] == "The nurse said that [MASK] was tired."
    assert sample["tokens"][0] == "she"
    assert sample["probabilities"][0] > 0.5
    nurse, plumber = KIND.questions().fill(
        result.checkpoint,
        rows,
        ["The nurse said that [MASK] was tired.", "The plumber said that [MASK] was late today."],
        3,
    )
    assert (nurse["tokens"][0], plumber["tokens"][0]) == ("she", "he")
    assert nurse["pieces"][nurse["place"]] == "[MASK]"


def test_a_saved_run_can_be_asked_without_its_text(result, rows):
    about = json.loads(json.dumps(KIND.about(rows)))
    found = KIND.from_about(about)
    assert found.tokens == rows.tokens
    answer = KIND.questions().fill(result.checkpoint, found, ["The nurse said [MASK]."])
    assert len(answer[0]["tokens"]) == 8
    sample = result.events[-1]["sample"]
    assert KIND.sample(json.loads(json.dumps(sample))) == sample


def test_what_does_not_belong_is_refused(result, rows):
    other = KIND.from_about({"name": "x", "tokens": [*rows.tokens[:-1], "other"]})
    with pytest.raises(CheckpointError, match="other tokens"):
        KIND.questions().fill(result.checkpoint, other, ["[MASK]"])
    with pytest.raises(ValueError, match="not the rows"):
        KIND.data(b"something")
    with pytest.raises(ValueError, match="tokens"):
        KIND.from_about({"name": "x", "tokens": []})


def test_a_prompt_without_a_blank_shows_nothing(rows, settings):
    values = settings | {"prompt": "No blank here.", "steps": 1}
    result = run_slice(KIND, values, rows, None, {}, None)
    assert [event["sample"] for event in result.events] == [None] * len(result.events)
