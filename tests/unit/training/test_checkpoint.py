"""Checkpoints: what comes out is what went in, and anything else is refused in one sentence."""

import json
import pickle
import struct
from dataclasses import replace

import pytest
import torch

from lab.text import Corpus
from lab.training import CheckpointError, train
from lab.training.checkpoint import FORMAT, pack, unpack


@pytest.fixture(scope="module")
def checkpoint(corpus):
    for event in train("lstm", corpus, width=8, block=8, batch=2, steps=9, sample_length=5):
        state = event.checkpoint()
    return state


def parts(data):
    """Return header and tensors of a safetensors file."""
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def joined(header, tensors):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + tensors


def with_metadata(data, **changes):
    header, tensors = parts(data)
    head = json.loads(header["__metadata__"]["glasshouse"]) | changes
    return joined({**header, "__metadata__": {"glasshouse": json.dumps(head)}}, tensors)


def metadata(data):
    return json.loads(parts(data)[0]["__metadata__"]["glasshouse"])


def test_round_trip_is_bit_exact(checkpoint):
    state = unpack(checkpoint)
    assert pack(state) == checkpoint
    again = unpack(pack(state))
    assert again.settings == state.settings
    assert again.progress == state.progress
    for name, tensor in state.tensors.items():
        assert torch.equal(tensor.view(torch.int32), again.tensors[name].view(torch.int32))


def test_it_holds_weights_moments_settings_and_counters(checkpoint, corpus):
    state = unpack(checkpoint)
    assert state.settings.width == 8
    assert (state.progress.step, state.progress.reported) == (9, 9)
    assert state.identity == corpus.digest
    assert json.loads(state.about["tokenizer"])["kind"] == "character"
    assert {name.split(".")[0] for name in state.tensors} == {"model", "mean", "square"}
    assert state.tensors["square.readout.weight"].min() >= 0
    assert state.tensors["mean.readout.weight"].abs().max() > 0


def test_tensors_begin_where_fresh_ones_do(checkpoint):
    # See `unpack`: a matrix at an odd address may be multiplied in another order.
    assert all(tensor.data_ptr() % 64 == 0 for tensor in unpack(checkpoint).tensors.values())


def test_going_on_from_a_file_equals_going_on_from_memory(checkpoint, corpus, tmp_path):
    path = tmp_path / "run.safetensors"
    path.write_bytes(checkpoint)
    one = list(train(text=corpus, checkpoint=path.read_bytes(), steps=20))
    two = list(train(text=corpus, checkpoint=checkpoint, steps=20))
    assert one[-1].train_loss == two[-1].train_loss


@pytest.mark.parametrize("keep", [0, 5, 9, 40, 400, -1, -400])
def test_a_truncated_file_is_refused(keep, checkpoint):
    with pytest.raises(CheckpointError):
        unpack(checkpoint[:keep])


def test_bytes_behind_the_end_are_refused(checkpoint):
    with pytest.raises(CheckpointError, match="damaged"):
        unpack(checkpoint + b"\0")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        pickle.dumps({"weights": [1, 2, 3]}),
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 2**63) + b"{" + bytes(100),
        struct.pack("<Q", 200_000) + b"[" * 200_000,
        struct.pack("<Q", 200_005) + b'{"a":' + b"[" * 200_000,
        struct.pack("<Q", 9) + b'{"a": 1}  ',
        joined({"__metadata__": ["format"]}, b""),
        joined({"__metadata__": {"format": "pt"}}, b""),
        joined({"__metadata__": {"glasshouse": "[" * 100_000}}, b""),
        joined({"__metadata__": {"glasshouse": "3"}}, b""),
        joined({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
    ],
)
def test_foreign_files_are_refused(data):
    with pytest.raises(CheckpointError, match=r"not a checkpoint of a Glasshouse run\.$"):
        unpack(data)


def test_no_pickle_is_ever_read(corpus):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was read",))

    with pytest.raises(CheckpointError):
        train(text=corpus, checkpoint=pickle.dumps(Trap()))


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
        {"dtype": "F32", "shape": [10**12, 10**6], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": "x", "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]},
        {"dtype": "F32", "shape": [1], "data_offsets": [10**15, 10**15 + 4]},
        {"dtype": "F32"},
        7,
    ],
)
def test_impossible_tensors_are_refused_before_they_are_made(entry, checkpoint):
    header = {"__metadata__": parts(checkpoint)[0]["__metadata__"], "model.x": entry}
    with pytest.raises(CheckpointError):
        unpack(joined(header, bytes(4)))


@pytest.mark.parametrize(
    "changes",
    [
        {"settings": {}},
        {"settings": None},
        {"settings": "lstm"},
        {"progress": {}},
        {"progress": None},
        {"identity": 5},
        {"about": []},
        {"about": {"text": 5}},
        {"format": FORMAT + "0"},
    ],
)
def test_changed_metadata_is_refused(changes, checkpoint):
    with pytest.raises(CheckpointError):
        unpack(with_metadata(checkpoint, **changes))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("step", -1),
        ("step", "9"),
        ("seconds", float("nan")),
        ("loss_count", -5),
        ("precision", "int4"),
        ("live", []),
        ("live", {"learning_rate": -1.0}),
        ("live", {"device": "cuda"}),
        ("step", 10**30),
    ],
)
def test_impossible_counters_are_refused(name, value, checkpoint):
    progress = metadata(checkpoint)["progress"]
    with pytest.raises(CheckpointError, match="damaged"):
        unpack(with_metadata(checkpoint, progress={**progress, name: value}))


def test_weights_that_are_not_finite_are_refused(checkpoint):
    header, tensors = parts(checkpoint)
    poisoned = struct.pack("<f", float("nan")) + tensors[4:]
    with pytest.raises(CheckpointError, match="not finite"):
        unpack(joined(header, poisoned))


def test_tensors_that_do_not_fit_the_settings_are_refused(checkpoint, corpus):
    state = unpack(checkpoint)
    one = next(iter(state.tensors))
    for wrong in (
        pack(replace(state, settings=state.settings.changed(width=16))),
        pack(replace(state, tensors={})),
        pack(replace(state, tensors={**state.tensors, "model.more": torch.zeros(1)})),
        pack(replace(state, tensors={**state.tensors, one: torch.zeros(3)})),
    ):
        with pytest.raises(CheckpointError, match="do not fit"):
            train(text=corpus, checkpoint=wrong)


def test_settings_that_do_not_fit_the_checkpoint_are_refused(checkpoint, corpus):
    with pytest.raises(CheckpointError, match="width 8, not 16"):
        train(text=corpus, checkpoint=checkpoint, width=16)


def test_another_text_is_refused(checkpoint):
    other = Corpus.from_text("another text, with other characters.\n" * 20)
    with pytest.raises(CheckpointError, match="other data"):
        train(text=other, checkpoint=checkpoint)


def test_hostile_settings_are_refused_before_anything_is_built(checkpoint, corpus):
    settings = metadata(checkpoint)["settings"]
    for odd in ({"width": 10**9}, {"layers": 10**6}, {"model": "os.system"}, {"batch": -1}):
        with pytest.raises(CheckpointError):
            train(
                text=corpus,
                checkpoint=with_metadata(checkpoint, settings={**settings, **odd}),
            )


def test_a_file_from_before_the_first_step_goes_on(corpus):
    first = next(train("gru", corpus, width=8, block=8, batch=2, steps=5, sample_length=5))
    assert list(train(text=corpus, checkpoint=first.checkpoint()))[-1].step == 5
