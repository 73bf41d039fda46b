"""Runs that a student trained: their vectors, and their log-probability score."""

from __future__ import annotations

import pytest

from lab.bias import embeddings, questions
from lab.masked.corpus import rows_of
from lab.masked.kind import KIND
from lab.masked.settings import MaskedSettings
from lab.masked.vocabulary import train_vocabulary
from lab.text import Corpus
from lab.training import train
from lab.training.checkpoint import unpack
from lab.training.slices import run_slice

TEXT = ["The nurse said that she was tired.", "The plumber said that he was tired."] * 60
PLAIN = "the dog sat by the river and the man sat by the dog . " * 20


@pytest.fixture(scope="module")
def masked():
    vocabulary = train_vocabulary(TEXT, 80, ["nurse", "plumber"])
    rows = rows_of(TEXT, TEXT[:4], vocabulary, "two", False)
    settings = MaskedSettings.of(
        layers=1, width=32, heads=4, context=24, batch=400, growth=1, warmup=10, steps=200,
        learning_rate=4e-3, device="cpu", precision="float32",
    ).to_dict()  # fmt: skip
    result = run_slice(KIND, settings, KIND.data(rows.to_bytes()), None, {}, None)
    return result.checkpoint, rows


def test_a_masked_run_leans_as_its_text_does(masked):
    template = {"text": "The {attribute} said that {target} was tired.", "first": ["he"],
                "second": ["she"]}  # fmt: skip
    answer = questions.of_run(*masked, [template], [["plumber"], ["nurse"]], prior="masked")
    plumber, nurse = (row["odds"] - row["prior"] for row in answer["rows"])
    assert plumber > nurse + 1  # nats
    assert answer["sentences"][0]["tokens"][answer["sentences"][0]["place"]] == "[MASK]"


def test_vectors_of_a_masked_run(masked):
    static = embeddings.of_run(*masked, ["nurse", "plumber"], "static")
    table = unpack(masked[0], MaskedSettings).tensors["model.embedding.weight"]
    place = masked[1].tokens.index("plumber")
    assert embeddings.decode(static)[1] == pytest.approx(table[place].numpy())
    inside = embeddings.of_run(*masked, ["nurse", "plumber"], "contextual", 1)
    assert inside["layers"] == 1
    assert embeddings.decode(inside).shape == (2, 32)


def test_vectors_of_a_language_model():
    corpus = Corpus.from_text(PLAIN, name="toy", tokenizer="word")
    *_, last = train("lstm", corpus, width=8, block=8, batch=4, steps=2, sample_length=1)
    state = last.checkpoint()
    found = embeddings.of_run(state, corpus, ["dog", "unheard", "river"], "static")
    assert (found["words"], found["missing"]) == (["dog", "river"], ["unheard"])
    table = unpack(state).tensors["model.embedding.weight"]
    place = int(corpus.tokenizer.encode("dog")[0])
    assert embeddings.decode(found)[0] == pytest.approx(table[place].numpy())
    with pytest.raises(ValueError, match="left to right"):
        embeddings.of_run(state, corpus, ["dog"], "cls")
