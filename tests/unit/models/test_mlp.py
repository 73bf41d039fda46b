"""The fixed-window MLP: by hand, position by position, and blind beyond its window."""

import math

import pytest
import torch

from lab.models import MLP, OpenMLP


def test_fused_and_position_by_position_agree():
    torch.manual_seed(7)
    fused, open_ = MLP(11, 10, 2, window=4, embedding=3), OpenMLP(11, 10, 2, window=4, embedding=3)
    open_.load_state_dict(fused.state_dict())
    ids = torch.randint(11, (3, 9))
    gradients = []
    for model in (fused, open_):
        logits, _ = model(ids)
        (logits.square()).sum().backward()
        gradients.append([logits, *(p.grad for p in model.parameters())])
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def test_by_hand():
    # A window of two, token vectors and hidden layer of one number.
    model = MLP(2, 1, 1, window=2, embedding=1)
    with torch.no_grad():
        model.embedding.weight.copy_(torch.tensor([[1.0], [-2.0], [0.25]]))  # the last: no token
        model.hidden[0].weight.copy_(torch.tensor([[0.3, 0.7]]))  # older, newer
        model.hidden[0].bias.fill_(0.1)
        model.readout.weight.copy_(torch.tensor([[2.0], [0.0]]))
        model.readout.bias.copy_(torch.tensor([0.0, 0.5]))
    logits, state = model(torch.tensor([[0, 1]]))
    first = math.tanh(0.3 * 0.25 + 0.7 * 1 + 0.1)
    second = math.tanh(0.3 * 1 + 0.7 * -2 + 0.1)
    assert logits[0, :, 0].tolist() == pytest.approx([2 * first, 2 * second], abs=1e-6)
    assert logits[0, :, 1].tolist() == [0.5, 0.5]
    assert state.tolist() == [[1]]


def test_it_sees_its_window_and_nothing_older():
    torch.manual_seed(8)
    model = MLP(11, 10, 1, window=4, embedding=3)
    ids = torch.randint(11, (1, 10))
    changed = ids.clone()
    changed[0, 3] = (ids[0, 3] + 1) % 11
    one, two = model(ids)[0][0], model(changed)[0][0]
    same = [torch.equal(a, b) for a, b in zip(one, two, strict=True)]
    assert same == [True] * 3 + [False] * 4 + [True] * 3


@pytest.mark.parametrize("window", [1, 4])
def test_reading_in_pieces_changes_nothing(window):
    torch.manual_seed(9)
    model = MLP(11, 10, 1, window=window, embedding=3)
    ids = torch.randint(11, (2, 10))
    whole, _ = model(ids)
    state, pieces = None, []
    for piece in ids.split([1, 2, 6, 1], dim=1):
        logits, state = model(piece, state)
        pieces.append(logits)
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole, atol=1e-6, rtol=1e-5)
