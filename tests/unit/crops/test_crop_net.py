"""The network at work: scaling, Eq. 3, what is frozen, files, maps."""

import numpy as np
import pytest
import torch

from lab.crops.network import net
from lab.crops.network.layers import FEATURES, METHODS, layers, parameters, trains, widths
from lab.crops.stack import CropError, Stack
from lab.models.recurrent_unet import RecurrentUNet

torch.set_num_threads(1)


def model(channels=1, width=1):
    torch.manual_seed(0)
    return RecurrentUNet(channels, widths(width), dropout=0.0).eval()


def stack(height=40, width=56, bands=("VH", "VV"), seed=0):
    random = np.random.default_rng(seed)
    values = random.normal(-16, 3, (len(bands), 8, height, width)).astype(np.float32)
    return Stack("A place", values, bands)


def test_scaling_by_hand():
    values = np.full((2, 1, 1, 2), -17.5)
    values[0, 0, 0, 1] = np.nan
    found = net.scale(values)
    assert found.shape == (1, 2, 1, 2)
    assert found.dtype == np.float32
    # VH: the centre, and no data; VV: 6 dB below its centre of -11.5, of 4 dB each.
    assert found[0].tolist() == [[[0.0, 0.0]], [[-1.5, -1.5]]]
    assert net.scale(values[:1], ("VV",))[0, 0, 0, 0] == -1.5


def test_a_second_channel_leaves_every_activation_as_it_was():
    one, two = model(), model(2)
    two.load_state_dict(net.add_channel(one.state_dict()))
    x = torch.randn(2, 8, 1, 16, 16)
    twice = x.repeat(1, 1, 2, 1, 1)
    with torch.no_grad():
        bottom, skips = one.encode(x)
        bottom2, skips2 = two.encode(twice)
        for a, b in zip((bottom, *skips, one(x)), (bottom2, *skips2, two(twice)), strict=True):
            torch.testing.assert_close(a, b)
    first, second = one.encoder[0].conv, two.encoder[0].conv
    assert torch.equal(second.weight[:, :1] * 2, first.weight)
    assert torch.equal(second.weight[:, 1:] * 2, first.weight)
    assert torch.equal(second.bias, first.bias)
    with pytest.raises(CropError, match="2 channels already"):
        net.add_channel(two.state_dict())


def test_three_channels_share_by_three():
    state = {net.FIRST: torch.full((1, 1, 3, 3), 3.0)}
    assert torch.equal(net.add_channel(state, 3)[net.FIRST], torch.ones(1, 3, 3, 3))


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("width", [1, 4, 16])
def test_the_list_of_layers_is_the_network(width, features):
    with torch.device("meta"):
        network = RecurrentUNet(len(FEATURES[features]), widths(width))
    convolutions = {
        name: module
        for name, module in network.named_modules()
        if isinstance(module, torch.nn.Conv2d)
    }
    listed = layers(width, features)
    assert [layer.name for layer in listed] == list(convolutions)
    for layer in listed:
        module = convolutions[layer.name]
        assert (layer.inputs, layer.outputs) == (module.in_channels, module.out_channels)
        assert layer.parameters == sum(p.numel() for p in module.parameters())
        assert layer.part == layer.name.split(".")[0]


@pytest.mark.parametrize(
    ("method", "free"),
    [
        ("zero", []),
        ("last1", ["decoder.head"]),
        ("last2", ["decoder.levels.3.second", "decoder.head"]),
        ("last3", ["decoder.levels.3.first", "decoder.levels.3.second", "decoder.head"]),
    ],
)
def test_the_last_layers_are_those_nearest_to_the_answer(method, free):
    assert [layer.name for layer in layers() if trains(method, layer.name)] == free


def test_encoder_and_decoder_share_the_network():
    every = {layer.name for layer in layers()}
    down, up = ({name for name in every if trains(m, name)} for m in ("FT_E", "FT_D"))
    assert down | up == every
    assert not down & up
    assert "bottleneck" in down
    assert all(trains(method, name) for method in ("RI", "FT") for name in every)
    assert parameters("FT") == (264_009, 264_009)
    assert parameters("FT_E")[0] + parameters("FT_D")[0] == 264_009
    assert parameters("last1") == (5, 264_009)
    assert parameters("FT", 4, "VH+VV") == (264_045, 264_045)


@pytest.mark.parametrize("method", METHODS)
def test_freezing_is_by_the_list(method):
    network = net.freeze(model(), method)
    for name, parameter in network.named_parameters():
        assert parameter.requires_grad == trains(method, name)


def test_weights_come_back_from_half_precision(tmp_path):
    saved = model()
    path = net.save(saved, "here", {"steps": 3}, tmp_path)
    assert path.stat().st_size < 2.5 * sum(p.numel() for p in saved.parameters()) + 9_000
    found = net.load("here", tmp_path)
    for name, tensor in saved.state_dict().items():
        assert torch.equal(found.state_dict()[name], tensor.half().float())
    assert not found.training
    assert not any(p.requires_grad for p in found.parameters())


@pytest.mark.parametrize("name", ["nowhere", "../masked/model", ""])
def test_there_are_no_other_weights(name):
    with pytest.raises(CropError, match="no weights called"):
        net.load(name)


def test_a_map_of_any_size_is_what_the_network_says():
    network, place = model(2), stack()
    found = net.probabilities(network, place)
    assert found.shape == (40, 56)
    assert found.dtype == np.float32
    values = np.pad(net.scale(place.values), [(0, 0), (0, 0), (0, 8), (0, 8)], mode="edge")
    with torch.no_grad():
        expected = torch.sigmoid(network(torch.from_numpy(values)[None]))[0, :40, :56].numpy()
    np.testing.assert_array_equal(found, expected)
    vh = net.probabilities(model(1), place)
    np.testing.assert_array_equal(vh, net.probabilities(model(1), place.take(("VH",))))


def test_tiles_cover_a_scene_once_and_read_beyond_their_edges():
    covered = np.zeros((100, 70), int)
    for read, inner, place in net._windows((100, 70), 32):
        covered[place] += 1
        corner = [r.start + i.start for r, i in zip(read, inner, strict=True)]
        assert corner == [p.start for p in place]
        for r, i, p, size in zip(read, inner, place, (100, 70), strict=True):
            assert i.stop - i.start == p.stop - p.start
            assert r.start % 16 == 0
            assert r.start == max(0, p.start - net.MARGIN)
            assert r.stop == min(size, p.start + 32 + net.MARGIN)
    assert (covered == 1).all()


def test_tiles_say_almost_what_the_whole_says():
    network, place = model(1), stack(224, 48, ("VH",))
    whole, tiled = (net.probabilities(network, place, tile) for tile in (512, 64))
    # The bottom row of the network sees 180 pixels far, but hardly so.
    np.testing.assert_allclose(tiled, whole, atol=0.02)
    assert whole.std() > 0.001


def test_what_cannot_be_read_gets_one_sentence():
    with pytest.raises(CropError, match="no VV"):
        net.probabilities(model(2), stack(bands=("VH",)))
    short = stack(bands=("VH",))
    short = Stack("Half a season", short.values[:, :4], ("VH",), short.periods[:4])
    with pytest.raises(CropError, match="8 composites, and Half a season has 4"):
        net.probabilities(model(1), short)


def test_a_map_leaves_the_network_in_the_mode_it_was_in():
    network = model(1).train()
    net.probabilities(network, stack(16, 16))
    assert network.training
