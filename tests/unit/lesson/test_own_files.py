"""Where a student's rasters are kept, and the chains of questions that take longer."""

from __future__ import annotations

import os
import re
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab.crops.rasters.names import band_in, day_in
from lab.crops.stack import CropError
from lab.lesson.own_region import files, jobs
from lab.lesson.own_region.asked import named
from lab.runs import LimitReached

TIFF = b"II*\0" + b"x" * 100


def test_uploads_are_named_by_their_content(tmp_path):
    path = files.keep(TIFF, tmp_path)
    assert files.keep(TIFF, tmp_path) == path
    assert len(list(tmp_path.iterdir())) == 1
    assert path.endswith(".tif")
    assert files.keep(b'\xef\xbb\xbf {"type": 1}', tmp_path, labels=True).endswith(".geojson")
    for data, labels, said in (
        (b"<VRTDataset>", False, "no GeoTIFF: choose"),
        (b'{"type": 1}', False, "no GeoTIFF: choose"),
        (b"%PDF", True, "no GeoTIFF and no GeoJSON"),
        (TIFF + bytes(files.LABELS_LARGEST), True, "up to 10 MB"),
    ):
        with pytest.raises(CropError, match=said):
            files.keep(data, tmp_path, labels)


def test_what_was_used_longest_ago_makes_room(tmp_path):
    for age, name in enumerate(("old.tif", "job", "new.tif")):
        path = tmp_path / name
        if name == "job":
            path.mkdir()
            (path / "part.tif").write_bytes(bytes(100))
        else:
            path.write_bytes(bytes(100))
        os.utime(path, (1000 + age, 1000 + age))
    files.make_room(tmp_path, needed=0, most=300)
    assert len(list(tmp_path.iterdir())) == 3
    files.make_room(tmp_path, needed=150, most=300)
    assert [each.name for each in tmp_path.iterdir()] == ["new.tif"]


def test_the_folder_of_the_server(tmp_path):
    dates = tmp_path / "dates"
    dates.mkdir()
    for name in ("b.tif", "a.TIF", "labels.tif", ".hidden.tif", "notes.txt", "fields.geojson"):
        (dates / name).write_bytes(TIFF)
        (tmp_path / name).write_bytes(TIFF)
    (tmp_path / "empty").mkdir()
    found = files.offered({"GLASSHOUSE_RASTERS": str(tmp_path)})
    assert list(found) == ["a.TIF", "b.tif", "dates"]
    assert [path.rsplit("/", 1)[1] for path in found["dates"].paths] == ["a.TIF", "b.tif"]
    assert list(found["dates"].labels) == ["fields.geojson", "labels.tif"]
    assert files.offered({}) == {}
    assert files.offered({"GLASSHOUSE_RASTERS": str(tmp_path / "none")}) == {}


def test_sentences_call_files_as_they_came():
    said = named("0123.tif is damaged.", {"/data/rasters/0123.tif": "my fields.tif"})
    assert said == "my fields.tif is damaged."


class Queue:
    """Answers when it is told to; notes what was asked."""

    def __init__(self):
        self.asked, self.waiting, self.sessions = [], [], []

    def call(self, function, module, name, session="", **arguments):
        self.sessions.append(session)
        self.asked.append((name, arguments))
        self.waiting.append(Future())
        return self.waiting[-1]


def plan(answer):
    return ("m", "step", {"after": answer}) if (answer or 0) < 2 else None


def drop(answer):
    return "m", "drop", {"what": answer}


def test_a_chain_asks_until_its_plan_ends():
    queue = Queue()
    chain = jobs.Chain(queue, plan, drop)
    queue.waiting[0].set_result(1)
    assert (chain.state, chain.answer) == ("running", 1)
    queue.waiting[1].set_result(2)
    assert chain.state == "finished"
    assert queue.asked == [("step", {"after": None}), ("step", {"after": 1})]


