"""Slices as the queue of runs calls them: bytes in, bytes and events out, failures as sentences."""

import json

import pytest
import torch

from lab.training import run_slice, train
from lab.training.kind import KIND
from lab.training.language import LanguageTask
from lab.training.slices import OUT_OF_MEMORY, SliceResult, out_of_memory


def run(settings, corpus, seconds=None, steps=None, live=None):
    """Train to the end in slices, through JSON as the queue does."""
    settings = json.loads(json.dumps(settings.to_dict()))
    checkpoint, events = None, []
    for _ in range(100):
        result = run_slice(KIND, settings, corpus, checkpoint, live or {}, seconds, steps)
        assert result.failure is None
        events += json.loads(json.dumps(result.events, allow_nan=False))
        checkpoint = result.checkpoint
        if result.finished:
            return events
    raise AssertionError("no end")


def regular(events):
    return [{**e, "seconds": 0} for e in events if not e["interim"]]


def test_slices_give_the_curve_of_the_whole(corpus, small):
    settings = small("gru", dropout=0.1, steps=40)
    whole = [e.to_dict() for e in train(text=corpus, settings=settings)]
    whole = json.loads(json.dumps(whole))
    assert regular(run(settings, corpus, steps=3)) == regular(whole)
    assert regular(run(settings, corpus, seconds=0.01)) == regular(whole)


def test_each_slice_brings_at_least_one_event(corpus, small):
    settings = small("lstm", steps=20).to_dict()
    result = run_slice(KIND, settings, corpus, None, {}, None, steps=18)
    assert [e["interim"] for e in result.events] == [False] * 17 + [True]
    step = run_slice(KIND, settings, corpus, result.checkpoint, {}, 60.0, steps=1)
    assert [(e["step"], e["interim"]) for e in step.events] == [(19, True)]
    assert step.finished is False
    end = run_slice(KIND, settings, corpus, step.checkpoint, {}, 60.0)
    assert [(e["step"], e["interim"]) for e in end.events] == [(20, False)]
    assert end.finished is True


def test_live_values_may_be_none(corpus, small):
    live = {"learning_rate": None, "temperature": None, "top_k": None, "prompt": None}
    assert run(small(), corpus, steps=10, live=live)[-1]["finished"]
    assert run_slice(KIND, small().to_dict(), corpus, None, None, 0.01).failure is None


def test_divergence_is_a_failure_with_its_curve(corpus, small):
    settings = small("rnn", steps=400, learning_rate=1e30, schedule="constant", precision="float32")
    result = run_slice(KIND, settings.to_dict(), corpus, None, {}, 60.0)
    assert isinstance(result, SliceResult)
    assert "diverged at step" in result.failure
    assert result.events[0]["step"] == 0
    assert (result.checkpoint, result.finished) == (None, False)


def test_a_failure_keeps_the_checkpoint_that_the_slice_began_with(corpus, small):
    settings = small("rnn", steps=400, schedule="constant", precision="float32").to_dict()
    good = run_slice(KIND, settings, corpus, None, {}, None, steps=5).checkpoint
    result = run_slice(KIND, settings, corpus, good, {"learning_rate": 1e30}, 60.0)
    assert "diverged" in result.failure
    assert result.checkpoint == good
    # From there, with a sensible learning rate, it goes on.
    assert (
        run_slice(KIND, settings, corpus, good, {"learning_rate": 1e-3}, None, steps=5).failure
        is None
    )


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate "
                     "memory: you tried to allocate 4000000000000 bytes."),
        RuntimeError("MPS backend out of memory"),
        RuntimeError("std::bad_alloc"),
    ],
)  # fmt: skip
def test_out_of_memory_is_a_sentence(error, corpus, small, monkeypatch):
    def fail(self, model, batch):
        raise error

    good = run_slice(KIND, small().to_dict(), corpus, None, {}, None, steps=3)
    monkeypatch.setattr(LanguageTask, "loss", fail)
    result = run_slice(KIND, small().to_dict(), corpus, good.checkpoint, {}, 60.0)
    assert result == (good.checkpoint, [], False, OUT_OF_MEMORY)
    assert "smaller" in OUT_OF_MEMORY


def test_torchs_own_allocator_error_is_recognised():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert out_of_memory(caught.value)


def test_other_errors_are_not_hidden(corpus, small, monkeypatch):
    def fail(self, model, batch):
        raise RuntimeError("a mistake in the program")

    monkeypatch.setattr(LanguageTask, "loss", fail)
    with pytest.raises(RuntimeError, match="a mistake"):
        run_slice(KIND, small().to_dict(), corpus, None, {}, 60.0)


def test_settings_and_checkpoints_that_cannot_be_are_failures(corpus, small):
    settings = small().to_dict()
    assert (
        "learning_rate"
        in run_slice(KIND, {**settings, "learning_rate": -1.0}, corpus, None, {}, 1.0).failure
    )
    assert "Glasshouse" in run_slice(KIND, settings, corpus, b"something else", {}, 1.0).failure
    assert (
        "validation part"
        in run_slice(KIND, {**settings, "block": 4000}, corpus, None, {}, 1.0).failure
    )


def test_a_device_that_is_not_there_is_a_failure(corpus, small, monkeypatch):
    monkeypatch.setattr("lab.training.device.available", lambda: ["cpu"])
    result = run_slice(KIND, {**small().to_dict(), "device": "mps"}, corpus, None, {}, 1.0)
    assert "no 'mps' device" in result.failure
