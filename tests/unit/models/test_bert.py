"""Our BERT against known answers and Hugging Face's."""

from __future__ import annotations

import pytest
import torch

from lab.models.bert import Bert


@pytest.fixture
def model():
    torch.manual_seed(1)
    return Bert(40, width=16, layers=3, heads=4, context=12).eval()


@pytest.fixture
def ids():
    return torch.randint(5, 40, (3, 9), generator=torch.Generator().manual_seed(2))


def test_logits_at_chosen_places_are_those_of_the_whole(model, ids):
    places = torch.tensor([0, 5, 13, 26])
    assert model(ids).shape == (3, 9, 40)
    torch.testing.assert_close(model(ids, places), model(ids).flatten(0, 1)[places])


def test_the_explaining_path_gives_the_same_logits_and_whole_attention(model, ids):
    logits, attentions = model(ids, weights=True)
    torch.testing.assert_close(logits, model(ids), atol=1e-5, rtol=1e-5)
    assert [a.shape for a in attentions] == [(3, 4, 9, 9)] * 3
    for attention in attentions:
        torch.testing.assert_close(attention.sum(3), torch.ones(3, 4, 9))


def test_a_token_sees_both_sides(model, ids):
    logits = model(ids)
    for changed, asked in ((0, 8), (8, 0)):
        other = ids.clone()
        other[:, changed] = (other[:, changed] + 1) % 35 + 5
        assert not torch.allclose(model(other)[:, asked], logits[:, asked], atol=1e-6)


def test_it_is_hugging_faces_model(model, ids):
    transformers = pytest.importorskip("transformers")
    from lab.masked.export import config_of, from_hugging_face, to_hugging_face

    config = transformers.BertConfig(**config_of(model) | {"dtype": "float32"})
    theirs = transformers.BertForMaskedLM._from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():  # nothing may be zero or one by chance of the start
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    renamed = to_hugging_face(model.state_dict())
    missing, unexpected = theirs.load_state_dict(renamed, strict=False)
    assert not unexpected
    assert set(missing) <= {
        "cls.predictions.decoder.weight",
        "cls.predictions.decoder.bias",
        "bert.embeddings.position_ids",
    }
    theirs.tie_weights()
    with torch.no_grad():
        found = theirs(input_ids=ids, output_attentions=True)
        logits, attentions = model(ids, weights=True)
    torch.testing.assert_close(logits, found.logits, atol=1e-5, rtol=1e-5)
    for ours, other in zip(attentions, found.attentions, strict=True):
        torch.testing.assert_close(ours, other, atol=1e-5, rtol=1e-5)
    back = from_hugging_face(renamed, len(model.layers))
    assert back.keys() == model.state_dict().keys()
    assert all(torch.equal(back[name], tensor) for name, tensor in model.state_dict().items())


def test_gradients_reach_every_weight(model, ids):
    model(ids, torch.tensor([1, 14])).sum().backward()
    unused = {n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()}
    # A constant added to all keys changes no softmax: the bias of the keys is the one of three.
    assert unused <= {"norm.bias"} - {"norm.bias"}


def test_a_row_that_is_too_long_is_refused(model):
    with pytest.raises(ValueError, match="reads 12 tokens at once, not 13"):
        model(torch.zeros(1, 13, dtype=torch.long))
    with pytest.raises(ValueError, match="divisible"):
        Bert(40, width=10, heads=4)


def test_padding_is_not_looked_at_fused_or_written_out():
    torch.manual_seed(0)
    model = Bert(20, 16, 2, 2, 8).eval()
    ids = torch.randint(20, (2, 6))
    real = torch.arange(6) < torch.tensor([[6], [4]])
    with torch.no_grad():
        alone, _ = model.encode(ids[1:, :4])
        fused, _ = model.encode(ids, real=real)
        other, _ = model.encode(torch.where(real, ids, 3), real=real)
        open_form, attentions = model.encode(ids, weights=True, real=real)
    torch.testing.assert_close(fused[1, :4], alone[0])
    torch.testing.assert_close(other[1, :4], alone[0])
    torch.testing.assert_close(open_form[1, :4], alone[0])
    assert all((layer[1, :, :, 4:] == 0).all() for layer in attentions)
