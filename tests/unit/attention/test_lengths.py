"""Paths, memory and slopes are known by hand; a time is never asserted."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
import torch
from torch.nn import functional as F

from lab.attention import lengths, sequence_layers
from lab.attention.lengths import KINDS, LengthsError, crossing, measure, path_length, slope

WIDTH, HEADS = 16, 2


def layers_needed(length: int, kernel: int, dilated: bool) -> int:
    """Stack convolutions of ones until the last output depends on the first token."""
    x = torch.zeros(1, 1, length)
    x[0, 0, 0] = 1
    ones, layers = torch.ones(1, 1, kernel), 0
    while x[0, 0, -1] == 0:
        gap = (kernel // 2 + 1) ** layers if dilated else 1
        x = F.conv1d(x, ones, padding=gap * (kernel // 2), dilation=gap)
        layers += 1
    return layers


@pytest.mark.parametrize("kernel", [3, 5, 7])
@pytest.mark.parametrize("length", [1, 2, 5, 6, 14, 15, 40, 41, 42])
def test_paths_of_convolutions_are_those_of_real_ones(length, kernel):
    assert path_length("conv", length, kernel) == layers_needed(length, kernel, False)
    assert path_length("dilated", length, kernel) == layers_needed(length, kernel, True)


def test_paths_by_hand():
    assert [path_length(kind, 4096) for kind in ("rnn", "conv", "attention")] == [4095, 4095, 1]
    assert path_length("conv", 4096, kernel=9) == 1024
    # Three layers with gaps of 1, 2 and 4 reach 7 places.
    assert [path_length("dilated", length) for length in (8, 9)] == [3, 4]
    assert path_length("attention", 1) == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(("gru", 5), "none of"), (("rnn", 0), "at least one"), (("conv", 5, 4), "odd kernel")],
)
def test_paths_that_cannot_be(arguments, word):
    with pytest.raises(LengthsError, match=word):
        path_length(*arguments)


def layer(kind: str):
    return sequence_layers.build(kind, WIDTH, HEADS, kernel=3, seed=1)


@pytest.mark.parametrize("length", [8, 64])
def test_memory_by_hand(length):
    x = torch.randn(1, length, WIDTH)
    one = length * WIDTH * 4  # bytes of one (T, C)
    square = HEADS * length * length * 4  # bytes of one (nh, T, T)
    held = {kind: sequence_layers.peak_bytes(layer(kind), x) for kind in KINDS}
    # Queries, keys, values and the weighted sum stand beside scores and weights.
    assert held["attention"] == 2 * square + 4 * one
    # Queries, keys, values, the weighted sum and the output; no (T, T) at all.
    assert held["fused"] == 5 * one
    assert held["conv"] == one
    # What the input brings to each step, the steps, the steps in one piece; and the first state.
    assert held["rnn"] == 3 * one + WIDTH * 4
    for kind, order in KINDS.items():
        assert held[kind] >= lengths.least_bytes(kind, length, WIDTH, HEADS), order.name


def test_views_are_free_and_what_is_dropped_is_taken_off():
    x = torch.zeros(10)
    with sequence_layers.LiveMemory([x]) as live:
        a = x + 1  # 40 bytes
        b = a.view(2, 5).T  # a view
        assert (live.now, live.peak) == (40, 40)
        a = a + 1  # 80; the first is still looked at by b
        assert live.now == 80
        del b
        assert (live.now, live.peak) == (40, 80)
        x.add_(a)
        assert (live.now, live.peak) == (40, 80)


def test_the_layers_are_what_they_are_called():
    x = torch.randn(2, 7, WIDTH)
    attention, fused = layer("attention"), layer("fused")
    oracle = torch.nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
    oracle.in_proj_weight.data, oracle.in_proj_bias.data = (
        attention.qkv.weight.data,
        attention.qkv.bias.data,
    )
    oracle.out_proj.load_state_dict(attention.out.state_dict())
    assert torch.allclose(attention(x), oracle(x, x, x)[0], atol=1e-5)
    assert torch.allclose(attention(x), fused(x), atol=1e-5)  # the seed is the same

    recurrent = layer("rnn")
    w_ih, w_hh, b_ih, b_hh = recurrent.rnn.all_weights[0]
    h = torch.zeros(2, WIDTH)
    for t in range(7):
        h = torch.tanh(x[:, t] @ w_ih.T + b_ih + h @ w_hh.T + b_hh)
    assert torch.allclose(recurrent(x)[:, -1], h, atol=1e-5)

    changed = x.clone()
    changed[:, 0] += 1
    moved = (layer("conv")(changed) - layer("conv")(x)).abs().amax(dim=(0, 2)) > 0
    assert moved.tolist() == [True, True] + [False] * 5


@pytest.mark.parametrize("kind", KINDS)
def test_measuring(kind):
    found = measure(kind, [4, 8, 16], width=WIDTH, heads=HEADS, repeats=3)
    assert found["stopped"] == ""
    assert [point["length"] for point in found["points"]] == [4, 8, 16]
    for point in found["points"]:
        assert 0 < point["low"] <= point["ms"] <= point["high"]
        assert point["repeats"] == 3
        x = torch.zeros(1, point["length"], WIDTH)
        assert point["bytes"] == sequence_layers.peak_bytes(layer(kind), x)


def test_it_stops_before_a_length_that_needs_too_much_memory():
    # Two times 2 heads x 32 x 32 x 4 bytes = 16,384; for 64 tokens four times that.
    found = measure("attention", [32, 64, 128], WIDTH, HEADS, repeats=3, most_bytes=65_535)
    assert [point["length"] for point in found["points"]] == [32]
    assert "stops before 64 tokens" in found["stopped"]
    whole = measure("attention", [32, 64], WIDTH, HEADS, repeats=3, most_bytes=65_536)
    assert whole["stopped"] == ""


def test_it_stops_when_the_seconds_are_used_up():
    found = measure("conv", [4, 8, 16], WIDTH, HEADS, repeats=3, seconds=0.0)
    assert [point["length"] for point in found["points"]] == [4]
    assert "stops before 8 tokens" in found["stopped"]


def test_one_seed_is_one_layer():
    one, again, other = (
        sequence_layers.build("attention", WIDTH, HEADS, 3, seed).qkv.weight for seed in (1, 1, 2)
    )
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"kind": "dilated"}, "not measured"),
        ({"lengths": [8, 4]}, "ascending"),
        ({"lengths": [8, 100_000]}, "ascending"),
        ({"lengths": []}, "at least one"),
        ({"width": 10, "heads": 3}, "divides"),
        ({"width": 4096}, "up to 1,024"),
        ({"kernel": 2}, "odd kernel"),
    ],
)
def test_what_cannot_be_measured(arguments, word):
    with pytest.raises(LengthsError, match=word):
        measure(**{"kind": "conv", "lengths": [4], **arguments})


def test_the_slope_is_the_power_of_the_upper_half():
    some = [2**power for power in range(8)]
    assert slope(some, [3 * n**1.5 for n in some]) == pytest.approx(1.5)
    # A fixed cost hides the power of short lengths; what they cost does not count.
    flat = [100.0 if n < 16 else float(n * n) for n in some]
    assert slope(some, flat) == pytest.approx(2)
    assert slope([10, 100], [5, 50]) == pytest.approx(1)


@pytest.mark.parametrize(("x", "y"), [([1], [1]), ([1, 2], [1]), ([1, 2], [0, 1])])
def test_slopes_that_cannot_be(x, y):
    with pytest.raises(LengthsError):
        slope(x, y)


def test_where_one_curve_overtakes_the_other():
    some = [10, 100, 1000]
    # n^2 / 100 and n meet at 100; with 400 below, at 400: straight lines on logarithmic axes.
    assert crossing(some, [n * n / 400 for n in some], some) == pytest.approx(400)
    assert crossing(some, some, [n * n / 400 for n in some]) is None
    assert crossing(some, [1, 1, 1], [2, 2, 2]) is None
    # It overtakes twice; the last time counts, half way (in logarithms) from 1,000 to 10,000.
    more = [*some, 10_000]
    assert math.isclose(crossing(more, [1, 4, 1, 4], [2] * 4), 1000 * math.sqrt(10))
    assert crossing(more, [1, 4, 4, 1], [2] * 4) is None  # below again in the end


def test_importing_it_brings_no_torch():
    code = "import sys, lab.attention.lengths; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
