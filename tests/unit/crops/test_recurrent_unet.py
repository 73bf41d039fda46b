"""The recurrent U-Net: sizes as published, the recurrence against torch's, shapes, what learns."""

import pytest
import torch
from torch import nn

from lab.models.recurrent_unet import LARGE, SMALL, Level, RecurrentUNet, stages

torch.set_num_threads(1)


def tiny(**changes):
    torch.manual_seed(0)
    return RecurrentUNet(**{"widths": (1, 2), "dropout": 0.0, "images": 4, **changes})


@pytest.mark.parametrize(("widths", "count"), [(LARGE, 4_220_001), (SMALL, 264_009)])
def test_it_has_as_many_parameters_as_the_papers(widths, count):
    with torch.device("meta"):
        model = RecurrentUNet(1, widths)
    assert sum(p.numel() for p in model.parameters()) == count


def test_the_large_one_joins_what_the_drawing_joins():
    with torch.device("meta"):
        model = RecurrentUNet(1, LARGE)
    assert model.bottleneck.in_channels == 1024
    assert [up.first.in_channels for up in model.decoder.levels] == [768, 384, 192, 96]
    assert model.decoder.head.out_channels == 1


def test_the_recurrence_is_torchs_where_pixels_do_not_mix():
    level, rnn = Level(2, 2, 0.0), nn.RNN(2, 2, nonlinearity="relu")
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter.abs_()  # what is positive is not bent
        for conv in (level.conv, level.see, level.remember):
            conv.weight.zero_()
        level.conv.weight[:, :, 1, 1] = torch.eye(2)
        level.conv.bias.zero_()
        level.see.weight[:, :, 1, 1] = rnn.weight_ih_l0
        level.remember.weight[:, :, 1, 1] = rnn.weight_hh_l0
        level.see.bias.copy_(rnn.bias_ih_l0 + rnn.bias_hh_l0)
    x = torch.rand(5, 1, 2, 4, 4)  # positive too
    states, pooled = level(x)
    one_by_one = x[:, 0].flatten(2).transpose(1, 2)  # (T, pixels, channels)
    expected, _ = rnn(one_by_one)
    found = states[:, 0].flatten(2).transpose(1, 2)
    torch.testing.assert_close(found, expected)
    blocks = states.unflatten(4, (2, 2)).unflatten(3, (2, 2))
    torch.testing.assert_close(pooled, blocks.amax((4, 6)))


def test_a_state_by_hand():
    level = Level(1, 1, 0.0)
    with torch.no_grad():
        for conv, value in ((level.conv, 1.0), (level.see, 2.0), (level.remember, 0.5)):
            conv.weight.zero_()
            conv.weight[0, 0, 1, 1] = value
        level.conv.bias.zero_()
        level.see.bias.fill_(-1.0)
    x = torch.tensor([1.0, 0.0, 3.0]).reshape(3, 1, 1, 1, 1).expand(3, 1, 1, 2, 2)
    states, _ = level(x)
    # 2 * 1 - 1 = 1; 0.5 * 1 - 1 = -0.5, of which a tenth; 2 * 3 - 1 + 0.5 * -0.05 = 4.975
    assert states[:, 0, 0, 0, 0].tolist() == pytest.approx([1.0, -0.05, 4.975])


def test_a_stage_keeps_the_larger_of_its_two_images():
    h = torch.tensor([[1.0, 9.0], [4.0, 2.0], [0.0, 0.0], [-1.0, 3.0]])  # (T, c)
    found = stages(h.reshape(4, 1, 2, 1, 1))
    assert found.flatten().tolist() == [4.0, 9.0, 0.0, 3.0]


@pytest.mark.parametrize(("channels", "images"), [(1, 8), (2, 4)])
def test_shapes(channels, images):
    model = tiny(channels=channels, images=images).eval()
    x = torch.randn(3, images, channels, 8, 12)
    bottom, skips = model.encode(x)
    assert bottom.shape == (3, 4, 2, 3)
    half = images // 2
    assert [s.shape for s in skips] == [(3, half, 8, 12), (3, 2 * half, 4, 6)]
    assert model(x).shape == (3, 8, 12)
    torch.testing.assert_close(model(x[1:2])[0], model(x)[1])


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((1, 8, 1, 8, 8), r"reads \(B, 4, 1, H, W\)"),
        ((1, 4, 2, 8, 8), r"reads \(B, 4, 1, H, W\)"),
        ((4, 1, 8, 8), "reads"),
        ((1, 4, 1, 8, 6), "multiples of 4"),
    ],
)
def test_another_shape_gets_one_sentence(shape, said):
    with pytest.raises(ValueError, match=said):
        tiny()(torch.zeros(shape))


def test_an_odd_number_of_images_makes_no_stages():
    with pytest.raises(ValueError, match="3 is odd"):
        tiny(images=3)


def test_the_order_of_the_images_matters():
    model = tiny(widths=(2, 4)).eval()
    x = torch.randn(1, 4, 1, 8, 8)
    assert not torch.allclose(model(x), model(x[:, [2, 3, 0, 1]]))


def test_every_weight_learns_and_the_first_answer_is_near_one_half():
    torch.manual_seed(1)
    model = RecurrentUNet(2, (2, 4, 4, 4))
    logits = model(torch.randn(4, 8, 2, 32, 32))
    assert logits.detach().abs().mean() < 1
    logits.square().mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_a_frozen_encoder_drops_nothing_and_keeps_nothing():
    model, x = tiny(widths=(4, 4), dropout=0.5), torch.randn(1, 4, 1, 8, 8)
    drops = model.encode(x)[0]
    model.encoder.requires_grad_(False)
    model.bottleneck.requires_grad_(False)
    model.train()
    first, second = model.encode(x)[0], model.encode(x)[0]
    assert torch.equal(first, second)
    assert not torch.equal(first, drops)
    assert not first.requires_grad
    assert model(x).requires_grad
    assert model.decoder.training
