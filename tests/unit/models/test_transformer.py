"""The Transformer: attention against PyTorch's and by hand, positions against their papers."""

import math

import pytest
import torch
from torch import nn

from lab.models import OpenTransformer, Transformer
from lab.models.attention import (
    CausalAttention,
    OpenAttention,
    alibi_slopes,
    attention_bias,
    sinusoidal,
    written_out,
)
from lab.training.settings import POSITIONS

TOLERANCE = {"atol": 1e-5, "rtol": 1e-5}


def transformer(cls=Transformer, positions="alibi", context=12, dropout=0.0):
    torch.manual_seed(4)
    model = cls(11, 16, layers=2, heads=4, context=context, positions=positions, dropout=dropout)
    for parameter in model.parameters():  # larger than the initial ones, so that all parts matter
        nn.init.normal_(parameter, std=0.3)
    return model


@pytest.mark.parametrize("positions", POSITIONS)
def test_fused_and_written_out_agree(positions):
    fused, open_ = transformer(Transformer, positions), transformer(OpenTransformer, positions)
    open_.load_state_dict(fused.state_dict())
    ids = torch.randint(11, (3, 12))
    weights = torch.randn(3, 12, 11)
    results = []
    for model in (fused, open_):
        logits, _ = model(ids)
        (logits * weights).mean().backward()
        results.append((logits, [p.grad for p in model.parameters()]))
    torch.testing.assert_close(results[1][0], results[0][0], **TOLERANCE)
    for ours, theirs in zip(results[1][1], results[0][1], strict=True):
        torch.testing.assert_close(ours, theirs, **TOLERANCE)


