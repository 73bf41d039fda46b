"""Random numbers found by counting: each use has its own, and gets them again when asked again."""

import numpy as np
import pytest
import torch

from lab.training.language import LanguageTask
from lab.training.randomness import (
    BATCHES,
    CHUNK,
    DROPOUT,
    SAMPLE,
    WEIGHTS,
    own_torch_randomness,
    stream,
    torch_seed,
)


def test_the_same_use_gets_the_same_numbers():
    one, two = (stream(7, BATCHES, 3).integers(1000, size=50) for _ in range(2))
    assert one.tolist() == two.tolist()


def test_every_use_has_its_own_numbers():
    uses = [(seed, use, number) for seed in (0, 1) for use in range(4) for number in (0, 1, 2)]
    drawn = {tuple(stream(*use).integers(2**31, size=4).tolist()) for use in uses}
    assert len({BATCHES, DROPOUT, SAMPLE, WEIGHTS}) == 4
    assert len(drawn) == len(uses)


def test_streams_do_not_overlap():
    # The next number counts from far away: a chunk may take 2**192 blocks before it gets there.
    long = stream(0, BATCHES, 0).integers(2**62, size=100_000)
    following = stream(0, BATCHES, 1).integers(2**62, size=1000)
    assert not np.isin(following, long).any()


def test_torch_seeds_differ_from_step_to_step():
    assert len({torch_seed(0, DROPOUT, step) for step in range(100)}) == 100


@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_every_seed_can_be_used(seed):
    torch.manual_seed(torch_seed(seed, WEIGHTS))
    stream(seed, SAMPLE, 10**12).random(3)


def test_torchs_own_numbers_go_on_as_if_nothing_had_been():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    with own_torch_randomness("cpu"):
        torch.manual_seed(1)
        torch.rand(10)
    assert torch.equal(torch.rand(3), expected)


def test_batches_are_windows_of_the_training_part(corpus, small):
    task = LanguageTask(small("lstm", block=12, batch=4), corpus)
    batch = task.batch(5)
    assert batch.shape == (4, 13)
    text = corpus.tokenizer.decode(corpus.train)
    assert all(corpus.tokenizer.decode(row) in text for row in batch.numpy())


def test_batches_depend_on_seed_and_step_alone(corpus, small):
    one, two = (LanguageTask(small("lstm"), corpus) for _ in range(2))
    steps = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 10 * CHUNK + 1]
    forth = {step: one.batch(step) for step in steps}
    back = {step: two.batch(step) for step in reversed(steps)}
    assert all(torch.equal(forth[step], back[step]) for step in steps)
    assert len({tuple(forth[step].flatten().tolist()) for step in steps}) == len(steps)
    other = LanguageTask(small("lstm", seed=1), corpus)
    assert not torch.equal(other.batch(0), forth[0])


def test_batches_reach_every_place_of_the_text(corpus, small):
    settings = small("lstm", block=12, batch=64)
    task = LanguageTask(settings, corpus)
    windows = len(corpus.train) - 12  # of a block and the token after it
    starts = np.concatenate([task.drawn(step, windows) for step in range(CHUNK)])
    assert all(
        torch.equal(task.batch(step), task._windows[task.drawn(step, windows)]) for step in (0, 9)
    )
    assert (starts.min(), starts.max()) == (0, len(corpus.train) - 13)
