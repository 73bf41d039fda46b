"""A slice that fails, in every way: one plain sentence, curves that stay, a way to go on."""

import errno
import json
import sys
from types import SimpleNamespace

import pytest
from runs_help import HeldPool, event, settle, steps, submit, train

from lab.runs import Status, worker
from lab.runs.worker import Advance, CorpusMissing


@pytest.fixture
def pool():
    return HeldPool()


@pytest.fixture
def queue(open_queue, pool):
    """A queue whose slices train, until `pool.then` holds something else for the next one."""
    pool.then = []

    def advance(job):
        return (pool.then.pop(0) if pool.then else train)(job)

    return open_queue(pool, advance)


def trained(queue, pool, slices=1, **settings):
    run = submit(queue, **settings)
    for _ in range(slices):
        settle(queue)
        pool.run()
    settle(queue)
    return run


def next_slice(queue, pool, *what):
    pool.then = list(what)
    pool.run()
    settle(queue)


def raising(error):
    def advance(job):
        raise error

    return advance


def no_room(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def goes_on(queue, pool, run, expected):
    """Resume a run, train one slice, and compare its curves."""
    queue.resume(run, "ann")
    settle(queue)
    assert queue.view(run).run.message == ""
    pool.run()
    settle(queue)
    assert queue.view(run).run.status is Status.RUNNING
    assert steps(queue.view(run)) == expected
    assert lines(queue, run) == expected


def lines(queue, run):
    path = queue.store.run_folder(run) / "events.jsonl"
    return [json.loads(line)["step"] for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError("no such layer\nat line 3"), "This run ended with an error: no such layer"),
        (RuntimeError(), "This run ended with an error: RuntimeError"),
        (MemoryError(), worker.OUT_OF_MEMORY),
        (OSError(errno.ENOSPC, "No space left on device"), worker.DISK_FULL),
        (FileNotFoundError(2, "no file"), "A file of this run is gone: start it anew."),
        (CorpusMissing("c0ffee"), "The text of this run is gone: start it anew."),
    ],
)
def test_an_error_ends_the_run_with_a_sentence_and_its_curves_stay(queue, pool, error, sentence):
    run = trained(queue, pool)
    next_slice(queue, pool, raising(error))
    view = queue.view(run)
    assert view.run.status is Status.FAILED
    assert view.run.message == sentence
    assert steps(view) == [1, 2, 3]
    assert not view.training
    assert pool.held == []
    goes_on(queue, pool, run, [1, 2, 3, 4, 5, 6])


def test_one_bad_run_does_not_end_the_others(queue, pool):
    bad, good = submit(queue), submit(queue, "bob")
    settle(queue)
    next_slice(queue, pool, raising(RuntimeError("bad")))
    next_slice(queue, pool)
    assert queue.view(bad).run.status is Status.FAILED
    assert queue.view(good).run.status is Status.RUNNING


def test_a_run_that_diverges_shows_how_and_goes_on_from_its_last_checkpoint(queue, pool):
    run = trained(queue, pool)
    told = "The loss is not finite any more at step 6: lower the learning rate."

    def diverge(job):
        return Advance([event(4), event(5), event(6, train_loss=None)], failure=told)

    next_slice(queue, pool, diverge)
    view = queue.view(run)
    assert view.run.status is Status.FAILED
    assert view.run.message == told
    assert steps(view) == [1, 2, 3, 4, 5, 6]
    assert view.run.checkpoint == 1
    queue.set_live(run, "ann", learning_rate=1e-4)
    goes_on(queue, pool, run, [1, 2, 3, 4, 5, 6])
    assert queue.view(run).run.step == 6
    assert queue.view(run).history.points[-1]["train_loss"] == pytest.approx(1 / 7)


def test_going_on_after_a_long_tail_cuts_it(queue, pool):
    run = trained(queue, pool)
    tail = [event(step) for step in range(4, 20)]
    next_slice(queue, pool, lambda job: Advance(tail, failure="Out of luck."))
    assert steps(queue.view(run)) == list(range(1, 20))
    goes_on(queue, pool, run, [1, 2, 3, 4, 5, 6])
    assert queue.view(run).history.sample_at(100)["step"] == 6


def test_a_failed_first_slice_leaves_a_run_that_can_start_again(queue, pool):
    run = submit(queue)
    settle(queue)
    next_slice(queue, pool, lambda job: Advance([], failure="Too large."))
    assert queue.view(run).run.message == "Too large."
    goes_on(queue, pool, run, [1, 2, 3])