@pytest.mark.parametrize("cls", [CausalAttention, OpenAttention])
def test_attention_equals_pytorchs_multi_head_attention(cls):
    torch.manual_seed(5)
    ours, theirs = cls(16, 4), nn.MultiheadAttention(16, 4, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(ours.qkv.weight)
        theirs.in_proj_bias.copy_(ours.qkv.bias)
        theirs.out_proj.weight.copy_(ours.out.weight)
        theirs.out_proj.bias.copy_(ours.out.bias)
    x, x2 = (torch.randn(2, 7, 16).requires_grad_() for _ in range(2))
    x2.data.copy_(x.data)
    future = torch.ones(7, 7, dtype=torch.bool).triu(1)
    y, _ = ours(x, None, None)
    y2, _ = theirs(x2, x2, x2, attn_mask=future, need_weights=False)
    torch.testing.assert_close(y, y2, **TOLERANCE)
    y.square().sum().backward()
    y2.square().sum().backward()
    torch.testing.assert_close(x.grad, x2.grad, **TOLERANCE)
    torch.testing.assert_close(ours.qkv.weight.grad, theirs.in_proj_weight.grad, **TOLERANCE)


def test_attention_by_hand():
    # One head of one dimension: scores are products of two numbers.
    q, k, v = (torch.tensor(row).view(1, 1, 2, 1) for row in ([1.0, 2.0], [0.5, -1.0], [3.0, 7.0]))
    y = written_out(q, k, v, None).flatten().tolist()
    first, second = math.exp(2 * 0.5), math.exp(2 * -1.0)
    assert y == pytest.approx([3.0, (3 * first + 7 * second) / (first + second)], abs=1e-6)


def test_scores_are_divided_by_the_root_of_the_head_size():
    q = torch.full((1, 1, 2, 4), 1.0)
    k = torch.tensor([[0.0] * 4, [1.0] * 4]).view(1, 1, 2, 4)
    v = torch.tensor([[0.0] * 4, [1.0] * 4]).view(1, 1, 2, 4)
    y = written_out(q, k, v, None)[0, 0, 1, 0].item()
    assert y == pytest.approx(1 / (1 + math.exp(-4 / 2)), abs=1e-6)


@pytest.mark.parametrize("cls", [Transformer, OpenTransformer])
@pytest.mark.parametrize("positions", POSITIONS)
def test_a_future_token_changes_nothing_before_it(cls, positions):
    model = transformer(cls, positions)
    ids = torch.randint(11, (1, 12))
    changed = ids.clone()
    changed[0, 7] = (ids[0, 7] + 1) % 11
    before, after = model(ids)[0], model(changed)[0]
    assert torch.equal(before[:, :7], after[:, :7])
    assert not torch.allclose(before[:, 7:], after[:, 7:])


@pytest.mark.parametrize("pieces", [[1] * 12, [5, 4, 3], [1, 11]])
@pytest.mark.parametrize("positions", POSITIONS)
def test_the_cache_gives_what_reading_all_at_once_gives(positions, pieces):
    model = transformer(Transformer, positions)
    ids = torch.randint(11, (2, 12))
    whole, _ = model(ids)
    state, logits = None, []
    for piece in ids.split(pieces, dim=1):
        part, state = model(piece, state)
        logits.append(part)
    torch.testing.assert_close(torch.cat(logits, dim=1), whole, **TOLERANCE)


def test_more_than_the_context_is_refused():
    model = transformer()
    with pytest.raises(ValueError, match="12 tokens, not 13"):
        model(torch.zeros(1, 13, dtype=torch.int64))
    _, state = model(torch.zeros(1, 12, dtype=torch.int64))
    with pytest.raises(ValueError, match="12 tokens, not 13"):
        model(torch.zeros(1, 1, dtype=torch.int64), state)


def test_alibi_slopes_are_those_of_the_paper():
    # Press et al. 2022, section 3: "for 8 heads 1/2, 1/4, ... 1/256", "for 16 heads" the ratio is
    # the square root.
    assert alibi_slopes(8) == [2**-n for n in range(1, 9)]
    assert alibi_slopes(16) == pytest.approx([2 ** (-n / 2) for n in range(1, 17)])
    assert alibi_slopes(4) == [2**-2, 2**-4, 2**-6, 2**-8]
    # Not a power of two: the slopes of 2 heads, then the first of those of 4.
    assert alibi_slopes(3) == [2**-4, 2**-8, 2**-2]


def test_alibi_bias_falls_with_distance_and_hides_the_future():
    bias = attention_bias(8, True, 3, 3, torch.float32, torch.device("cpu"))
    assert bias.shape == (1, 8, 3, 3)
    assert bias[0, 0].tolist() == [[0, -math.inf, -math.inf], [-0.5, 0, -math.inf], [-1, -0.5, 0]]
    assert bias[0, 7, 2].tolist() == [-2 / 256, -1 / 256, 0]


def test_bias_of_later_tokens_is_the_end_of_the_bias_of_all():
    every = attention_bias(4, True, 6, 6, torch.float32, torch.device("cpu"))
    last = attention_bias(4, True, 2, 6, torch.float32, torch.device("cpu"))
    assert torch.equal(every[:, :, 4:], last)


def test_sinusoidal_positions_are_those_of_the_paper():
    table = sinusoidal(50, 8, torch.device("cpu"))
    assert table.shape == (50, 8)
    assert table[0].tolist() == [0, 1, 0, 1, 0, 1, 0, 1]
    for position in (1, 49):
        for i in range(4):
            angle = position / 10000 ** (2 * i / 8)
            assert table[position, 2 * i].item() == pytest.approx(math.sin(angle), abs=1e-5)
            assert table[position, 2 * i + 1].item() == pytest.approx(math.cos(angle), abs=1e-5)


@pytest.mark.parametrize("positions", ["learned", "sinusoidal", "alibi"])
def test_order_matters_with_positions(positions):
    # Attention alone sees a bag of tokens: swapping two earlier ones changes nothing in one layer.
    torch.manual_seed(6)
    for kind, differs in (("none", False), (positions, True)):
        model = Transformer(11, 16, layers=1, heads=4, context=8, positions=kind)
        for parameter in model.parameters():
            nn.init.normal_(parameter, std=0.3)
        one = model(torch.tensor([[1, 2, 3]]))[0][0, 2]
        two = model(torch.tensor([[2, 1, 3]]))[0][0, 2]
        assert torch.allclose(one, two, atol=1e-5) is not differs


def test_dropout_acts_while_training_only():
    model = transformer(dropout=0.5)
    ids = torch.randint(11, (1, 8))
    assert not torch.equal(model(ids)[0], model(ids)[0])
    model.eval()
    assert torch.equal(model(ids)[0], model(ids)[0])


@pytest.mark.parametrize("positions", POSITIONS)
def test_bfloat16_stays_close(positions):
    # It takes another way through attention on a CPU.
    model = transformer(positions=positions)
    ids = torch.randint(11, (2, 12))
    exact = model(ids)[0].log_softmax(-1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = model(ids)[0].float().log_softmax(-1)
    assert (exact - rough).abs().mean() < 0.05


@pytest.mark.parametrize("positions", ["alibi", "sinusoidal"])
def test_what_a_sample_made_first_can_be_trained_with(positions):
    model = transformer(positions=positions, context=9)
    with torch.inference_mode():
        model(torch.randint(11, (1, 9)))
    model(torch.randint(11, (1, 9)))[0].sum().backward()
    assert model.embedding.weight.grad.abs().max() > 0
