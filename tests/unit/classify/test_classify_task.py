"""Classifiers: network, settings, the three ways of training, kind and questions."""

import json

import numpy as np
import pytest
import torch

from lab.classify import encoder, questions
from lab.classify.features import Store, padded
from lab.classify.kind import KIND
from lab.classify.opinions import opinions
from lab.classify.settings import MODELS, ClassifySettings
from lab.classify.task import ClassifyTask, build, halves, train
from lab.classify.texts import Examples, Labelled
from lab.models.bert import Bert
from lab.models.choices import SENTENCE_POOLS
from lab.models.classifier import SentenceClassifier
from lab.runs.kinds import kind_of
from lab.training import SettingsError, run_slice
from lab.training.checkpoint import CheckpointError

SMALL = {"batch": 4, "device": "cpu", "warmup": 0}


@pytest.fixture(autouse=True)
def small_encoder(monkeypatch):
    """Stand in for the shipped weights: the vocabulary's size, and little else."""
    torch.manual_seed(7)
    body = Bert(8192, 16, 2, 2, 64)
    monkeypatch.setattr(encoder, "_loaded", lambda: body)
    monkeypatch.setattr(encoder, "shape", lambda: (8192, 16, 2, 2, 64))
    monkeypatch.setattr(encoder, "fingerprint", lambda: "one")
    monkeypatch.setattr("lab.classify.settings.shape", lambda: (8192, 16, 2, 2, 64))
    return body


@pytest.fixture(scope="module")
def data():
    return opinions(60, 24)


def trained(data, model, steps=3, **changes):
    for event in train(model, data, steps=steps, **{**SMALL, **changes}):
        last = event
    return last


@pytest.mark.parametrize("pool", SENTENCE_POOLS)
def test_padding_changes_nothing(pool):
    model = SentenceClassifier(Bert(50, 16, 2, 2, 16), 3, pool).eval()
    rows = [[2, 7, 8, 3], [2, 9, 3], [2, 5, 6, 7, 8, 9, 3]]
    together = model(*padded(rows))
    for row, logits in zip(rows, together, strict=True):
        vectors, _ = model.encoder.encode(torch.tensor([row]))  # BERT's own way, one row
        vector = vectors[0].mean(0) if pool == "mean" else vectors[0, 0]
        torch.testing.assert_close(model.head(vector), logits)
    with pytest.raises(ValueError, match="no pooling 'max'"):
        SentenceClassifier(Bert(50, 16, 2, 2, 16), 3, "max")


def test_a_frozen_encoder_stays_bit_for_bit_and_is_not_saved(data, small_encoder):
    before = {name: tensor.clone() for name, tensor in small_encoder.state_dict().items()}
    event = trained(data, "frozen", learning_rate=0.1)
    model = questions.load(event.checkpoint(), data)
    assert set(model.state_dict()) == {"head.weight", "head.bias"}
    for name, tensor in model.encoder.state_dict().items():
        assert torch.equal(tensor, before[name]), name
    start = next(iter(train("frozen", data, steps=3, **SMALL)))
    first = questions.load(start.checkpoint(), data)
    assert not torch.equal(first.head.weight, model.head.weight)


def test_fine_tuning_begins_with_the_pretrained_weights_and_moves_all(data, small_encoder):
    first = questions.load(next(iter(train("full", data, steps=3, **SMALL))).checkpoint(), data)
    assert torch.equal(first.encoder.embedding.weight, small_encoder.embedding.weight)
    last = questions.load(trained(data, "full").checkpoint(), data)
    moved = [not torch.equal(a, b) for a, b in zip(first.parameters(), last.parameters(), strict=1)]
    assert all(moved)
    fresh = questions.load(next(iter(train("scratch", data, steps=3, **SMALL))).checkpoint(), data)
    assert not torch.equal(fresh.encoder.embedding.weight, small_encoder.embedding.weight)


