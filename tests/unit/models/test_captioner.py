"""The captioner: attention by hand, and hard attention's gradient with all places enumerated."""

import itertools
import math

import pytest
import torch
from torch import nn

from lab.models.captioner import Captioner, coordinates, doubly_stochastic
from lab.models.choices import CAPTION_ATTENTIONS
from lab.models.seq2seq import Memory
from lab.models.tokens import PAD, START

TOLERANCE = {"atol": 1e-5, "rtol": 1e-5}
V = 11


def captioner(attention="soft", std=0.3, seed=0, **changes):
    torch.manual_seed(seed)
    model = Captioner(V, 12, attention, channels=(4, 5, 6), **changes)
    for parameter in model.parameters():  # larger than the initial ones, so that all parts matter
        nn.init.normal_(parameter, std=std)
    return model.eval()


def pictures(n=3, seed=1):
    return torch.randint(
        256, (n, 48, 48, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed)
    )


def captions(n=3, length=5, seed=2):
    """Return target_in and target_out, one word longer than the other rows in the first."""
    out = torch.randint(4, V, (n, length), generator=torch.Generator().manual_seed(seed))
    out[1:, -1] = PAD
    return torch.cat((torch.full((n, 1), START), out[:, :-1]), 1), out


@pytest.mark.parametrize("attention", CAPTION_ATTENTIONS)
def test_step_by_step_is_all_at_once(attention):
    model, images, (target_in, _) = captioner(attention), pictures(), captions()
    logits, weights = model(images, target_in)
    memory = model.encode(images)
    state = memory.start
    for t in range(target_in.shape[1]):
        step = model.step(target_in[:, t], state, memory)
        state = step.state
        torch.testing.assert_close(step.logits, logits[:, t], **TOLERANCE)
        if attention == "none":
            assert step.weights is None
        else:
            torch.testing.assert_close(step.weights, weights[:, t], **TOLERANCE)
    assert (weights is None) == (attention == "none")


@pytest.mark.parametrize("attention", ["soft", "hard"])
def test_weights_are_shares_of_the_grid(attention):
    model = captioner(attention)
    _, weights = model(pictures(), captions()[0])
    assert weights.shape == (3, 5, model.grid**2)
    torch.testing.assert_close(weights.sum(2), torch.ones(3, 5), **TOLERANCE)
    assert weights.min() >= 0
    assert weights.std() > 1e-4  # not simply all the same


def test_memory_rows_are_pictures():
    model, images = captioner(), pictures()
    memory = model.encode(images)
    assert memory.states.shape == (3, 64, 6)
    assert memory.mask.all()
    alone = model.encode(images[1:2])
    torch.testing.assert_close(memory.states[1:2], alone.states, **TOLERANCE)
    torch.testing.assert_close(memory.start[0][1:2], alone.start[0], **TOLERANCE)


def test_bytes_and_floats_are_the_same_picture():
    model, images = captioner(), pictures()
    floats = images.permute(0, 3, 1, 2) / 255
    torch.testing.assert_close(model.encode(floats).states, model.encode(images).states)


def test_places_lie_in_reading_order_and_see_ten_pixels_around_them():
    # Row 4, column 2 stands for the pixels from (24, 12) to (29, 17).
    seen = torch.zeros(48, 48, dtype=torch.bool)
    for seed in range(4):  # a ReLU may be deaf to some of them
        image = torch.rand(1, 3, 48, 48, requires_grad=True)
        place = captioner(seed=seed).encode(image).states[0, 4 * 8 + 2]
        (place * torch.arange(6)).sum().backward()
        seen |= image.grad[0].abs().sum(0) > 0
    expected = torch.zeros(48, 48, dtype=torch.bool)
    expected[14:40, 2:28] = True
    assert torch.equal(seen, expected)


def test_coordinates_run_right_and_down():
    x, y = coordinates(torch.zeros(2, 7, 2, 3))[1]
    assert x.tolist() == [[-1, 0, 1], [-1, 0, 1]]
    assert y.tolist() == [[-1, -1, -1], [1, 1, 1]]


