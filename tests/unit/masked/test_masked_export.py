"""The exported folder is what Hugging Face reads, and comes back as it went."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from lab.masked.export import export, from_hugging_face, load, to_hugging_face
from lab.masked.filling import fill, top
from lab.masked.initialise import initialise
from lab.masked.vocabulary import SPECIAL, train_vocabulary
from lab.models.bert import Bert

TEXT = ["The nurse said that she was tired, and he said that it was late."] * 40
ASKED = ["The nurse said that [MASK] was tired.", "[MASK] was late."]


@pytest.fixture
def tokens():
    return train_vocabulary(TEXT, 60, ["nurse"])


@pytest.fixture
def model(tokens):
    torch.manual_seed(4)
    model = Bert(len(tokens), width=32, layers=2, heads=4, context=32)
    initialise(model, None, np.arange(len(tokens)))
    half = {name: tensor.half().float() for name, tensor in model.state_dict().items()}
    model.load_state_dict(half)
    return model.requires_grad_(False).eval()


def test_our_own_reader_gets_the_same_model(model, tokens, tmp_path):
    export(model, tokens, tmp_path)
    back, words = load(tmp_path)
    assert words == tokens
    for name, tensor in model.state_dict().items():
        assert torch.equal(back.state_dict()[name], tensor), name


def test_hugging_face_reads_the_folder_and_says_the_same(model, tokens, tmp_path):
    transformers = pytest.importorskip("transformers")
    export(model, tokens, tmp_path)
    theirs, said = transformers.BertForMaskedLM.from_pretrained(
        tmp_path, attn_implementation="eager", dtype=torch.float32, output_loading_info=True
    )
    assert not said["missing_keys"]
    assert not said["unexpected_keys"]
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    for sentence, filled in zip(ASKED, fill(model, tokens, ASKED), strict=True):
        inputs = tokenizer(sentence, return_tensors="pt")
        assert inputs["input_ids"][0].tolist() == filled.ids
        assert tokenizer.mask_token_id == filled.ids[filled.places[0]]
        with torch.no_grad():
            logits = theirs.eval()(**inputs).logits[0, filled.places]
        torch.testing.assert_close(
            torch.log_softmax(logits, 1),
            torch.from_numpy(filled.log_probabilities),
            atol=1e-5,
            rtol=1e-5,
        )


def test_the_folder_holds_no_code_and_half_precision(model, tokens, tmp_path):
    export(model, tokens, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt",
    }  # fmt: skip
    config = json.loads((tmp_path / "config.json").read_text())
    assert (config["hidden_size"], config["num_hidden_layers"]) == (32, 2)
    parameters = sum(p.numel() for p in model.parameters())
    weights = (tmp_path / "model.safetensors").stat().st_size
    assert 2 * parameters <= weights < 2 * parameters + 10_000


def test_other_models_are_refused(model):
    weights = to_hugging_face(model.state_dict())
    with pytest.raises(ValueError, match="bias' is missing"):
        from_hugging_face({n: t for n, t in weights.items() if n != "cls.predictions.bias"}, 2)
    weights["bert.embeddings.token_type_embeddings.weight"][0, 0] = 1
    with pytest.raises(ValueError, match="first segment"):
        from_hugging_face(weights, 2)


def test_many_sentences_at_once_are_one_by_one(model, tokens):
    sentences = [*ASKED, "He said that [MASK] was [MASK].", "The [MASK] said that she was tired."]
    together = fill(model, tokens, sentences)
    for sentence, filled in zip(sentences, together, strict=True):
        alone = fill(model, tokens, [sentence])[0]
        assert (alone.ids, alone.places) == (filled.ids, filled.places)
        np.testing.assert_allclose(alone.log_probabilities, filled.log_probabilities, atol=1e-5)
        assert len(filled.places) == sentence.count("[MASK]")
        np.testing.assert_allclose(np.exp(filled.log_probabilities).sum(1), 1, rtol=1e-5)
    best = top(together[0], tokens, 3)
    assert [chance for _, chance in best] == sorted((c for _, c in best), reverse=True)


def test_sentences_that_cannot_be_filled(model, tokens):
    with pytest.raises(ValueError, match="no \\[MASK\\] in 'The nurse'"):
        fill(model, tokens, ["The nurse"])
    with pytest.raises(ValueError, match="reads 32: shorten"):
        fill(model, tokens, ["[MASK] " * 40])
    assert tokens[:5] == list(SPECIAL)
