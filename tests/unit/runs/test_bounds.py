"""Bounds on disk and memory, and runs that are taken in from a file."""

import os

import pytest
from runs_help import DIGEST, HeldPool, event, settle, steps, submit, train

from lab.runs import LimitReached, Run, Status
from lab.runs.store import write_atomically
from lab.runs.worker import Advance


def heavy(job):
    """Train, with a checkpoint of 100 kB."""
    done = train(job)
    write_atomically(job.target, job.target.read_bytes() + b" " * 100_000)
    return done


def finished_runs(queue, pool, count, session="ann"):
    runs = []
    for _ in range(count):
        runs.append(submit(queue, session, until=3))
        settle(queue)
        pool.run()
        settle(queue)
        queue.records.runs[runs[-1]].touched = 1000.0 + len(runs)  # no clock decides which is old
    return runs


def test_the_oldest_ended_runs_go_when_the_disk_bound_is_passed(open_queue):
    queue = open_queue(pool := HeldPool(), heavy, disk_bytes=350_000)
    first, second, third = finished_runs(queue, pool, 3)
    assert {run.id for run in queue.runs_of("ann")} == {first, second, third}
    fourth = submit(queue, until=3)
    settle(queue)
    pool.run()
    settle(queue)
    assert {run.id for run in queue.runs_of("ann")} == {second, third, fourth}
    assert not queue.store.run_folder(first).exists()
    assert queue.store.bytes_used() <= 350_000
    with pytest.raises(KeyError):
        queue.view(first)


def on_disk(queue):
    return sum(
        path.lstat().st_size
        for folder in (queue.store.runs, queue.store.corpora)
        for path in folder.rglob("*")
        if not path.is_dir()
    )


def test_the_bytes_that_are_counted_are_those_on_disk(open_queue):
    queue = open_queue(pool := HeldPool(), heavy)
    counted = []
    first = submit(queue)
    counted.append((queue.store.bytes_used(), on_disk(queue)))
    for _ in range(3):
        settle(queue)
        pool.run()
        settle(queue)
        counted.append((queue.store.bytes_used(), on_disk(queue)))
    queue.stop(first, "ann")
    pool.run()  # a slice that was under way
    settle(queue)
    queue.adopt(saved(), [event(1)], b"weights", b"a corpus")
    counted.append((queue.store.bytes_used(), on_disk(queue)))
    again = open_queue()
    counted.append((again.store.bytes_used(), on_disk(queue)))
    queue.remove(first, "ann")
    counted.append((queue.store.bytes_used(), on_disk(queue)))
    assert [used for used, _ in counted] == [there for _, there in counted]
    assert counted[-1][0] < 10_000 < counted[-2][0]


def test_a_run_that_ends_has_no_other_runs_files_looked_at(open_queue, monkeypatch):
    from pathlib import Path

    queue = open_queue(pool := HeldPool(), heavy)
    finished_runs(queue, pool, 3)
    walk, seen = os.walk, set()
    monkeypatch.setattr(os, "walk", lambda top: seen.add(Path(top).name) or walk(top))
    last = finished_runs(queue, pool, 1)
    assert seen == set(last)


def test_a_live_run_is_never_removed_for_room(open_queue):
    queue = open_queue(pool := HeldPool(), heavy, disk_bytes=250_000)
    live = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    queue.pause(live, "ann")
    pool.run()
    settle(queue)
    queue.records.runs[live].touched = 0.0  # older than all the others
    done = finished_runs(queue, pool, 3, "bob")
    assert queue.view(live).run.status is Status.PAUSED
    assert queue.store.checkpoint_path(queue.view(live).run).exists()
    assert [run.id for run in queue.runs_of("bob")] == [done[-1]]


def test_when_live_runs_fill_the_disk_no_more_are_taken(open_queue):
    queue = open_queue(pool := HeldPool(), heavy, disk_bytes=150_000)
    for session in ("ann", "bob"):
        run = submit(queue, session)
        settle(queue)
        pool.run()
        settle(queue)
        queue.pause(run, session)
        pool.run()
        settle(queue)
    with pytest.raises(LimitReached, match="stop or remove one"):
        submit(queue, "cleo")
    queue.remove(run, "bob")
    assert submit(queue, "cleo")


def test_a_run_that_is_resumed_is_not_removed_to_make_room_for_itself(open_queue):
    queue = open_queue(pool := HeldPool(), heavy, disk_bytes=150_000)
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    queue.stop(run, "ann")
    pool.run()
    settle(queue)
    queue.store.disk_bytes = 50_000
    with pytest.raises(LimitReached, match="of disk are in use"):
        queue.resume(run, "ann")
    assert queue.view(run).run.status is Status.STOPPED