def by_hand(model):
    """Give a captioner numbers that can be worked with, and a memory of two places."""
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    with torch.no_grad():
        model.w_a.weight[0, 0], model.w_a.weight[1, 1], model.w_a.bias[1] = 1.0, 2.0, 0.5
        model.w_h.weight[0, 0], model.w_h.weight[1, 0] = 0.25, -1.0
        model.v.weight[0, :2] = torch.tensor([1.5, -0.5])
    a = torch.zeros(1, 2, 6)
    a[0, 0, :2], a[0, 1, :2] = torch.tensor([0.3, 0.1]), torch.tensor([-0.6, 0.2])
    h = torch.zeros(1, 12)
    h[0, 0] = 0.8
    return Memory(a, torch.ones(1, 2, dtype=torch.bool), (h,)), torch.tensor([START])


def test_additive_score_by_hand():
    model = captioner()
    memory, start = by_hand(model)
    # e_i = v . tanh(W_a a_i + b + W_h h); W_h h = (0.2, -0.8)
    e1 = 1.5 * math.tanh(0.3 + 0.2) - 0.5 * math.tanh(2 * 0.1 + 0.5 - 0.8)
    e2 = 1.5 * math.tanh(-0.6 + 0.2) - 0.5 * math.tanh(2 * 0.2 + 0.5 - 0.8)
    share = math.exp(e1) / (math.exp(e1) + math.exp(e2))
    step = model.step(start, memory.start, memory)
    assert step.weights[0].tolist() == pytest.approx([share, 1 - share], abs=1e-6)
    seen = model.look(torch.zeros(1, 12), memory.start[0], memory.states, model.w_a(memory.states))
    mean = [0.3 * share - 0.6 * (1 - share), 0.1 * share + 0.2 * (1 - share)]
    assert seen.context[0, :2].tolist() == pytest.approx(mean, abs=1e-6)


def test_the_word_comes_from_state_context_and_word_before():
    # Equation 7 with all matrices zero but one at a time.
    model = captioner()
    memory, start = by_hand(model)
    with torch.no_grad():
        model.readout.weight[7, 0] = 1.0
        model.embedding.weight[START, 0] = 0.7
        from_word = model.step(start, memory.start, memory)
        assert from_word.logits[0, 7].item() == pytest.approx(0.7)
        model.l_h.weight[0, 0] = 10.0
        # Its gates are all a half and its candidate is zero: h = 0.5 * 0.8.
        from_state = model.step(start, memory.start, memory)
        assert from_state.logits[0, 7].item() == pytest.approx(0.7 + 4.0)
        model.l_z.weight[0, 0] = 100.0
        share = from_state.weights[0, 0].item()
        context = 0.3 * share - 0.6 * (1 - share)
        from_context = model.step(start, memory.start, memory)
        assert from_context.logits[0, 7].item() == pytest.approx(4.7 + 100 * context, rel=1e-4)


def test_attention_comes_before_the_recurrence():
    # What is seen at a step changes the state of that step (Bahdanau's way, not Luong's).
    model = captioner()
    memory = model.encode(pictures())
    start = torch.full((3,), START)
    other = Memory(memory.states.flip(0), memory.mask, memory.start)
    one, two = (model.step(start, memory.start, m).state[0] for m in (memory, other))
    assert (one - two).abs().max() > 1e-3


def test_hard_attention_looks_at_its_most_probable_place():
    model = captioner("hard")
    memory, target_in = model.encode(pictures()), captions()[0]
    _, seen = model.read(target_in, memory)
    assert torch.equal(seen.place, seen.weights.argmax(2))
    for row, t in itertools.product(range(3), range(5)):
        assert torch.equal(seen.context[row, t], memory.states[row, seen.place[row, t]])
    again, _ = model.read(target_in, memory)
    assert torch.equal(again, model.read(target_in, memory)[0])


def test_hard_attention_draws_while_it_trains():
    model = captioner("hard").train()
    memory, start = by_hand(model)
    many = memory.rows(torch.zeros(20_000, dtype=torch.int64))
    torch.manual_seed(3)
    _, seen = model.read(start.expand(20_000, 1), many)
    share = seen.weights[0, 0, 0].item()
    assert 0.6 < share < 0.9
    drawn = (seen.place == 0).double().mean().item()
    assert drawn == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 20_000))


# Losses -------------------------------------------------------------------------------------


def nll(logits, target_out):
    """Return the summed cross-entropy of each row, PAD left out."""
    log_p = logits.log_softmax(2).gather(2, target_out[:, :, None])[:, :, 0]
    return -(log_p * (target_out != PAD)).sum(1)