def test_a_chain_that_fails_says_why_and_leaves_nothing():
    queue = Queue()
    chain = jobs.Chain(queue, plan, drop, said=str.upper)
    queue.waiting[0].set_result(1)
    queue.waiting[1].set_exception(CropError("Gone."))
    assert (chain.state, chain.message) == ("failed", "GONE.")
    assert queue.asked[-1] == ("drop", {"what": 1})
    queue = Queue()
    chain = jobs.Chain(queue, plan, drop)
    queue.waiting[0].set_exception(RuntimeError("inside"))
    assert chain.message == "A worker stopped before it could answer; try again."


def test_a_cancelled_chain_drops_what_still_comes():
    queue = Queue()
    chain = jobs.Chain(queue, plan, drop)
    chain.cancel()
    assert chain.state == "cancelled"
    queue.waiting[0].set_result(1)
    assert queue.asked[1:] == [("drop", {"what": 1})]
    assert chain.state == "cancelled"


def test_a_chain_asks_in_the_name_of_its_session_and_clears_up_in_the_servers():
    queue = Queue()
    chain = jobs.Chain(queue, plan, drop, session="ann")
    queue.waiting[0].set_result(1)
    chain.cancel()
    assert queue.sessions == ["ann", "ann", ""]


def test_a_chain_whose_session_asks_for_too_much_says_so():
    queue = Queue()
    chain = jobs.Chain(queue, plan, drop)

    def full(*_, **__):
        raise LimitReached("You have 40 questions waiting.")

    queue.call = full
    queue.waiting[0].set_result(1)
    assert (chain.state, chain.message) == ("failed", "You have 40 questions waiting.")
    assert chain.ended.is_set()


def chain_of(state):
    return SimpleNamespace(state=state, cancel=lambda: None)


def test_of_the_chains_that_ended_the_last_ones_are_remembered(monkeypatch):
    monkeypatch.setattr(jobs, "_MOST", 2)
    chains = jobs.Chains()
    chains.put("ann", "running", chain_of("running"))
    for number in range(4):
        chains.put("ann", f"{number}", chain_of("finished"))
    kept = [kind for kind in ("running", "0", "1", "2", "3") if chains.get("ann", kind)]
    assert kept == ["running", "1", "2", "3"]
    chains.forget("ann", "3")
    chains.forget("ann", "3")
    assert chains.get("ann", "3") is None


def test_a_second_chain_of_a_kind_ends_the_first():
    chains, ended = jobs.Chains(), []
    first = SimpleNamespace(state="running", cancel=lambda: ended.append("first"))
    chains.put("ann", "look", first)
    chains.put("bob", "look", chain_of("running"))
    assert ended == []
    chains.put("ann", "look", chain_of("running"))
    assert ended == ["first"]


def test_browsers_begin_chains_at_the_same_time(monkeypatch):
    monkeypatch.setattr(jobs, "_MOST", 2)
    chains, failures = jobs.Chains(), []

    def begin(session):
        try:
            for number in range(300):
                chains.put(session, f"{number}", chain_of("finished"))
                chains.forget(session, f"{number - 1}")
        except Exception as error:
            failures.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=begin, args=(f"{n}",)) for n in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        sys.setswitchinterval(interval)
    assert failures == []


def test_of_a_files_name_only_its_date_band_and_quantity_are_kept(tmp_path):
    path = Path(files.keep(TIFF, tmp_path, name="../../S1A_VH_gamma0_20210510T1755 <b>.tif"))
    assert path.parent == tmp_path
    assert re.fullmatch(r"[a-p]{20}-2021-05-10-VH-gamma0\.tif", path.name)
    bare = Path(files.keep(TIFF, tmp_path, name="field.tif"))
    assert re.fullmatch(r"[a-p]{20}\.tif", bare.name)
    assert day_in(path.name).isoformat() == "2021-05-10"
    assert band_in(path.stem) == "VH"
