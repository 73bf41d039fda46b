"""A saved run read again, and what is refused of what else may come."""

import json

import numpy as np
import pytest
from runs_help import event

from lab.runs import Run, Status, transfer
from lab.runs.run import History
from lab.text import Corpus
from lab.training import Settings

CORPUS = Corpus.from_text("to be or not to be, that is the question. " * 20, name="Hamlet")
NAN, INF = float("nan"), float("inf")


def sample(step):
    return {
        "step": step,
        "prompt": "to ",
        "text": "be",
        "tokens": ["b", "e"],
        "ids": [1, 2],
        "probabilities": [0.5, 0.25],
        "alternatives": [[["b", 0.5]], [["e", 0.25], ["o", 0.125]]],
        "temperature": 0.8,
        "top_k": 5,
    }


def written(finished=True):
    run = Run("abcd", "ann", "my run", Settings.default("rnn", steps=5).to_dict(), CORPUS.digest)
    history = History()
    more = {"learning_rate": 0.01, "gradient_norm": None, "interim": False, "metrics": {"m": 0.5}}
    history.add(event(0, train_loss=None, sample=sample(0), **more))
    history.add(event(3, sample=None, **more))
    history.add(event(5, sample=sample(5), **{**more, "finished": finished}))
    return transfer.to_json(run, history, CORPUS), history


def test_what_was_saved_is_read_again():
    text, history = written()
    run, events, corpus, digest = transfer.from_json(text.encode(), "bob")
    assert (run.session, run.name, run.status) == ("bob", "my run", Status.FINISHED)
    assert (run.step, run.tokens, run.validation_loss) == (5, 50, pytest.approx(2 / 6))
    assert run.settings == Settings.default("rnn", steps=5).to_dict()
    assert run.id != "abcd"
    assert digest == CORPUS.digest
    assert run.corpus == corpus.digest != digest  # the vocabulary came along, the text did not
    assert corpus.tokenizer.vocabulary == CORPUS.tokenizer.vocabulary
    assert np.all(corpus.train == 0)
    again = History()
    for one in events:
        again.add(one)
    assert again.points == history.points
    assert again.sample_at(9)["tokens"] == ["b", "e"]
    assert [step for step, _ in again.samples] == [0, 5]


def test_a_run_that_was_not_finished_is_stopped():
    text, _ = written(finished=False)
    run, *_ = transfer.from_json(text.encode(), "bob")
    assert run.status is Status.STOPPED


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], "something-else"),
        (["settings"], []),
        (["settings", "width"], 10**9),
        (["settings", "learning_rate"], NAN),
        (["text", "tokenizer"], "{}"),
        (["text", "characters_per_token"], NAN),
        (["text", "characters_per_token"], 0),
        (["points"], None),
        (["points", 0], 5),
        (["points", 0, "step"], None),
        (["points", 0, "step"], "1"),
        (["points", 0, "step"], INF),
        (["points", 0, "step"], -1),
        (["points", 1, "step"], 0),
        (["points", 1, "train_loss"], NAN),
        (["points", 1, "train_loss"], True),
        (["samples"], {"a": 1}),
        (["samples", 0, "step"], INF),
        (["samples", 0, "top_k"], INF),
        (["samples", 0, "temperature"], INF),
        (["samples", 0, "probabilities"], [NAN, 0.5]),
        (["samples", 0, "alternatives"], [[["b", NAN]]]),
        (["samples", 0, "alternatives"], [["b"]]),
    ],
)
def test_a_file_that_was_changed_is_refused_with_a_sentence(path, value):
    values = json.loads(written()[0])
    place = values
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(transfer.TransferError, match="is not that of a saved run"):
        transfer.from_json(json.dumps(values).encode(), "bob")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]", b"7", b"null", b"{}", b"[" * 100_000])
def test_a_file_that_is_something_else_is_refused_with_a_sentence(data):
    with pytest.raises(transfer.TransferError, match="is not that of a saved run"):
        transfer.from_json(data, "bob")


def test_a_file_that_is_too_large_is_not_even_read(monkeypatch):
    monkeypatch.setattr(transfer, "LARGEST", 100)
    with pytest.raises(transfer.TransferError, match="too large"):
        transfer.from_json(b"x" * 101, "bob")
