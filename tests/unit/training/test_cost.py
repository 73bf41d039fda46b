"""Costs by hand. That parameters equal the built models is tested beside the models."""

import pytest

from lab.training.cost import energy, flops_per_token, memory, parameters
from lab.training.settings import Settings


def test_lstm_parameters_by_hand():
    # Embedding 65 x 128; four gates of two 128 x 128 matrices and two biases; read-out.
    settings = Settings.default("lstm", width=128, layers=1)
    expected = 65 * 128 + 4 * (2 * 128 * 128 + 2 * 128) + 128 * 65 + 65
    assert parameters(settings, 65) == expected == 148_801


def test_gru_and_rnn_have_three_quarters_and_one_quarter_of_an_lstms_cell():
    cells = []
    for model in ("lstm", "gru", "rnn"):
        one, two = (Settings.default(model, width=64, layers=n) for n in (1, 2))
        cells.append(parameters(two, 65) - parameters(one, 65))
    assert cells == [4 * 8320, 3 * 8320, 8320]


def test_flops_of_a_recurrent_network_are_six_for_each_weight_used():
    settings = Settings.default("rnn", width=10, layers=1)
    used = parameters(settings, 50) - 50 * 10  # looking up a row of the embedding costs nothing
    assert flops_per_token(settings, 50) == 6 * used


def test_flops_of_a_transformer_grow_with_the_block():
    short = Settings.default("transformer", layers=2, width=128, block=64, positions="alibi")
    long = short.changed(block=128)
    # Kaplan et al. 2020: 2 n_layer n_ctx d_attn per token forward, and twice that backward.
    assert flops_per_token(long, 65) - flops_per_token(short, 65) == 3 * 2 * 2 * 64 * 128
    learned = short.changed(positions="learned")
    assert flops_per_token(learned, 65) == flops_per_token(short, 65)


def test_energy_is_power_times_time():
    assert energy(3600) == 15
    assert energy(60, watts=30) == 0.5


@pytest.mark.parametrize("model", ["mlp", "rnn", "gru", "lstm", "transformer"])
def test_memory_grows_with_the_batch(model):
    small = Settings.default(model, batch=8)
    assert memory(small.changed(batch=80), 65) > 3 * memory(small, 65) > 0
