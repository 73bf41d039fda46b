"""RNN, LSTM and GRU: the written-out equations against PyTorch's modules, and against hand work.

RNN and GRU train on a CPU by backpropagation through time written out: held to the same.
"""

from math import exp, tanh

import pytest
import torch

from lab.models import GRU, LSTM, RNN, OpenGRU, OpenLSTM, OpenRNN, through_time

PAIRS = [(RNN, OpenRNN), (LSTM, OpenLSTM), (GRU, OpenGRU)]
TOLERANCE = {"atol": 1e-5, "rtol": 1e-5}


def sigmoid(x):
    return 1 / (1 + exp(-x))


def flat(state):
    return state if isinstance(state, tuple) else (state,)


def pair(fused_class, open_class, layers):
    torch.manual_seed(1)
    fused = fused_class(11, 6, layers)
    written_out = open_class(11, 6, layers)
    written_out.load_state_dict(fused.state_dict())
    return fused, written_out


def outputs_and_gradients(recur, module, x, state):
    """Run a recurrence, and a loss in which every number takes part differently."""
    x, state = (t.clone().requires_grad_() for t in (x, state))
    module.zero_grad()
    y, last = recur(x, state)
    weights = torch.linspace(-1, 1, y.numel() + last.numel())
    (torch.cat((y.flatten(), last.flatten())) * weights).sum().backward()
    return [y, last, x.grad, state.grad, *(p.grad.clone() for p in module.parameters())]


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize(
    ("cls", "part", "layer"),
    [(RNN, "rnn", through_time.RNNLayer), (GRU, "gru", through_time.GRULayer)],
)
def test_backpropagation_through_time_equals_pytorchs_module(cls, part, layer, layers):
    torch.manual_seed(1)
    module = getattr(cls(11, 6, layers), part)
    x, state = torch.randn(4, 9, 6), torch.randn(layers, 4, 6)
    ours = outputs_and_gradients(
        lambda x, state: through_time.run(module, x, state, layer), module, x, state
    )
    theirs = outputs_and_gradients(module, module, x, state)
    for one, two in zip(ours, theirs, strict=True):
        assert two.abs().max() > 0
        torch.testing.assert_close(one, two, **TOLERANCE)


@pytest.mark.parametrize("cls", [RNN, GRU])
def test_bfloat16_through_time_stays_close(cls):
    torch.manual_seed(1)
    model = cls(11, 32, 2)
    ids = torch.randint(11, (4, 9))
    gradients = []
    for rough in (False, True):
        model.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=rough):
            logits, _ = model(ids)
        torch.nn.functional.cross_entropy(
            logits[:, :-1].flatten(0, 1).float(), ids[:, 1:].flatten()
        ).backward()
        gradients.append(torch.cat([p.grad.flatten() for p in model.parameters()]))
    exact, rough = gradients
    assert 0 < (exact - rough).norm() < 0.03 * exact.norm()


@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize(("fused_class", "open_class"), PAIRS)
def test_outputs_and_gradients_equal_pytorchs_module(fused_class, open_class, layers):
    fused, written_out = pair(fused_class, open_class, layers)
    ids = torch.randint(11, (4, 9))
    weights = torch.randn(4, 9, 11)  # a loss that every output takes part in, each differently
    results = []
    for model in (fused, written_out):
        logits, state = model(ids)
        (logits * weights).sum().backward()
        results.append((logits, flat(state), [p.grad for p in model.parameters()]))
    (logits, state, gradients), (open_logits, open_state, open_gradients) = results
    torch.testing.assert_close(open_logits, logits, **TOLERANCE)
    for ours, theirs in zip(open_state, state, strict=True):
        torch.testing.assert_close(ours, theirs, **TOLERANCE)
    for ours, theirs in zip(open_gradients, gradients, strict=True):
        assert theirs.abs().max() > 0
        torch.testing.assert_close(ours, theirs, **TOLERANCE)


@pytest.mark.parametrize(("fused_class", "open_class"), PAIRS)
def test_gradient_flows_through_a_state_handed_on(fused_class, open_class):
    fused, written_out = pair(fused_class, open_class, 2)
    ids = torch.randint(11, (2, 8))
    gradients = []
    for model in (fused, written_out):
        _, state = model(ids[:, :5])
        logits, _ = model(ids[:, 5:], state)
        logits.square().sum().backward()
        gradients.append([p.grad for p in model.parameters()])
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs, **TOLERANCE)