@pytest.mark.parametrize("attention", ["soft", "none"])
def test_loss_is_the_mean_cross_entropy_per_word(attention):
    model, images, (target_in, target_out) = captioner(attention), pictures(), captions()
    expected = nll(model(images, target_in)[0], target_out).sum() / 13  # words that are not PAD
    assert model.loss(images, target_in, target_out).item() == pytest.approx(expected.item(), 1e-5)


def test_the_value_of_hard_attentions_loss_is_a_cross_entropy():
    # All draws alike: in `eval` there is nothing drawn.
    model, images, (target_in, target_out) = captioner("hard", mixed=0.0), pictures(), captions()
    expected = nll(model(images, target_in)[0], target_out).sum() / 13
    assert model.loss(images, target_in, target_out).item() == pytest.approx(expected.item(), 1e-5)


def gradients(model, names=("v", "w_h", "w_a", "l_z", "embedding")):
    return torch.cat(
        [p.grad.flatten().clone() for n, p in model.named_parameters() if n.startswith(names)]
    ).double()


def small_world():
    """Return a hard captioner, a picture of two places and a caption of two words."""
    model = captioner("hard", std=0.7, seed=5, mixed=0.0, entropy=0.0).train()
    with torch.no_grad():
        model.v.weight.mul_(3)
    images = torch.rand(1, 3, 12, 6, generator=torch.Generator().manual_seed(6))
    assert model.encode(images).states.shape[1] == 2
    return model, images, torch.tensor([[START, 5]]), torch.tensor([[5, 8]])


def exact_gradient(model, images, target_in, target_out, entropy=0.0):
    """Differentiate the expected loss: the sum over all places that can be drawn, with p(places).

    Equation 10 with its sum written out, divided by the two words.
    """
    model.zero_grad()
    memory = model.encode(images)
    total, a = 0.0, memory.states
    keys = model.w_a(a)
    for path in itertools.product(range(2), repeat=2):
        h, log_share, missed, unsure = memory.start[0], 0.0, 0.0, 0.0
        for t, place in enumerate(path):
            x = model.embedding(target_in[:, t])
            score = model.v(torch.tanh(keys + model.w_h(h)[:, None]))[0, :, 0]
            log_alpha = torch.log_softmax(score, 0)
            log_share = log_share + log_alpha[place]
            unsure = unsure - (log_alpha.exp() * log_alpha).sum()
            h = model.cell(torch.cat((x, a[:, place]), 1), h)
            logits = model.readout(x + model.l_h(h) + model.l_z(a[:, place]))
            missed = missed - logits.log_softmax(1)[0, target_out[0, t]]
        total = total + log_share.exp() * missed - entropy * unsure * log_share.exp().detach()
    (total / 2).backward()
    return gradients(model)


def estimates(model, images, target_in, target_out, names, draws=200, times=80):
    """Return (times, n) estimates of a gradient, each from a batch of equal pictures."""
    rows, found = torch.zeros(draws, dtype=torch.int64), []
    torch.manual_seed(7)
    for _ in range(times):
        model.zero_grad()
        model.loss(images[rows], target_in[rows], target_out[rows]).backward()
        found.append(gradients(model, *names))
    return torch.stack(found)


@pytest.mark.parametrize(("samples", "mixed"), [(1, 0.0), (2, 0.0), (3, 0.0), (2, 0.5)])
def test_hard_attentions_gradient_is_unbiased(samples, mixed):
    # The estimator of equation 12 against equation 11 with all places enumerated.
    model, *batch = small_world()
    exact = exact_gradient(model, *batch)
    scores = gradients(model, ("v",))
    if mixed:
        model.zero_grad()
        model.attention = "soft"
        model.loss(*batch).backward()
        exact, model.attention = (1 - mixed) * exact + mixed * gradients(model), "hard"
    model.samples, model.mixed = samples, mixed
    found = estimates(model, *batch, ())
    error = found.std(0) / math.sqrt(len(found))
    # One in two million leaves five standard errors, of some two hundred numbers here.
    assert ((found.mean(0) - exact).abs() <= 5 * error + 1e-6).all()
    # Without its second term that of the scores would be zero: far from what is expected.
    assert scores.abs().max() > 10 * error.max()


