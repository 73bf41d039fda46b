"""Traces of models that the lab trains, held against the weights that they really use."""

import numpy as np
import pytest
import torch

from lab.attention import contextual, neurons, own
from lab.attention.trace import TraceError
from lab.models.attention import alibi_slopes
from lab.seq2seq import captioning, load
from lab.seq2seq import train as train_translator
from lab.seq2seq.scenes import load_scenes
from lab.text import Corpus
from lab.training import train

TEXT = "the dog sat by the river and the man sat by the dog . " * 60
SENTENCE = "the dog sat by the river"


def end_of(events) -> bytes:
    for event in events:
        last = event
    return last.checkpoint()


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_text(TEXT, name="toy", tokenizer="word")


@pytest.fixture(scope="module")
def checkpoint(corpus):
    """Return (model, **changes) -> checkpoint of a language model, made once."""
    made = {}

    def checkpoint(model="transformer", **changes):
        key = model, *sorted(changes.items())
        if key not in made:
            small = {"width": 24, "block": 16, "batch": 8, "steps": 30, "sample_length": 1}
            made[key] = end_of(train(model, corpus, **small | changes))
        return made[key]

    return checkpoint


@pytest.mark.parametrize("positions", ["alibi", "learned", "sinusoidal", "none"])
def test_the_weights_are_those_of_the_layers(checkpoint, corpus, positions):
    state = checkpoint(positions=positions)
    found = own.trace(state, corpus, SENTENCE)
    (block,) = found.blocks
    assert block.rows == block.columns == tuple(SENTENCE.split())
    assert np.triu(block.codes, 1).max() == 0  # nobody looks ahead
    assert block.weights(0, 1).sum(1) == pytest.approx(1, abs=0.02)
    seen = neurons.of_run(state, corpus, SENTENCE)
    scores = seen["queries"] @ seen["keys"].swapaxes(2, 3) / np.sqrt(seen["queries"].shape[3])
    T, heads = len(block.rows), seen["weights"].shape[1]
    if positions == "alibi":
        slopes = np.array(alibi_slopes(heads))[:, None, None]
        scores = scores - slopes * (np.arange(T)[:, None] - np.arange(T))
    scores[..., ~np.tri(T, dtype=bool)] = -np.inf
    expected = torch.from_numpy(scores).softmax(-1).numpy()
    assert seen["weights"] == pytest.approx(expected, abs=1e-5)
    assert block.weights(1, 2) == pytest.approx(expected[1, 2], abs=0.005)


def test_what_comes_next_is_what_the_model_says(checkpoint, corpus):
    from lab.training.questions import next_tokens

    found = own.trace(checkpoint(), corpus, SENTENCE)
    ((_, top),) = found.says["rows"]
    expected = next_tokens(checkpoint(), corpus, SENTENCE, k=5)
    assert [token for token, _ in top] == [token for token, _ in expected]
    assert [p for _, p in top] == pytest.approx([p for _, p in expected], abs=1e-5)


def test_nobody_looks_at_a_hidden_token(checkpoint, corpus):
    before = own.trace(checkpoint(), corpus, SENTENCE)
    found = own.trace(checkpoint(), corpus, SENTENCE, hidden=[1])
    codes = found.blocks[0].codes
    assert codes[:, :, 2:, 1].max() == 0
    assert (codes[:, :, 1, 1] > 0).all()  # the token itself must look somewhere
    assert before.blocks[0].codes[:, :, 2:, 1].min() > 0
    assert (codes[0, :, 0] == before.blocks[0].codes[0, :, 0]).all()  # comes before it
    assert found.says != before.says


def test_a_token_to_hide_that_is_not_there_is_refused(checkpoint, corpus):
    for place in (-1, 6):
        with pytest.raises(TraceError, match="not in this text"):
            own.trace(checkpoint(), corpus, SENTENCE, hidden=[place])


def test_a_long_text_is_cut_and_said_so(checkpoint, corpus):
    found = own.trace(checkpoint(), corpus, "the dog " * 40)
    assert len(found.blocks[0].rows) == 16
    assert "16 tokens" in found.notes[0]


def test_nothing_to_read_and_nothing_that_attends(checkpoint, corpus):
    with pytest.raises(TraceError, match="Write a text"):
        own.trace(checkpoint(), corpus, "")
    with pytest.raises(TraceError, match="no attention"):
        own.trace(checkpoint("gru"), corpus, SENTENCE)


def test_vectors_of_a_word_begin_equal_and_become_contextual(checkpoint, corpus):
    sentences = ["the dog sat by the river", "the man sat by the dog", "and the man"]
    found = contextual.of_run(checkpoint(), corpus, sentences, "dog")
    layers = np.array(found["layers"])
    assert layers.shape == (3, 2, 24)  # embeddings and two layers, two sentences
    assert found["left_out"] == [2]
    assert layers[0, 0] == pytest.approx(layers[0, 1], abs=1e-5)  # ALiBi: no position in them
    assert np.abs(layers[2, 0] - layers[2, 1]).max() > 1e-3


@pytest.fixture(scope="module")
def pairs():
    return load("numbers", 400)


@pytest.mark.parametrize("model", ["gru", "transformer"])
def test_a_translator_shows_where_it_looked(pairs, model):
    small = {"width": 32, "batch": 32, "steps": 20, "prompt": "seven"}
    state = end_of(train_translator(model, pairs, **small))
    found = own.trace(state, pairs, "three hundred and five")
    cross = found.blocks[-1]
    assert cross.name == "cross-attention"
    assert cross.columns == ("three", "hundred", "and", "five", "</s>")
    assert cross.codes.shape[2:] == (len(cross.rows), 5)
    names = [block.name for block in found.blocks]
    assert names == (["encoder", "decoder", "cross-attention"] if model == "transformer" else names)
    if model == "transformer":
        from lab.seq2seq.questions import translate

        told = translate(state, pairs, "three hundred and five")["translation"]
        last = cross.weights(cross.layers - 1)
        assert last == pytest.approx(np.array(told["weights"]), abs=0.005)
        assert np.triu(found.blocks[1].codes, 1).max() == 0


def test_a_translator_without_attention_says_so(pairs):
    small = {"width": 32, "batch": 32, "steps": 5, "prompt": "seven", "score": "none"}
    with pytest.raises(TraceError, match="one vector"):
        own.trace(end_of(train_translator("gru", pairs, **small)), pairs, "seven")


def test_a_captioner_shows_places_of_its_grid():
    scenes = load_scenes(200)
    state = end_of(captioning.train(scenes=scenes, steps=3, width=32))
    found = own.trace(state, scenes, "3")
    (block,) = found.blocks
    assert block.columns[0] == "row 1, column 1"
    assert block.weights(0).sum(1) == pytest.approx(1, abs=0.05)
    with pytest.raises(TraceError, match="number of a scene"):
        own.trace(state, scenes, "a red circle")
