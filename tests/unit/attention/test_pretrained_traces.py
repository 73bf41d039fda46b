"""Traces of model folders, held against what `transformers` gives."""

import numpy as np
import pytest
import torch

from lab.attention import contextual, export, neurons, pretrained
from lab.attention.trace import TraceError
from lab.pretrained.folders import ModelError
from tests import toy_models

TEXT = "The dog did not cross the road"


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bert")
    return str(folder), toy_models.bert(folder)


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gpt2")
    return str(folder), toy_models.gpt2(folder)


def ids_of(folder: str, text: str) -> torch.Tensor:
    return toy_models.tokenizer()(text, return_tensors="pt").input_ids


@torch.no_grad()
def attention_of(model, ids, **given):
    model.set_attn_implementation("eager")
    return torch.stack([a[0] for a in model(ids, output_attentions=True, **given).attentions])


def test_the_weights_are_the_model_s(bert):
    folder, model = bert
    found = pretrained.trace(folder, TEXT)
    (block,) = found.blocks
    assert block.rows == ("[CLS]", "the", "dog", "did", "not", "cross", "the", "road", "[SEP]")
    expected = attention_of(model, ids_of(folder, TEXT)).numpy()
    assert block.codes.shape == expected.shape
    for layer in range(3):
        for head in range(2):
            assert block.weights(layer, head) == pytest.approx(expected[layer, head], abs=0.0041)


def test_a_hidden_token_becomes_the_mask_and_its_filling_is_told(bert):
    folder, model = bert
    found = pretrained.trace(folder, TEXT, hidden=[2])
    assert found.hides == "mask token"
    assert found.blocks[0].rows[2] == "[MASK]"
    ids = ids_of(folder, TEXT)
    ids[0, 2] = 4
    chances = model(ids).logits[0, 2].softmax(0)
    ((where, top),) = found.says["rows"]
    assert where == "token 3"
    tokens = toy_models.tokenizer().convert_ids_to_tokens(chances.topk(5).indices.tolist())
    assert [token for token, _ in top] == tokens
    assert [p for _, p in top] == pytest.approx(chances.topk(5).values.tolist(), abs=1e-5)


def test_where_there_is_no_mask_token_nobody_looks(gpt2):
    folder, model = gpt2
    found = pretrained.trace(folder, TEXT, hidden=[2])
    assert found.hides == "no look"
    assert found.blocks[0].codes[:, :, 3:, 2].max() == 0
    assert found.blocks[0].rows[2] == "dog"
    plain = pretrained.trace(folder, TEXT)
    expected = attention_of(model, ids_of(folder, TEXT)).numpy()
    assert plain.blocks[0].weights(1, 1) == pytest.approx(expected[1, 1], abs=0.0041)
    assert plain.says["title"] == "What comes next"
    assert found.says != plain.says


def test_an_encoder_decoder_has_three_parts(tmp_path):
    toy_models.t5(tmp_path)
    found = pretrained.trace(str(tmp_path), TEXT)
    encoder, decoder, cross = found.blocks
    assert [block.name for block in found.blocks] == ["encoder", "decoder", "cross-attention"]
    assert cross.rows == decoder.rows
    assert cross.columns == encoder.rows
    assert np.triu(decoder.codes, 1).max() == 0
    assert cross.weights(0, 0).sum(1) == pytest.approx(1, abs=0.03)


def test_a_long_text_keeps_its_end_token(bert):
    folder, _ = bert
    found = pretrained.trace(folder, "dog " * 500)
    assert len(found.blocks[0].rows) == 64
    assert found.blocks[0].rows[-1] == "[SEP]"
    assert "64 tokens" in found.notes[0]


def test_nothing_to_read(bert):
    with pytest.raises(TraceError, match="Write a text"):
        pretrained.trace(bert[0], " \n ")


def test_a_book_does_not_hold_up_a_worker(bert):
    # Two million characters: only as many as can matter are split.
    assert len(pretrained.trace(bert[0], "dog " * 500_000).blocks[0].rows) == 64


def test_byte_level_tokens_are_shown_as_text():
    class Byte:
        all_special_tokens = ("<s>",)

        def convert_ids_to_tokens(self, ids):
            return ["<s>", "ĠcafÃ©"]

        def convert_tokens_to_string(self, tokens):
            return " café"

    class Opened:
        tokenizer = Byte()

    assert pretrained.shown(Opened(), [0, 1]) == ["<s>", " café"]


def test_queries_and_keys_give_the_attention(bert, gpt2):
    for (folder, model), causal in ((bert, False), (gpt2, True)):
        seen = neurons.of_folder(folder, TEXT)
        expected = attention_of(model, ids_of(folder, TEXT)).numpy()
        assert seen["weights"] == pytest.approx(expected, abs=1e-5)
        assert seen["causal"] is causal
        assert seen["queries"].shape == (*expected.shape[:3], 12)