def test_the_baseline_makes_the_variance_smaller():
    model, images, target_in, target_out = small_world()
    with torch.no_grad():
        model.readout.bias[target_out[0]] -= 6  # words that are unlikely wherever it looks
    spread = {}
    for samples in (1, 2):
        model.samples, draws = samples, 400 // samples
        found = estimates(model, images, target_in, target_out, (("v", "w_h"),), draws, 60)
        spread[samples] = found.var(0).sum().item()
    assert spread[2] < 0.5 * spread[1]


def test_entropy_is_raised():
    # Looking at one place by far, with words that do not depend on it: only the entropy pulls.
    model, images, target_in, target_out = small_world()
    model.entropy = 0.5
    with torch.no_grad():
        model.l_z.weight.zero_()
        model.cell.weight_ih[:, 12:] = 0

    def entropy():
        weights = model(images, target_in)[1]
        return -(weights * weights.log()).sum(2).mean()

    before = entropy()
    model.zero_grad()
    model.samples = 2
    model.loss(images, target_in, target_out).backward()
    ours = gradients(model, ("v", "w_a"))
    model.zero_grad()
    (-0.5 * entropy()).backward()  # a mean over words too
    torch.testing.assert_close(ours, gradients(model, ("v", "w_a")), **TOLERANCE)
    assert before < math.log(2) - 1e-3


def test_equal_draws_for_a_picture_teach_nothing_about_places():
    # Nothing is drawn in `eval`: each reward is its own baseline, and the first term is left.
    model, batch = captioner("hard", mixed=0.0, entropy=0.0), (pictures(), *captions())
    model.loss(*batch).backward()
    ours = gradients(model)
    model.zero_grad()
    (nll(model(*batch[:2])[0], batch[2]).sum() / 13).backward()
    for parameter in model.parameters():
        if parameter.grad is None:  # argmax hands nothing back to the scores
            parameter.grad = torch.zeros_like(parameter)
    torch.testing.assert_close(ours, gradients(model), **TOLERANCE)


def test_mixed_with_certainty_is_soft_attention():
    hard = captioner("hard", mixed=1.0, entropy=0.0).train()
    soft = captioner("soft").train()
    soft.load_state_dict(hard.state_dict())
    batch = (pictures(), *captions())
    for model in (hard, soft):
        model.loss(*batch).backward()
    for ours, theirs in zip(hard.parameters(), soft.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, **TOLERANCE)


def test_equal_seeds_draw_equal_places():
    model, batch = captioner("hard").train(), (pictures(), *captions())
    losses = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        losses.append(model.loss(*batch).item())
    assert losses[0] == losses[1] != losses[2]


def test_doubly_stochastic_by_hand():
    weights = torch.tensor([[[0.5, 0.5], [0.25, 0.75]], [[1.0, 0.0], [0.3, 0.7]]])
    there = torch.tensor([[1.0, 1.0], [1.0, 0.0]])
    # First row: sums 0.75 and 1.25; second: its padding is not counted, sums 1 and 0.
    assert doubly_stochastic(weights, there).tolist() == pytest.approx([2 * 0.25**2, 1.0])


def test_doubly_is_in_the_gradient():
    batch = (pictures(), *captions())
    plain, regular = captioner(), captioner(doubly=0.3)
    losses = [model.loss(*batch) for model in (plain, regular)]
    assert losses[0].item() == pytest.approx(losses[1].item(), 1e-6)
    losses[1].backward()
    weights = plain(batch[0], batch[1])[1]
    penalty = doubly_stochastic(weights, (batch[2] != PAD).float()).sum() / 13
    (losses[0] + 0.3 * penalty).backward()
    torch.testing.assert_close(gradients(regular), gradients(plain), atol=1e-6, rtol=1e-4)


def test_no_state_but_weights():
    # The training loop keeps two moments for everything in the state: there must be no buffers.
    for attention in CAPTION_ATTENTIONS:
        model = captioner(attention)
        assert set(model.state_dict()) == {name for name, _ in model.named_parameters()}
        with torch.device("meta"):
            empty = Captioner(V, 12, attention, channels=(4, 5, 6))
        empty.load_state_dict(model.state_dict(), assign=True)
        batch = pictures(), captions()[0]
        torch.testing.assert_close(empty.eval()(*batch)[0], model(*batch)[0])


def test_there_is_no_other_attention():
    with pytest.raises(ValueError, match="no attention 'firm'"):
        Captioner(V, attention="firm")