def test_a_failure_beside_a_good_checkpoint_keeps_that_checkpoint(queue, pool):
    run = trained(queue, pool)

    def fail_late(job):
        done = train(job)
        return Advance(done.events, failure="Out of memory.", wrote=True)

    next_slice(queue, pool, fail_late)
    assert queue.view(run).run.checkpoint == 2
    goes_on(queue, pool, run, list(range(1, 10)))


def test_a_failure_after_stop_leaves_it_stopped(queue, pool):
    run = trained(queue, pool)
    queue.stop(run, "ann")
    next_slice(queue, pool, lambda job: Advance([], failure="Too late to matter."))
    assert queue.view(run).run.status is Status.STOPPED
    assert queue.view(run).run.message == "Stopped by you."


def test_a_full_disk_in_the_worker(queue, pool, monkeypatch):
    monkeypatch.setattr(worker, "corpus_of", lambda source, kind: None)
    result = SimpleNamespace(checkpoint=b"weights", events=[event(1)], finished=False, failure=None)
    fake = SimpleNamespace(run_slice=lambda *_: result)
    monkeypatch.setitem(sys.modules, "lab.training.slices", fake)
    run = trained(queue, pool)
    monkeypatch.setattr(worker, "write_atomically", no_room)
    next_slice(queue, pool, worker.advance)
    monkeypatch.undo()
    assert queue.view(run).run.message == worker.DISK_FULL
    assert steps(queue.view(run)) == [1, 2, 3]
    goes_on(queue, pool, run, [1, 2, 3, 4, 5, 6])


@pytest.mark.parametrize("what", ["append", "save"])
def test_a_full_disk_in_the_web_process(queue, pool, monkeypatch, what):
    run = trained(queue, pool)
    monkeypatch.setattr(queue.store, what, no_room)
    next_slice(queue, pool)
    monkeypatch.undo()
    view = queue.view(run)
    assert view.run.status is Status.FAILED
    assert view.run.message == worker.DISK_FULL
    assert steps(view)[:3] == [1, 2, 3]
    assert pool.held == []
    goes_on(queue, pool, run, list(range(1, 7 if what == "append" else 10)))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on file sizes to set")
def test_a_disk_that_fills_in_the_middle_of_a_line(queue, pool):
    import resource

    run = trained(queue, pool)
    path = queue.store.run_folder(run) / "events.jsonl"
    size = path.stat().st_size
    old = resource.getrlimit(resource.RLIMIT_FSIZE)

    def bounded(job):
        result = train(job)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, old[1]))
        return result

    try:
        next_slice(queue, pool, bounded)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert queue.view(run).run.message == worker.DISK_FULL
    assert path.stat().st_size == size
    assert [p.name for p in path.parent.glob("checkpoint-*")] == ["checkpoint-1.safetensors"]
    goes_on(queue, pool, run, [1, 2, 3, 4, 5, 6])


def test_on_a_full_disk_the_record_never_names_a_checkpoint_that_is_gone(
    open_queue, queue, pool, monkeypatch
):
    run = trained(queue, pool)
    monkeypatch.setattr(queue.store, "save", no_room)
    next_slice(queue, pool)
    monkeypatch.undo()
    pool = HeldPool()
    again = open_queue(pool)
    assert again.view(run).run.status is Status.INTERRUPTED
    assert steps(again.view(run)) == [1, 2, 3]
    goes_on(again, pool, run, [1, 2, 3, 4, 5, 6])


@pytest.mark.parametrize(
    "odd",
    [
        [{"tokens": 1}],
        [event(4, train_loss=float("nan"))],
        [event(4, train_loss=object())],
        None,
    ],
)
def test_a_result_that_makes_no_sense_ends_its_run_alone(queue, pool, odd):
    run = trained(queue, pool)
    next_slice(queue, pool, lambda job: Advance(odd, wrote=False))
    assert queue.view(run).run.status is Status.FAILED
    assert queue.view(run).run.message.startswith("This run ended with an error: ")
    assert pool.held == []
    assert trained(queue, pool)


def test_half_a_surrogate_pair_in_a_prompt_is_no_reason_to_fail(queue, pool):
    run = submit(queue, live={"prompt": "to \ud83d"})
    settle(queue)
    sample = {"step": 1, "text": "to \ud83d be"}
    next_slice(queue, pool, lambda job: Advance([event(1, sample=sample)]))
    assert queue.view(run).run.status is Status.RUNNING
    assert queue.view(run).history.sample_at(1)["text"] == "to ? be"
