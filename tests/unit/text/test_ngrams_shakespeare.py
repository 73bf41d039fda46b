"""The n-gram losses on Tiny Shakespeare: the table that every network is compared with."""

from pathlib import Path

import numpy as np
import pytest

from lab.text import Corpus, NGram

SHAKESPEARE = (
    Path(__file__).resolve().parents[4] / "shared" / "data" / "text" / "tinyshakespeare.txt"
)


@pytest.fixture(scope="module")
def shakespeare():
    if not SHAKESPEARE.is_file():
        pytest.skip("needs tinyshakespeare.txt in ../shared/data/text")
    return Corpus.from_text(SHAKESPEARE.read_text(encoding="utf-8"))


def test_the_corpus_of_the_table(shakespeare):
    assert shakespeare.vocabulary_size == 65
    assert len(shakespeare.train) + len(shakespeare.validation) == 1_115_394


@pytest.mark.parametrize(
    ("order", "loss"),
    [(0, 4.174), (1, 3.347), (2, 2.484), (3, 2.046), (4, 1.784), (5, 1.757)],
)
def test_tiny_shakespeare_gives_the_losses_of_the_table(shakespeare, order, loss):
    model = NGram(order, 65).fit(shakespeare.train)
    assert model.cross_entropy(shakespeare.validation, shakespeare.train) == pytest.approx(
        loss, abs=0.02
    )


@pytest.mark.parametrize(
    ("order", "smoothing", "loss"),
    [
        *((2, "add-k", 2.485), (3, "add-k", 2.050), (4, "add-k", 1.777), (5, "add-k", 1.756)),
        *((2, "back-off", 2.484), (3, "back-off", 2.045)),
        *((4, "back-off", 1.729), (5, "back-off", 1.579)),
    ],
)
def test_the_docstring_tells_the_truth(shakespeare, order, smoothing, loss):
    model = NGram(order, 65, smoothing).fit(shakespeare.train)
    measured = model.cross_entropy(shakespeare.validation, shakespeare.train)
    assert measured == pytest.approx(loss, abs=0.0006)


def test_sparsity_of_tiny_shakespeare(shakespeare):
    model = NGram(5, 65).fit(shakespeare.train)
    report = model.sparsity(shakespeare.validation)
    text = shakespeare.tokenizer.decode(shakespeare.train)
    held_out = shakespeare.tokenizer.decode(shakespeare.validation)
    seen = {text[i : i + 5] for i in range(len(text) - 4)}
    new = [held_out[i : i + 5] not in seen for i in range(len(held_out) - 4)]
    assert report["seen_ngrams"] == len(seen) == model.parameters
    assert report["validation_ngrams"] == len(new)
    assert report["share_of_validation_ngrams_never_seen"] == pytest.approx(np.mean(new))
