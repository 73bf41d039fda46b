"""Devices and precision: what "auto" becomes, and that it is decided once."""

import pytest

from lab.training import SettingsError, device, train
from lab.training.checkpoint import unpack
from lab.training.device import available, clock, resolve_device, resolve_precision
from lab.training.settings import MODELS


def test_the_cpu_is_always_there():
    assert available()[0] == "cpu"
    assert resolve_device("cpu") == "cpu"


def test_auto_takes_an_accelerator_if_there_is_one(monkeypatch):
    monkeypatch.setattr(device, "available", lambda: ["cpu"])
    assert resolve_device("auto") == "cpu"
    monkeypatch.setattr(device, "available", lambda: ["cpu", "cuda"])
    assert resolve_device("auto") == "cuda"


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(device, "available", lambda: ["cpu"])
    with pytest.raises(SettingsError, match="no 'cuda' device: choose cpu"):
        resolve_device("cuda")


def test_auto_precision_asks_the_hardware(monkeypatch):
    fast = ("cpu",)
    monkeypatch.setattr(device, "has_matrix_hardware", lambda device: True)
    assert resolve_precision("auto", "cpu", fast) == "bfloat16"
    assert resolve_precision("auto", "cpu", ()) == "float32"
    assert resolve_precision("auto", "mps", fast) == "float32"
    assert resolve_precision("float32", "cpu", fast) == "float32"
    monkeypatch.setattr(device, "has_matrix_hardware", lambda device: False)
    assert resolve_precision("auto", "cpu", fast) == "float32"
    assert resolve_precision("bfloat16", "cpu", fast) == "bfloat16"


def test_the_clock_of_a_cpu_counts_work_and_not_waiting():
    now = clock("cpu")
    before = now()
    sum(range(200_000))
    assert now() > before
    assert clock("cuda") is not now


@pytest.mark.parametrize("first", [True, False])
def test_precision_is_decided_at_the_start_of_a_run(first, corpus, small, monkeypatch):
    monkeypatch.setattr(device, "has_matrix_hardware", lambda device: first)
    state = next(train(text=corpus, settings=small(steps=4))).checkpoint()
    # Elsewhere the answer may be another; this run goes on as it began.
    monkeypatch.setattr(device, "has_matrix_hardware", lambda device: not first)
    for event in train(text=corpus, checkpoint=state):
        state = event.checkpoint()
    assert unpack(state).progress.precision == ("bfloat16" if first else "float32")


@pytest.mark.parametrize("model", MODELS)
def test_both_precisions_learn_the_same(model, corpus, small):
    losses = []
    for precision in ("float32", "bfloat16"):
        settings = small(model, steps=30, precision=precision)
        losses.append(list(train(text=corpus, settings=settings))[-1].validation_loss)
    assert losses[0] != losses[1]
    assert losses[0] == pytest.approx(losses[1], abs=0.05)