@pytest.mark.parametrize("model", MODELS)
def test_parameters_are_what_torch_counts(model):
    settings = ClassifySettings.default(model)
    counted = sum(p.numel() for p in build(settings, 3).parameters())
    assert settings.parameters(3) == counted


def test_the_shipped_encoder_has_the_shape_that_settings_count(monkeypatch):
    monkeypatch.undo()
    model = build(ClassifySettings.default("full"), 2)
    counted = sum(p.numel() for p in model.parameters())
    assert ClassifySettings.default("full").parameters() == counted


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "lstm"}, "no model 'lstm'"),
        ({"pool": "max"}, "pool must be one of"),
        ({"examples": -1}, "must be positive, or 0"),
        ({"batch": 500}, "batch must lie between"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(changes, said):
    with pytest.raises(SettingsError, match=said):
        ClassifySettings.default(**{"model": "full", **changes})


def test_metrics_by_hand(data):
    event = trained(data, "full")
    model = questions.load(event.checkpoint(), data)
    with torch.no_grad():
        logits = model(*padded(data.ids["held_out"]))
    right = np.array(data.held_out.labels)
    hits = logits.argmax(1).numpy() == right
    assert event.metrics["accuracy"] == pytest.approx(hits.mean())
    assert event.metrics["new"] == pytest.approx(hits[data.new].mean())
    log_p = torch.log_softmax(logits, 1)[range(len(right)), right]
    assert event.validation_loss == pytest.approx(-log_p.mean().item(), abs=1e-5)
    assert {"words", "words_new", "majority"} <= set(event.metrics)


def test_a_batch_is_cut_where_the_least_padding_is_needed(data):
    order, cut = halves([9, 3, 4, 3])
    assert order.tolist() == [1, 3, 2, 0]
    assert cut == 3  # 3 x 4 + 9; elsewhere 4 x 9, 3 + 3 x 9, 2 x 3 + 2 x 9
    task = ClassifyTask(ClassifySettings.default("full", **SMALL), data)
    torch.manual_seed(0)
    model, numbers = task.build().eval(), np.arange(16)
    whole = model(*padded([data.ids["train"][n] for n in numbers]))
    torch.testing.assert_close(task.logits(model, "train", numbers), whole)


def test_only_the_chosen_examples_are_learned_from(data):
    task = ClassifyTask(ClassifySettings.default("full", examples=6, seed=2, **SMALL), data)
    drawn = {int(n) for step in range(40) for n in task.batch(step)}
    assert drawn == set(data.chosen(6, 2).tolist())


@pytest.mark.parametrize("model", MODELS)
def test_slices_give_what_one_piece_gives(data, model):
    settings = ClassifySettings.default(model, steps=6, **SMALL).to_dict()
    assert kind_of(settings) is KIND
    whole = run_slice(KIND, settings, data, None, {}, None)
    checkpoint, finished = None, False
    while not finished:
        part = run_slice(KIND, settings, data, checkpoint, {}, None, steps=2)
        checkpoint, finished = part.checkpoint, part.finished
    assert part.failure is None
    assert part.events[-1]["validation_loss"] == whole.events[-1]["validation_loss"]


def test_features_do_not_depend_on_who_asks_first(data, small_encoder):
    model = build(ClassifySettings.default("frozen"), 2)
    rows, everyone = data.ids["train"], np.arange(60)
    one, other = Store(rows), Store(rows)
    for number in everyone[::-1]:
        one.vectors(model, np.array([number]), "cpu")
    assert torch.equal(one.vectors(model, everyone, "cpu"), other.vectors(model, everyone, "cpu"))
    expected = model.features(*padded(rows))
    torch.testing.assert_close(one.vectors(model, everyone, "cpu"), expected)


def test_other_weights_or_texts_are_no_continuation(data, monkeypatch):
    checkpoint = trained(data, "frozen").checkpoint()
    settings = ClassifySettings.default("frozen", steps=6, **SMALL).to_dict()
    other = Labelled("", ("a", "b"), data.train, data.held_out)
    assert "other data" in run_slice(KIND, settings, other, checkpoint, {}, None).failure
    with pytest.raises(CheckpointError, match="other classes"):
        questions.load(checkpoint, other)
    monkeypatch.setattr(encoder, "fingerprint", lambda: "two")
    assert "other data" in run_slice(KIND, settings, data, checkpoint, {}, None).failure
    with pytest.raises(CheckpointError, match="does not have any more"):
        questions.load(checkpoint, data)


def test_a_sentence_is_explained_by_leaving_words_out(data):
    checkpoint = trained(data, "full").checkpoint()
    found = questions.explain(checkpoint, data, "The filmography, good!")
    assert found["words"] == ["The", "filmography", ",", "good", "!"]
    assert sum(found["probabilities"]) == pytest.approx(1, abs=1e-5)
    shorter = questions.explain(checkpoint, data, "The filmography, !")
    assert found["without"][3] == pytest.approx(shorter["probabilities"], abs=1e-5)
    assert len(found["counted"]["without"]) == 5
    assert not found["cut"]
    assert questions.explain(checkpoint, data, "so " * 100)["cut"]
    for odd, said in (("", "no word"), ("   ", "no word"), ("x" * 501, "500 characters")):
        with pytest.raises(ValueError, match=said):
            questions.explain(checkpoint, data, odd)


def test_mistakes_are_wrong_and_the_worst_comes_first(data):
    checkpoint = trained(data, "full").checkpoint()
    found = questions.mistakes(checkpoint, data, 5)
    assert found
    assert all(row["right"] != row["said"] and row["probability"] <= 0.5 for row in found)
    chances = [row["probability"] for row in found]
    assert chances == sorted(chances)


def test_a_saved_run_answers_without_its_texts(data):
    checkpoint = trained(data, "full").checkpoint()
    empty = KIND.from_about(json.loads(json.dumps(KIND.about(data))))
    empty = KIND.data(empty.to_bytes())
    found = questions.explain(checkpoint, empty, "good")
    assert found["counted"] is None
    with pytest.raises(ValueError, match="came from a file"):
        questions.mistakes(checkpoint, empty)
    with pytest.raises(SettingsError, match="not here any more"):
        ClassifyTask(ClassifySettings.default(), empty)


def test_the_watched_sentence_comes_first(data):
    sample = trained(data, "full", prompt="It was good.").sample.to_dict()
    assert sample["texts"][0] == "It was good."
    assert sample["right"][0] is None
    assert sample["texts"][1] == data.held_out.texts[0]
    assert KIND.sample(json.loads(json.dumps(sample))) == sample


@pytest.mark.parametrize(
    "change",
    [
        {"right": [0]},
        {"right": [None, 9, 0, 0]},
        {"probabilities": [[2.0, 0.0]] * 4},
        {"probabilities": [[0.5]] * 4},
        {"probabilities": None},
        {"step": "x"},
    ],
)
def test_a_sample_from_a_file_is_distrusted(change):
    good = {"step": 1, "texts": list("abcd"), "right": [0] * 4, "probabilities": [[0.5, 0.5]] * 4}
    assert KIND.sample(good)["step"] == 1
    with pytest.raises((ValueError, KeyError, TypeError)):
        KIND.sample({**good, **change})


@pytest.mark.parametrize("classes", [[], ["a"], list("abcdefg"), ["a", 3], ["a", "x" * 61], "ab"])
def test_classes_from_a_file_are_distrusted(classes):
    with pytest.raises((ValueError, TypeError)):
        KIND.from_about({"name": "x", "classes": classes})


def test_six_classes_are_learned():
    texts = tuple(f"number {n}" for n in range(30))
    part = Examples(texts, tuple(n % 6 for n in range(30)))
    six = Labelled("", tuple("abcdef"), part, part)
    event = trained(six, "scratch")
    assert len(event.sample.probabilities[0]) == 6
