"""What the card reports: counts by hand, ranks against scipy, ratios of a model that is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from assets.masked import figures
from lab.masked import probes
from lab.masked.vocabulary import SPECIAL, tokenizer_of
from lab.models.bert import Bert

OCCUPATIONS = (
    Path(__file__).parents[4] / "shared" / "data" / "text" / "winogender-occupations-stats.tsv"
)
WORDS = ["he", "she", "his", "her", "nurse", "plumber", "baker", "person", "the", "said", "that"]
WORDS += ["was", "tired", ".", "a", "an"]
TOKENS = [
    *SPECIAL,
    *WORDS,
    *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
    *"abcdefghijklmnopqrstuvwxyz09,",
]


def row(text):
    return tokenizer_of(TOKENS).encode(text).ids


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = Bert(len(TOKENS), width=16, layers=1, heads=2, context=64)
    model.bias.data[TOKENS.index("he")] = 4.0
    model.embedding.weight.data.zero_()  # nothing but the bias decides
    return model.requires_grad_(False).eval()


def test_rows_with_a_word_and_a_pronoun_are_counted_once_each():
    rows = {
        7: np.array([row("the nurse said she her"), row("his nurse said she he")]),
        6: np.array([row("the baker was tired"), row("nurse he plumber his")]),
        4: np.array([row("nurses he")[:4], row("nurse he")]),  # a plural and a nurse
    }
    assert len(row("nurses he")) == 5  # nurse ##s
    assert len(row("cab he")) == 6  # c ##a ##b
    rows[6] = np.concatenate((rows[6], [row("cab he"), row("ca he she")]))
    found = probes.pronoun_counts(rows, TOKENS, ["nurse", "plumber", "baker", "cab", "ca"])
    assert found == {
        "nurse": (3, 2),
        "plumber": (1, 0),
        "baker": (0, 0),
        "cab": (1, 0),
        "ca": (1, 1),
    }
    assert probes.text_shares({7: np.repeat(rows[7], 10, 0)}, TOKENS, ["nurse", "cab"]) == {
        "nurse": pytest.approx(1 / 3)
    }


def test_rank_correlation_is_scipys():
    stats = pytest.importorskip("scipy.stats")
    random = np.random.default_rng(1)
    x, y = random.integers(0, 9, 40), random.integers(0, 9, 40)  # with ties
    assert probes.rank_correlation(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)
    assert probes.rank_correlation([1, 2, 3], [9, 4, 1]) == pytest.approx(-1)
    with pytest.raises(ValueError, match="three pairs"):
        probes.rank_correlation([1, 2], [1, 2])
    with pytest.raises(ValueError, match="not all equal"):
        probes.rank_correlation([1, 1, 1], [1, 2, 3])


def test_ratios_of_a_model_that_knows_only_the_bias(model):
    found = probes.log_ratios(model, TOKENS, ["nurse", "plumber"])
    np.testing.assert_allclose(found, np.full((2, len(probes.TEMPLATES)), 4.0), atol=1e-4)


def test_templates_take_the_right_article():
    assert "[MASK] worked as an engineer." in probes.sentences_about("engineer")
    assert "[MASK] worked as a nurse." in probes.sentences_about("nurse")
    assert all(sentence.count("[MASK]") == 1 for sentence in probes.sentences_about("nurse"))


def test_figures_of_occupations_are_centred_on_a_person(model, monkeypatch):
    words = ["nurse", "baker", "plumber"]
    table = np.array([[0.5, -1.5], [1.0, 1.0], [2.0, 3.0], [1.0, 0.0]])  # the last is a person
    monkeypatch.setattr(probes, "log_ratios", lambda *_: table)
    men = {"nurse": 0.1, "baker": 0.3, "plumber": 0.9}
    own = {"nurse": 0.8, "plumber": 0.2, "baker": 0.3}
    found = figures.occupation_figures(model, TOKENS, men, own)
    assert found["ratios"] == {"nurse": -1.0, "baker": 0.5, "plumber": 2.0}
    assert list(found["ratios"]) == words
    assert found["men"] == pytest.approx(1)
    assert found["men_by_template"] == pytest.approx([1, 1])
    assert (found["text"], found["text_words"]) == (pytest.approx(-1), 3)


def test_the_figures_list_every_sentence():
    asked = [*probes.EVERYDAY, *probes.COURSE]
    tokens = [*TOKENS, "they"]
    model = Bert(len(tokens), width=16, layers=1, heads=2, context=128).eval()
    text = "\n".join(figures.lines(model, tokens, None, None))
    assert all(sentence in text for sentence in asked)
    assert "Not measured" in text
    assert "0.911" in text


@pytest.mark.skipif(not OCCUPATIONS.exists(), reason="shared/data is not here")
def test_the_table_of_occupations():
    men = probes.read_occupations(OCCUPATIONS)
    assert len(men) == 60
    assert men["technician"] == pytest.approx(0.5966)
    assert men["plumber"] > 0.9 > men["nurse"]
