"""Sittings: steady then falling, going on from the trunk, weights kept on the way."""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest
import torch

from assets.masked.sittings import MILESTONES, Sitting
from assets.masked.snapshots import load_snapshot
from lab.masked.rows import Rows
from lab.masked.settings import MaskedSettings
from lab.masked.vocabulary import CLS, SEP, SPECIAL
from lab.training.checkpoint import unpack


@pytest.fixture
def rows():
    body = np.random.default_rng(0).integers(5, 12, (50, 10))
    body[:, 0], body[:, -1] = CLS, SEP
    part = {10: body.astype(np.uint16)}
    return Rows(part, part, (*SPECIAL, *"abcdefg"))


@pytest.fixture
def settings():
    return MaskedSettings.of(
        layers=1, width=16, heads=2, context=16, batch=100, warmup=2, steps=10**9, device="cpu",
        precision="float32",
    )  # fmt: skip


def sit(rows, work, settings, minutes=1.0, decay=0.5):
    """Train one sitting on a clock that moves three seconds at each look."""
    ticks = itertools.count(step=3.0)
    return Sitting(rows, work, settings, minutes, decay, clock=lambda: next(ticks)).run()


def log(work):
    with (work / "log.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def trunk(work):
    return unpack((work / "trunk.safetensors").read_bytes(), MaskedSettings)


def test_the_rate_stays_and_falls_and_the_trunk_is_from_before(rows, settings, tmp_path):
    path = sit(rows, tmp_path, settings)
    last, kept = load_snapshot(path), trunk(tmp_path)
    assert path == tmp_path / "snapshots" / "latest.safetensors"
    assert kept.progress.learning_rate == pytest.approx(1e-3)
    assert last.about["learning_rate"] < 0.2e-3
    assert last.about["step"] > kept.progress.step
    lines = log(tmp_path)
    assert lines[0]["step"] == "0"
    assert [line["phase"] for line in lines[:3]] == ["steady"] * 3
    assert lines[-1]["phase"] == "fall"
    assert float(lines[-1]["held_out_loss"]) < float(lines[0]["held_out_loss"]) + 0.2


def test_the_next_sitting_goes_on_from_the_trunk(rows, settings, tmp_path):
    sit(rows, tmp_path, settings)
    first = trunk(tmp_path).progress
    sit(rows, tmp_path, settings)
    second = trunk(tmp_path).progress
    assert second.step > first.step
    assert second.learning_rate == pytest.approx(1e-3)  # the fall of the first is forgotten


def test_a_sitting_that_was_killed_loses_what_came_after_the_trunk(rows, settings, tmp_path):
    class Killed(Exception):
        pass

    looks = iter(range(1000))

    def clock():
        look = next(looks)
        if look == 12:
            raise Killed
        return 200.0 * (look > 6)  # more than the three minutes after which the trunk is kept

    with pytest.raises(Killed):
        Sitting(rows, tmp_path, settings, 100, 1, clock).run()
    step = trunk(tmp_path).progress.step
    assert step > 0
    sit(rows, tmp_path, settings)
    assert trunk(tmp_path).progress.step > step


def test_a_finish_file_begins_the_fall_at_once(rows, settings, tmp_path):
    (tmp_path / "finish").touch()
    last = load_snapshot(sit(rows, tmp_path, settings, minutes=100, decay=0.5))
    assert trunk(tmp_path).progress.step == 0
    assert last.about["learning_rate"] < 0.2e-3
    assert not (tmp_path / "finish").exists()


def test_weights_are_kept_at_milestones(rows, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("assets.masked.sittings.MILESTONES", (100, 500, 10**9))
    sit(rows, tmp_path, settings)
    found = {path.stem for path in (tmp_path / "snapshots").iterdir()}
    assert found == {"0.0001M", "0.0005M", "latest"}
    kept = load_snapshot(tmp_path / "snapshots" / "0.0005M.safetensors")
    assert kept.about["tokens_read"] >= 500
    assert kept.tokens == list(rows.tokens)
    assert kept.model(torch.tensor([[2, 6, 3]])).shape == (1, 3, 12)
    assert sorted(MILESTONES) == list(MILESTONES)


def test_a_snapshot_is_in_half_precision_and_a_foreign_file_is_refused(rows, settings, tmp_path):
    path = sit(rows, tmp_path, settings)
    weights = load_snapshot(path).model.state_dict()
    assert all(torch.equal(w, w.half().float()) for w in weights.values())
    with pytest.raises(ValueError, match="not a snapshot"):
        load_snapshot(tmp_path / "trunk.safetensors")
