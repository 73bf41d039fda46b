"""The recurrent encoder-decoder: masks, padding, and one way of computing against the other."""

import pytest
import torch
from torch import nn

from lab.models.encoder_decoder import CELLS, EncoderDecoder, Recurrence
from lab.models.scores import SCORES
from lab.models.tokens import END, PAD, START

LOOKS = ("after", "before")
CASES = [(cell, score, look) for cell in CELLS for score in ("none", "general") for look in LOOKS]
CASES += [("gru", score, "after") for score in SCORES if score != "general"]


def made(cell="gru", score="general", look="after", bidirectional=True, attend_end=True):
    torch.manual_seed(0)
    return EncoderDecoder(cell, 11, 9, 16, score, look, bidirectional, attend_end).eval()


SOURCE = torch.tensor([[4, 5, 6, 7, 8, END], [9, 10, END, PAD, PAD, PAD]])
TARGET = torch.tensor([[START, 4, 5, 6], [START, 7, 8, PAD]])


@pytest.mark.parametrize(("cell", "score", "look"), CASES)
def test_steps_one_by_one_give_what_one_call_gives(cell, score, look):
    model = made(cell, score, look)
    logits, weights = model(SOURCE, TARGET)
    memory = model.encode(SOURCE)
    state = memory.start
    for t in range(TARGET.shape[1]):
        step = model.step(TARGET[:, t], state, memory)
        state = step.state
        torch.testing.assert_close(step.logits, logits[:, t], rtol=1e-5, atol=1e-5)
        if score == "none":
            assert step.weights is None
            assert weights is None
        else:
            torch.testing.assert_close(step.weights, weights[:, t], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("cell", "score", "look"), CASES)
def test_padding_changes_nothing(cell, score, look):
    model = made(cell, score, look)
    logits, weights = model(SOURCE, TARGET)
    alone, alone_weights = model(SOURCE[1:, :3], TARGET[1:, :3])
    torch.testing.assert_close(alone[0], logits[1, :3], rtol=1e-5, atol=1e-6)
    with torch.no_grad():  # nor does what stands in its embedding
        model.encoder.embedding.weight[PAD] = 1e3
        model.embedding.weight[PAD] = -1e3
    poisoned, _ = model(SOURCE, TARGET)
    torch.testing.assert_close(poisoned[1, :3], logits[1, :3], rtol=1e-5, atol=1e-6)
    if weights is not None:
        assert torch.all(weights[1, :, 3:] == 0)
        torch.testing.assert_close(alone_weights[0], weights[1, :3, :3], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("look", LOOKS)
def test_a_word_does_not_depend_on_those_after_it(look):
    model = made(look=look)
    logits, _ = model(SOURCE, TARGET)
    other = TARGET.clone()
    other[:, 3] = 4
    changed, _ = model(SOURCE, other)
    assert torch.equal(changed[:, :3], logits[:, :3])
    assert not torch.equal(changed[:, 3], logits[:, 3])


def test_the_end_can_be_masked_out_of_attention():
    _, weights = made(attend_end=False)(SOURCE, TARGET)
    assert torch.all(weights[0, :, 5] == 0)
    assert torch.all(weights[1, :, 2:] == 0)
    torch.testing.assert_close(weights.sum(2), torch.ones(2, 4))
    # A source that is nothing but its end keeps it: a softmax over nothing would be NaN.
    _, alone = made(attend_end=False)(torch.tensor([[END, PAD]]), TARGET[:1])
    assert torch.all(alone[..., 0] == 1)


def test_without_attention_the_source_comes_through_the_first_state_alone():
    model = made(score="none")
    memory = model.encode(SOURCE)
    other = memory._replace(states=torch.randn_like(memory.states))
    first = model.step(TARGET[:, 0], memory.start, memory).logits
    assert torch.equal(first, model.step(TARGET[:, 0], memory.start, other).logits)


@pytest.mark.parametrize("cell", CELLS)
def test_the_backward_way_is_pytorchs_bidirectional_module(cell):
    torch.manual_seed(1)
    encoder = EncoderDecoder(cell, 11, 9, 16, "dot").eval().encoder
    both = CELLS[cell](16, 8, batch_first=True, bidirectional=True)
    with torch.no_grad():
        for way, ending in zip(encoder.ways, ("", "_reverse"), strict=True):
            for name, parameter in way.layer.named_parameters():
                getattr(both, name + ending).copy_(parameter)
    lengths = (SOURCE != PAD).sum(1)
    packed = nn.utils.rnn.pack_padded_sequence(
        encoder.embedding(SOURCE), lengths, batch_first=True, enforce_sorted=False
    )
    expected, _ = nn.utils.rnn.pad_packed_sequence(both(packed)[0], batch_first=True)
    h, last = encoder(SOURCE)
    for row, length in enumerate(lengths):
        torch.testing.assert_close(h[row, :length], expected[row, :length], rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(last[row, :8], expected[row, length - 1, :8])
        torch.testing.assert_close(last[row, 8:], expected[row, 0, 8:])


@pytest.mark.parametrize("cell", CELLS)
def test_a_recurrence_trains_as_pytorchs_module_does(cell):
    torch.manual_seed(0)
    ours, x = Recurrence(cell, 6, 8), torch.randn(3, 5, 6)
    state = tuple(torch.randn(3, 8) for _ in range(ours.parts))
    h, after = ours(x, state)
    h.square().sum().backward()
    gradients = [p.grad.clone() for p in ours.parameters()]
    ours.zero_grad()
    first = tuple(part[None] for part in state)
    theirs, _ = ours.layer(x, first if cell == "lstm" else first[0])
    theirs.square().sum().backward()
    torch.testing.assert_close(h, theirs)
    torch.testing.assert_close(after[0], theirs[:, -1])
    for mine, parameter in zip(gradients, ours.parameters(), strict=True):
        torch.testing.assert_close(mine, parameter.grad, rtol=1e-4, atol=1e-5)


def test_teacher_forcing_zero_reads_its_own_words():
    model = made()
    logits, _ = model(SOURCE, TARGET, teacher_forcing=0.0)
    memory = model.encode(SOURCE)
    state, tokens = memory.start, TARGET[:, 0]
    for t in range(TARGET.shape[1]):
        step = model.step(tokens, state, memory)
        torch.testing.assert_close(step.logits, logits[:, t], rtol=1e-5, atol=1e-5)
        state, tokens = step.state, step.logits.argmax(1)
    with torch.no_grad():
        model.readout.bias[4] += 50  # it would write 4 for ever: TARGET does not
    own, _ = model(SOURCE, TARGET, teacher_forcing=0.0)
    forced, _ = model(SOURCE, TARGET)
    assert not torch.allclose(own[0, 3], forced[0, 3])


def test_every_weight_learns():
    for cell, score, look in CASES:
        model = made(cell, score, look).train()
        logits, _ = model(SOURCE, TARGET)
        logits.square().sum().backward()
        idle = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
        assert not idle, (cell, score, look)
