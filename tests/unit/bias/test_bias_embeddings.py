"""Vectors of words from networks: every way, against transformers' own numbers."""

from __future__ import annotations

import pytest
import torch

from lab.bias import embeddings as e
from lab.masked.export import export
from lab.masked.rows import Rows
from lab.masked.vocabulary import SPECIAL
from lab.models.bert import Bert
from tests import toy_models

WORDS = ["tired", "dog", "unheard", "bank"]
TEMPLATES = ["the {} was tired.", "a {}"]


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    # "tired" falls into two pieces here.
    words = [word for word in toy_models.WORDS if word != "tired"]
    return folder, toy_models.bert(folder, words), toy_models.tokenizer(words)


def states(toy, sentence: str, layer: int) -> torch.Tensor:
    with torch.no_grad():
        read = toy[2](sentence, return_tensors="pt")
        return toy[1](**read, output_hidden_states=True).hidden_states[layer][0]


@pytest.mark.parametrize("layer", [0, 2, -1])
def test_vectors_in_sentences(toy, layer):
    right = {
        "contextual": [states(toy, "the dog was tired.", layer)[2], states(toy, "a dog", layer)[2]],
        "cls": [states(toy, "the dog was tired.", layer)[0], states(toy, "a dog", layer)[0]],
        "mean": [states(toy, f"{s}", layer).mean(0) for s in ("the dog was tired.", "a dog")],
    }
    for way, parts in right.items():
        answer = e.of_folder(str(toy[0]), WORDS, way, layer, TEMPLATES)
        assert answer["words"] == ["tired", "dog", "bank"]
        assert answer["missing"] == ["unheard"]
        assert answer["pieces"] == [2, 1, 1]
        assert answer["layers"] == 3
        expected = torch.stack(parts).mean(0).numpy()
        assert e.decode(answer)[1] == pytest.approx(expected, abs=1e-5)


def test_a_word_in_pieces_gets_their_mean(toy):
    answer = e.of_folder(str(toy[0]), WORDS, "contextual", 1, TEMPLATES)
    # [CLS] the ti ##red was ti ##red . [SEP]: the first one is meant
    parts = [states(toy, "the tired was tired.", 1)[2:4], states(toy, "a tired", 1)[2:4]]
    right = torch.stack([part.mean(0) for part in parts]).mean(0).numpy()
    assert e.decode(answer)[0] == pytest.approx(right, abs=1e-5)
    static = e.of_folder(str(toy[0]), ["tired"], "static")
    table = toy[1].get_input_embeddings().weight.detach()
    ids = toy[2].convert_tokens_to_ids(["ti", "##red"])
    assert e.decode(static)[0] == pytest.approx(table[ids].mean(0).numpy(), abs=1e-6)
    assert static["layers"] == 0


def test_our_own_network_gives_what_its_export_gives(tmp_path):
    tokens = [*SPECIAL, *toy_models.WORDS]
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = Bert(len(tokens), width=8, layers=2, heads=2, context=32).eval()
    export(model, tokens, tmp_path)
    half, _ = e.load_own(str(tmp_path))
    for way in e.WAYS:
        ours = e.of_bert(half, tokens, ["dog", "river", "unheard"], way, 1, TEMPLATES)
        theirs = e.of_folder(str(tmp_path), ["dog", "river", "unheard"], way, 1, TEMPLATES)
        assert ours["words"] == theirs["words"] == ["dog", "river"]
        assert e.decode(ours) == pytest.approx(e.decode(theirs), abs=1e-5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"way": "sum"}, "no way"),
        ({"layer": 4}, "layers 0 to 3"),
        ({"layer": -5}, "layers 0 to 3"),
        ({"templates": ["no place"]}, "once"),
        ({"templates": []}, "templates"),
        ({"words": []}, "words"),
        ({"words": ["unheard"]}, "none of the words"),
    ],
)
def test_requests_that_make_no_sense(toy, given, said):
    with pytest.raises(ValueError, match=said):
        e.of_folder(str(toy[0]), **{"words": ["dog"]} | given)


def test_runs_of_other_kinds_are_refused():
    with pytest.raises(ValueError, match="no vectors of English words"):
        e.of_run(b"", object(), ["dog"])
    with pytest.raises(ValueError, match="not a checkpoint"):
        e.of_run(b"no checkpoint", Rows({}, {}, ("a",)), ["dog"])
