"""Score functions against hand arithmetic, and against PyTorch where it has one."""

import math

import pytest
import torch
from torch import nn

from lab.models.scores import MLP, SCORES, Concat, Dot, General, ScaledDot, attend

# Two source places and one decoder state, H = 4.
H = torch.tensor([[[1.0, 2.0, 0.0, -1.0], [0.0, 1.0, 1.0, 0.0]]])  # (1, 2, 4)
S = torch.tensor([[[2.0, 1.0, 3.0, 1.0]]])  # (1, 1, 4)


def weights(module, **values):
    with torch.no_grad():
        for name, value in values.items():
            module.get_parameter(name.replace("__", ".")).copy_(torch.tensor(value))
    return module


def test_dot_by_hand():
    # 1*2 + 2*1 + 0*3 - 1*1 = 3;  0*2 + 1*1 + 1*3 + 0*1 = 4
    assert Dot(4)(S, H).tolist() == [[[3.0, 4.0]]]


def test_scaled_dot_by_hand():
    assert ScaledDot(4)(S, H).tolist() == [[[1.5, 2.0]]]  # sqrt(4) = 2


def test_general_by_hand():
    # What is kept is sqrt(H) W_g: here W_g swaps the first two numbers of s, (1, 2, 3, 1).
    swap = [[0.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    module = weights(General(4), w__weight=[[2 * x for x in row] for row in swap])
    # h_1 . (1, 2, 3, 1) = 1 + 4 + 0 - 1 = 4;  h_2 . (1, 2, 3, 1) = 2 + 3 = 5
    assert module(S, H).tolist() == [[[4.0, 5.0]]]


def test_general_begins_as_scaled_dot():
    assert torch.equal(General(4)(S, H), ScaledDot(4)(S, H))


def test_concat_by_hand():
    module = weights(
        Concat(4),
        w_h__weight=[[1.0, 0, 0, 0], [0, 1, 0, 0]],
        w_s__weight=[[0.0, 1, 0, 0], [0, 0, 0, -1]],
        v__weight=[[2.0, -1.0]],
    )
    # first unit: h[0] + s[1], second: h[1] - s[3]
    expected = [
        2 * math.tanh(1 + 1) - math.tanh(2 - 1),
        2 * math.tanh(0 + 1) - math.tanh(1 - 1),
    ]
    assert module(S, H)[0, 0].tolist() == pytest.approx(expected)


def test_concat_is_a_linear_layer_on_the_two_put_together():
    torch.manual_seed(0)
    module, h, s = Concat(8), torch.randn(2, 5, 8), torch.randn(2, 3, 8)
    both = nn.Linear(16, 4, bias=False)
    with torch.no_grad():
        both.weight.copy_(torch.cat((module.w_h.weight, module.w_s.weight), 1))
    for t in range(3):
        pair = torch.cat((h, s[:, t : t + 1].expand_as(h)), 2)  # [h_i; s_t]
        expected = module.v(torch.tanh(both(pair)))[..., 0]
        torch.testing.assert_close(module(s, h)[:, t], expected)


def test_mlp_is_a_plain_network_on_the_two_put_together():
    torch.manual_seed(0)
    module, h, s = MLP(8), torch.randn(2, 5, 8), torch.randn(2, 3, 8)
    plain = nn.Sequential(
        nn.Linear(16, 2), nn.ReLU(), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1, bias=False)
    )
    with torch.no_grad():
        plain[0].weight.copy_(torch.cat((module.w_h.weight, module.w_s.weight), 1))
        plain[0].bias.copy_(module.w_h.bias)
        plain[2].load_state_dict(module.second.state_dict())
        plain[4].load_state_dict(module.out.state_dict())
    for t in range(3):
        pair = torch.cat((h, s[:, t : t + 1].expand_as(h)), 2)
        torch.testing.assert_close(module(s, h)[:, t], plain(pair)[..., 0])


def test_scaled_dot_with_softmax_is_pytorchs_attention():
    torch.manual_seed(0)
    h, s = torch.randn(2, 5, 8), torch.randn(2, 3, 8)
    mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    _, context = attend(ScaledDot(8)(s, h), mask, h)
    expected = nn.functional.scaled_dot_product_attention(s, h, h, attn_mask=mask[:, None])
    torch.testing.assert_close(context, expected)


@pytest.mark.parametrize("name", SCORES)
def test_every_score_is_of_its_own_pair_alone(name):
    torch.manual_seed(0)
    module, h, s = SCORES[name](8), torch.randn(1, 5, 8), torch.randn(1, 3, 8)
    whole = module(s, h)
    assert whole.shape == (1, 3, 5)
    torch.testing.assert_close(module(s[:, 1:2], h[:, 4:]), whole[:, 1:2, 4:])


@pytest.mark.parametrize("name", SCORES)
def test_every_score_is_the_dot_product_of_its_terms(name):
    torch.manual_seed(0)
    module, h, s = SCORES[name](8), torch.randn(1, 5, 8), torch.randn(1, 3, 8)
    whole = module(s, h)
    left, right = module.terms(s[0, 2], h[0, 1])
    torch.testing.assert_close(left @ right, whole[0, 2, 1])


def test_softmax_and_context_by_hand():
    scores = torch.tensor([[[math.log(1.0), math.log(3.0), 50.0]]])
    mask = torch.tensor([[True, True, False]])
    h = torch.tensor([[[4.0, 0.0], [0.0, 8.0], [9.0, 9.0]]])
    found, context = attend(scores, mask, h)
    assert found[0, 0].tolist() == pytest.approx([0.25, 0.75, 0.0])
    assert context[0, 0].tolist() == pytest.approx([1.0, 6.0])  # no further 1/N
