"""The task: batches by step, sizes that grow, a loss that falls, slices equal to the whole."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from lab.masked.rows import Rows
from lab.masked.settings import MaskedSettings
from lab.masked.task import MaskedTask, train
from lab.masked.vocabulary import CLS, SEP, SPECIAL
from lab.training.checkpoint import unpack
from lab.training.hyperparameters import SettingsError
from lab.training.loop import fit

V = 25


def cyclic(count: int, length: int, seed: int) -> np.ndarray:
    """Rows that count upwards from a random start: a neighbour tells what is hidden."""
    start = np.random.default_rng(seed).integers(0, V - 5, (count, 1))
    rows = 5 + (start + np.arange(length)) % (V - 5)
    rows[:, 0], rows[:, -1] = CLS, SEP
    return rows.astype(np.uint16)


@pytest.fixture
def rows():
    tokens = (*SPECIAL, *(f"w{n}" for n in range(V - 6)), "he")
    train = {length: cyclic(40, length, length) for length in (8, 12, 16)}
    return Rows(train, {12: cyclic(30, 12, 99), 16: cyclic(20, 16, 98)}, tokens)


@pytest.fixture
def settings():
    return MaskedSettings.of(
        layers=2, width=32, heads=8, context=16, batch=256, growth=2, warmup=5, steps=60,
        learning_rate=5e-3, device="cpu", precision="float32",
    )  # fmt: skip


def test_batches_grow_and_are_counted(rows, settings):
    assert [settings.batch_at(step) for step in range(6)] == [64, 64, 128, 128, 256, 256]
    assert [settings.tokens_until(step) for step in range(7)] == [0, 64, 128, 256, 384, 640, 896]
    for step in range(6):
        ids = MaskedTask(settings, rows).batch(step).ids
        assert abs(ids.numel() - settings.batch_at(step)) <= ids.shape[1] / 2


def test_a_batch_is_a_function_of_seed_and_step(rows, settings):
    task, again = MaskedTask(settings, rows), MaskedTask(settings, rows)
    for step in (7, 3):
        assert all(
            torch.equal(a, b) for a, b in zip(task.batch(step), again.batch(step), strict=True)
        )
    other = MaskedTask(settings.changed(seed=1), rows)
    assert any(not torch.equal(task.batch(s).ids, other.batch(s).ids) for s in range(3))


def test_lengths_come_as_often_as_their_tokens(rows, settings):
    task = MaskedTask(settings.changed(growth=1), rows)
    seen = np.array([task.batch(step).ids.shape[1] for step in range(600)])
    shares = [(seen == length).mean() for length in (8, 12, 16)]
    assert shares == pytest.approx([8 / 36, 12 / 36, 16 / 36], abs=0.08)  # four deviations


def test_long_rows_are_left_out_of_a_short_context(rows, settings):
    task = MaskedTask(settings.changed(context=12), rows)
    assert set(task.train) == {8, 12}
    with pytest.raises(ValueError, match="too short"):
        MaskedTask(settings.changed(context=9), rows)


def test_the_loss_is_cross_entropy_at_the_chosen_places(rows, settings):
    task = MaskedTask(settings, rows)
    torch.manual_seed(0)
    model, batch = task.build(), task.batch(9)
    logits = model(batch.ids).flatten(0, 1)[batch.places]
    by_hand = -torch.log_softmax(logits, 1)[torch.arange(len(batch.targets)), batch.targets].mean()
    torch.testing.assert_close(task.loss(model, batch), by_hand)
    assert F.cross_entropy(logits, batch.targets) > 2


def test_it_learns_what_a_neighbour_tells(rows, settings):
    events = [
        e
        for e in fit(MaskedTask(settings.changed(steps=250), rows))
        if e.validation_loss is not None
    ]
    assert events[0].validation_loss == pytest.approx(math.log(V - 5), abs=0.5)
    assert events[-1].validation_loss < 1.0
    assert events[-1].metrics["top1"] > 0.6


def test_slices_give_the_weights_of_the_whole(rows, settings):
    settings = settings.changed(steps=12)
    whole = list(fit(MaskedTask(settings, rows)))[-1].checkpoint()
    part = list(fit(MaskedTask(settings, rows), slice_steps=5))[-1].checkpoint()
    rest = list(fit(MaskedTask(settings, rows), unpack(part, MaskedSettings)))[-1].checkpoint()
    one, two = (unpack(data, MaskedSettings).tensors for data in (whole, rest))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_the_tokens_of_a_run_are_those_of_its_grown_batches(rows, settings):
    events = list(fit(MaskedTask(settings.changed(steps=6), rows), slice_steps=1))
    assert [(event.step, event.tokens) for event in events] == [(0, 0), (1, 64)]
    assert list(fit(MaskedTask(settings.changed(steps=6), rows)))[-1].tokens == 896
    assert list(fit(MaskedTask(settings.changed(tokens=640), rows)))[-1].step == 5


def test_training_goes_on_from_a_checkpoint(rows, settings):
    settings = settings.changed(steps=8)
    whole = list(train(rows, settings=settings))[-1].checkpoint()
    part = next(e for e in train(rows, settings=settings.changed(steps=3)) if e.finished)
    rest = list(train(rows, checkpoint=part.checkpoint(), steps=8))
    assert rest[0].step > 3
    one, two = (unpack(data, MaskedSettings).tensors for data in (whole, rest[-1].checkpoint()))
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_settings_that_cannot_be(settings):
    with pytest.raises(SettingsError, match="divisible"):
        settings.changed(heads=5)
    with pytest.raises(SettingsError, match="share must lie between 0 and 1"):
        settings.changed(share=1.0)
    assert MaskedSettings.from_json(settings.to_json()) == settings
