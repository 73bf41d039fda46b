"""Short questions to a checkpoint, and the baselines that only count."""

import json
import math

import pytest
import torch

from lab.text import Corpus
from lab.training import CheckpointError, Evaluation, train
from lab.training.language import LanguageTask
from lab.training.loop import fit
from lab.training.questions import generate, load, next_tokens, ngram_baselines
from lab.training.settings import MODELS


@pytest.fixture(scope="module")
def checkpoints(corpus):
    """A checkpoint of each model, trained enough to spell."""
    states = {}
    for model in MODELS:
        values = {"width": 32, "block": 16, "batch": 16, "steps": 120, "learning_rate": 1e-2}
        for event in train(model, corpus, sample_length=1, **values):
            end = event
        states[model] = end.checkpoint(), end.validation_loss
    return states


@pytest.mark.parametrize("model", MODELS)
def test_the_model_of_a_checkpoint_has_its_loss(model, checkpoints, corpus):
    state, loss = checkpoints[model]
    from lab.training.checkpoint import unpack

    task = LanguageTask(unpack(state).settings, corpus)
    assert task.evaluate(load(state, corpus), True).loss == pytest.approx(loss, abs=0.01)


@pytest.mark.parametrize("model", MODELS)
def test_next_tokens(model, checkpoints, corpus):
    options = next_tokens(checkpoints[model][0], corpus, "the cat sat on th", k=5)
    assert len(options) == 5
    assert options[0][0] == "e"
    assert options[0][1] > 0.7
    assert [p for _, p in options] == sorted((p for _, p in options), reverse=True)
    whole = next_tokens(checkpoints[model][0], corpus, "", k=1000)
    assert len(whole) == corpus.vocabulary_size
    assert sum(p for _, p in whole) == pytest.approx(1, abs=1e-5)


def test_generate(checkpoints, corpus):
    state, _ = checkpoints["lstm"]
    one = generate(state, corpus, "the ", length=30, temperature=0.5, seed=1)
    assert json.loads(json.dumps(one))["text"] == one["text"]
    assert (len(one["ids"]), one["prompt"], one["step"]) == (30, "the ", 120)
    assert generate(state, corpus, "the ", length=30, temperature=0.5, seed=1) == one
    assert generate(state, corpus, "the ", length=30, temperature=0.5, seed=2) != one


def test_a_question_about_another_text_is_refused(checkpoints):
    other = Corpus.from_text("another text, with other characters.\n" * 20)
    with pytest.raises(CheckpointError, match="other tokens"):
        next_tokens(checkpoints["lstm"][0], other, "a")


def test_baselines(corpus):
    answers = ngram_baselines(corpus, [0, 1, 3], smoothing="add-k")
    assert [answer["order"] for answer in answers] == [0, 1, 3]
    assert answers[0]["validation_loss"] == pytest.approx(math.log(corpus.vocabulary_size))
    assert answers[2]["validation_loss"] < answers[1]["validation_loss"]
    assert answers[2]["parameters"] > answers[1]["parameters"]
    assert all(isinstance(answer["sample"], str) for answer in answers)
    json.dumps(answers, allow_nan=False)


def test_the_loop_takes_any_task(small):
    # A straight line through points: no text, no tokens, the same loop.
    class Line:
        identity, about, fast_precision, chance = "line", {}, (), False

        def __init__(self):
            self.settings = small("mlp", steps=200, learning_rate=0.1, precision="float32")
            self.x = torch.linspace(-1, 1, 16)[:, None]

        def build(self):
            return torch.nn.Linear(1, 1)

        def to(self, device):
            pass

        def batch(self, step):
            return self.x, 3 * self.x + 0.5

        def loss(self, model, batch):
            return (model(batch[0]) - batch[1]).square().mean()

        @torch.no_grad()
        def evaluate(self, model, whole):
            return Evaluation(self.loss(model, self.batch(0)).item(), {"answer": 42.0})

        def sample(self, model, step, live):
            return None

    end = list(fit(Line()))[-1]
    assert end.validation_loss < 1e-3
    assert end.checkpoint()
    assert end.to_dict()["metrics"] == {"answer": 42.0}


def test_a_text_that_is_not_here_is_not_counted(corpus):
    from lab.training.kind import KIND

    stand_in = KIND.from_about(json.loads(json.dumps(KIND.about(corpus))))
    again = Corpus.from_bytes(stand_in.to_bytes())
    assert (corpus.has_text, stand_in.has_text, again.has_text) == (True, False, False)
    with pytest.raises(ValueError, match="is not on this server"):
        ngram_baselines(again, [1, 2])