def test_a_run_too_large_for_the_disk_bound_leaves_no_ghost(open_queue):
    queue = open_queue(pool := HeldPool(), heavy, disk_bytes=50_000)
    run = submit(queue, until=3)
    settle(queue)
    pool.run()
    settle(queue)
    assert not queue.store.run_folder(run).exists()
    assert open_queue().runs_of("ann") == []
    assert pool.held == []


def test_removing_runs_for_room_counts_their_texts_too(open_queue):
    queue = open_queue(pool := HeldPool(), disk_bytes=60_000)
    for number in range(4):
        queue.submit("ann", "a run", {"until": 3}, f"{number:x}" * 16, bytes(20_000))
        settle(queue)
        pool.run()
        settle(queue)
    # Each takes a little more than 20 kB: four are too many, three too, two fit.
    assert len(queue.runs_of("ann")) == 2
    assert len(list(queue.store.corpora.iterdir())) == 2


def test_curves_of_ended_runs_leave_the_memory_and_are_read_again(open_queue, monkeypatch):
    read = []
    queue = open_queue(pool := HeldPool(), memory_bytes=3000)
    whole = queue.store.history
    monkeypatch.setattr(queue.store, "history", lambda run: read.append(run.id) or whole(run))
    runs = finished_runs(queue, pool, 4)
    held = queue.records._histories
    assert sum(history.bytes for history in held.values()) <= 3000
    assert runs[0] not in held
    assert runs[3] in held
    read.clear()
    assert steps(queue.view(runs[0])) == [1, 2, 3]
    assert queue.view(runs[0]).history.sample_at(2) == {"step": 2, "text": "to be"}
    assert read == [runs[0]]
    assert sum(history.bytes for history in held.values()) <= 3000


def test_curves_of_a_live_run_stay_in_memory(open_queue):
    def long(job):
        return Advance([event(step) for step in range(1, 50)])

    queue = open_queue(pool := HeldPool(), long, memory_bytes=3000)
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    queue.pause(run, "ann")
    queue.records.trim_memory()
    assert run in queue.records._histories
    queue.stop(run, "ann")
    assert run not in queue.records._histories
    assert len(steps(queue.view(run))) == 49


def saved(**changes):
    return Run(**{"id": "from-a-file", "session": "ann", "name": "saved", "settings": {},
                  "corpus": DIGEST, "status": Status.FINISHED, "step": 3, **changes})  # fmt: skip


def test_a_run_from_a_file_is_kept_as_its_own(open_queue):
    queue = open_queue()
    events = [event(1), event(2), event(3)]
    run = queue.adopt(saved(), events, b"weights", b"a corpus")
    view = queue.view(run)
    assert run != "from-a-file"
    assert (view.run.status, view.run.checkpoint, view.run.step) == (Status.FINISHED, 1, 3)
    assert steps(view) == [1, 2, 3]
    assert queue.store.checkpoint_path(view.run).read_bytes() == b"weights"
    assert queue.store.corpus_path(DIGEST).read_bytes() == b"a corpus"
    assert queue.alive() == 0
    again = open_queue()
    assert steps(again.view(run)) == [1, 2, 3]
    assert again.view(run).run.status is Status.FINISHED


def test_a_run_from_a_file_replaces_nobody_elses(open_queue):
    queue = open_queue()
    theirs = submit(queue, "bob")
    mine = queue.adopt(saved(id=theirs), [event(1)], b"weights", b"a corpus")
    assert mine != theirs
    assert queue.view(theirs).run.session == "bob"
    assert queue.view(theirs).history.points == []


def test_a_run_from_a_file_can_go_on_when_it_was_stopped(open_queue):
    queue = open_queue(pool := HeldPool())
    odd = saved(status=Status.RUNNING, checkpoint=7, events=9, single_step=True, touched=1.0)
    run = queue.adopt(odd, [event(1), event(2)], b'{"step": 2}', b"a corpus")
    assert queue.view(run).run.status is Status.STOPPED
    assert queue.view(run).run.touched > 1e9  # not the oldest, that would go first
    settle(queue)
    assert pool.held == []
    queue.resume(run, "ann")
    settle(queue)
    pool.run()
    settle(queue)
    assert steps(queue.view(run)) == [1, 2, 3, 4, 5]


def test_a_run_from_a_file_that_cannot_be_kept_leaves_nothing(open_queue, monkeypatch):
    queue = open_queue()
    with pytest.raises(ValueError, match="JSON"):
        queue.adopt(saved(), [event(1, train_loss=float("nan"))], b"weights", b"a corpus")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(queue.store, "append", full)
    with pytest.raises(LimitReached, match="The disk is full"):
        queue.adopt(saved(), [event(1)], b"weights", b"a corpus")
    assert queue.runs_of("ann") == []
    assert list(queue.store.runs.iterdir()) == []
    assert list(queue.store.corpora.iterdir()) == []