def test_queries_and_keys_are_those_of_bertviz_s_own_model(bert):
    from bertviz.neuron_view import get_attention
    from bertviz.transformers_neuron_view import BertConfig, BertModel

    folder, model = bert
    config = BertConfig(
        vocab_size_or_config_json_file=model.config.vocab_size,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    config.output_attentions = True
    theirs = BertModel(config)
    theirs.load_state_dict(model.bert.state_dict(), strict=False)
    given = get_attention(
        theirs.eval(), "bert", toy_models.tokenizer(), TEXT, include_queries_and_keys=True
    )["all"]
    seen = neurons.of_folder(folder, TEXT)
    assert seen["tokens"] == given["left_text"]
    assert seen["weights"] == pytest.approx(np.array(given["attn"]), abs=1e-5)
    assert seen["queries"] == pytest.approx(np.array(given["queries"]), abs=1e-4)
    assert seen["keys"] == pytest.approx(np.array(given["keys"]), abs=1e-4)


def test_a_model_whose_scores_are_more_than_queries_and_keys_is_refused(tmp_path):
    toy_models.t5(tmp_path)
    with pytest.raises(TraceError, match="neuron view knows"):
        neurons.of_folder(str(tmp_path), TEXT)


def test_contextual_vectors_are_the_hidden_states(bert):
    folder, model = bert
    sentences = ["the dog sat", "a man tired by the dog", "the river"]
    found = contextual.of_folder(folder, sentences, "Dog")
    assert found["left_out"] == [2]
    assert found["pieces"] == ["dog"]
    states = model(ids_of(folder, sentences[1]), output_hidden_states=True).hidden_states
    for layer, state in zip(found["layers"], states, strict=True):
        # [CLS] a man ti ##red by the dog: "tired" is a word of its own here.
        assert layer[1] == pytest.approx(state[0, -2].tolist(), abs=1e-4)


def test_a_word_of_several_pieces_is_their_mean(tmp_path):
    model = toy_models.bert(tmp_path, words=["the", "dog"])
    found = contextual.of_folder(str(tmp_path), ["the dog tired"], "tired")
    assert found["pieces"] == ["ti", "##red"]
    ids = toy_models.tokenizer(["the", "dog"])("the dog tired", return_tensors="pt").input_ids
    state = model(ids, output_hidden_states=True).hidden_states[-1][0, 3:5].mean(0)
    assert found["layers"][-1][0] == pytest.approx(state.tolist(), abs=1e-4)


def test_a_part_of_another_word_is_not_the_word(bert):
    with pytest.raises(TraceError, match="none of the sentences"):
        contextual.of_folder(bert[0], ["the dogs"], "dog")


def test_the_file_of_weights_is_exact_and_needs_no_pickle(bert, tmp_path):
    folder, model = bert
    path = tmp_path / "weights.npz"
    path.write_bytes(export.of_folder(folder, TEXT))
    with np.load(path, allow_pickle=False) as arrays:
        expected = attention_of(model, ids_of(folder, TEXT)).numpy()
        assert arrays["self_attention_weights"] == pytest.approx(expected, abs=1e-6)
        assert arrays["self_attention_rows"].tolist()[1] == "the"


@pytest.mark.parametrize("damage", ["weights", "config", "tokenizer", "half", "shapes"])
def test_a_damaged_folder_is_refused_in_a_sentence(tmp_path, damage):
    toy_models.bert(tmp_path)
    weights, config = tmp_path / "model.safetensors", tmp_path / "config.json"
    if damage == "weights":
        weights.write_bytes(b"\xff" * 400)
    elif damage == "half":
        weights.write_bytes(weights.read_bytes()[:2_000])
    elif damage == "config":
        config.write_text("{")
    elif damage == "shapes":
        config.write_text(config.read_text().replace('"hidden_size": 24', '"hidden_size": 48'))
    else:
        for name in ("tokenizer.json", "tokenizer_config.json"):
            (tmp_path / name).write_text("[]")
    with pytest.raises(ModelError) as error:
        pretrained.trace(str(tmp_path), TEXT)
    assert str(error.value).endswith(".")
    assert len(str(error.value)) < 160


def test_weights_that_are_missing_are_not_made_up(tmp_path):
    from safetensors.torch import load_file, save_file

    toy_models.bert(tmp_path)
    path = tmp_path / "model.safetensors"
    kept = load_file(path)
    headless = {k: v for k, v in kept.items() if not k.startswith("cls.")}
    save_file(headless, path, metadata={"format": "pt"})
    found = pretrained.trace(str(tmp_path), "the [MASK] sat")
    assert found.says is None  # no head, so nothing is said
    assert found.blocks[0].codes.shape[0] == 3
    layerless = {k: v for k, v in headless.items() if "layer.2." not in k}
    save_file(layerless, path, metadata={"format": "pt"})
    with pytest.raises(ModelError, match="lacks"):
        pretrained.trace(str(tmp_path), TEXT)


def test_a_pickle_with_code_is_not_run(tmp_path):
    import pickle

    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    toy_models.bert(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    (tmp_path / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ModelError):
        pretrained.trace(str(tmp_path), TEXT)
    assert not (tmp_path / "ran").exists()