@pytest.mark.parametrize("cls", [RNN, LSTM, GRU])
def test_single_tokens_give_what_the_whole_text_gives(cls):
    # Samples read one token at a time, by a shorter way in the case of the LSTM.
    torch.manual_seed(2)
    model = cls(11, 6, 2).eval()
    ids = torch.randint(11, (1, 12))
    whole, end = model(ids)
    with torch.no_grad():
        state, pieces = None, []
        for t in range(12):
            logits, state = model(ids[:, t : t + 1], state)
            pieces.append(logits)
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole, **TOLERANCE)
    for ours, theirs in zip(flat(state), flat(end), strict=True):
        torch.testing.assert_close(ours, theirs, **TOLERANCE)


@pytest.mark.parametrize("cls", [RNN, OpenRNN, LSTM, OpenLSTM, GRU, OpenGRU])
def test_dropout_acts_while_training_only(cls):
    torch.manual_seed(3)
    model = cls(11, 32, 2, dropout=0.5)
    ids = torch.randint(11, (2, 6))
    assert not torch.equal(model(ids)[0], model(ids)[0])
    model.eval()
    assert torch.equal(model(ids)[0], model(ids)[0])


def tiny(cls, part, gates):
    """Make a model of width 1 with known weights: token 0 is the number 1, token 1 is -2."""
    model = cls(2, 1)
    cell = getattr(model, part)
    with torch.no_grad():
        model.embedding.weight.copy_(torch.tensor([[1.0], [-2.0]]))
        cell.weight_ih_l0.copy_(torch.tensor([[0.1 * (n + 1)] for n in range(gates)]))
        cell.weight_hh_l0.copy_(torch.tensor([[0.5 - 0.2 * n] for n in range(gates)]))
        cell.bias_ih_l0.copy_(torch.tensor([0.01 * n for n in range(gates)]))
        cell.bias_hh_l0.copy_(torch.tensor([0.3] * gates))
        model.readout.weight.copy_(torch.tensor([[1.0], [0.0]]))
        model.readout.bias.zero_()
    return model


@pytest.mark.parametrize("cls", [RNN, OpenRNN])
def test_rnn_by_hand(cls):
    model = tiny(cls, "rnn", 1)
    h1 = tanh(0.1 * 1 + 0.5 * 0 + 0.0 + 0.3)
    h2 = tanh(0.1 * -2 + 0.5 * h1 + 0.0 + 0.3)
    logits, _ = model(torch.tensor([[0, 1]]))
    assert logits[0, :, 0].tolist() == pytest.approx([h1, h2], abs=1e-6)


@pytest.mark.parametrize("cls", [LSTM, OpenLSTM])
def test_lstm_by_hand(cls):
    model = tiny(cls, "lstm", 4)
    h = c = 0.0
    expected = []
    for x in (1.0, -2.0):
        i = sigmoid(0.1 * x + 0.5 * h + 0.00 + 0.3)
        f = sigmoid(0.2 * x + 0.3 * h + 0.01 + 0.3)
        g = tanh(0.3 * x + 0.1 * h + 0.02 + 0.3)
        o = sigmoid(0.4 * x - 0.1 * h + 0.03 + 0.3)
        c = f * c + i * g
        h = o * tanh(c)
        expected.append(h)
    logits, (last_h, last_c) = model(torch.tensor([[0, 1]]))
    assert logits[0, :, 0].tolist() == pytest.approx(expected, abs=1e-6)
    assert (last_h.item(), last_c.item()) == pytest.approx((h, c), abs=1e-6)


@pytest.mark.parametrize("cls", [GRU, OpenGRU])
def test_gru_by_hand(cls):
    model = tiny(cls, "gru", 3)
    h = 0.0
    expected = []
    for x in (1.0, -2.0):
        r = sigmoid(0.1 * x + 0.5 * h + 0.00 + 0.3)
        z = sigmoid(0.2 * x + 0.3 * h + 0.01 + 0.3)
        n = tanh(0.3 * x + 0.02 + r * (0.1 * h + 0.3))
        h = (1 - z) * n + z * h
        expected.append(h)
    logits, _ = model(torch.tensor([[0, 1]]))
    assert logits[0, :, 0].tolist() == pytest.approx(expected, abs=1e-6)


def test_lstm_begins_with_an_open_forget_gate():
    lstm = LSTM(5, 3, 2).lstm
    for layer in range(2):
        bias = getattr(lstm, f"bias_ih_l{layer}")
        assert bias[3:6].tolist() == [1, 1, 1]
        assert bias[:3].abs().max() < 1


def test_rnn_begins_with_a_matrix_that_keeps_lengths():
    matrix = RNN(5, 8).rnn.weight_hh_l0
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(8), atol=1e-5, rtol=0)
