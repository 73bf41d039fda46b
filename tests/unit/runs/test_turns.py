"""Who gets the next slice: the ring through the queue, places, questions, slice lengths."""

from collections import Counter
from concurrent.futures import CancelledError

import pytest
from runs_help import BrokenProcessPool, HeldPool, settle, steps, submit


def test_thirty_turns_are_shared_equally_whoever_has_more_runs(open_queue):
    pool = HeldPool()
    queue = open_queue(pool)
    with queue._scheduler.lock:  # all are there before the first turn
        owner = {submit(queue, "ann"): "ann" for _ in range(6)}
        owner |= {submit(queue, session): session for session in ("bob", "cleo")}
    settle(queue)
    turns = []
    for _ in range(30):
        assert len(pool.held) == 1
        job = pool.run()
        turns.append(job.target.parent.name)
        settle(queue)
    assert Counter(owner[turn] for turn in turns) == {"ann": 10, "bob": 10, "cleo": 10}
    within = Counter(turn for turn in turns if owner[turn] == "ann").values()
    assert max(within) - min(within) <= 1


def test_a_run_is_never_in_two_workers_at_once(open_queue):
    pool = HeldPool(slots=3)
    queue = open_queue(pool)
    run = submit(queue)
    settle(queue)
    assert len(pool.held) == 1
    assert queue.view(run).training
    submit(queue, "bob")
    settle(queue)
    assert len(pool.held) == 2


def test_the_place_in_the_queue_is_the_number_of_turns_to_wait(open_queue):
    pool = HeldPool()
    queue = open_queue(pool)
    first = submit(queue, "ann")
    settle(queue)
    runs = [submit(queue, "ann"), submit(queue, "bob"), submit(queue, "bob")]
    settle(queue)
    assert queue.view(first).place is None
    places = {run: queue.view(run).place for run in runs}
    turns = []
    for _ in range(5):
        pool.run()
        settle(queue)
        turns.append(pool.held[0][2][0].target.parent.name)
    assert places == {run: turns.index(run) + 1 for run in runs}
    queue.pause(runs[2], "bob")
    assert queue.view(runs[2]).place is None


def test_slices_get_shorter_when_many_runs_wait(open_queue):
    pool = HeldPool(slots=2)
    queue = open_queue(pool, runs_per_session=40, runs_total=40)
    submit(queue)
    settle(queue)
    assert pool.run().seconds == 0.25  # the first one, so that something is seen at once
    settle(queue)
    assert pool.run().seconds == 1.0
    for _ in range(29):
        submit(queue, "bob")
    lengths = {True: [], False: []}  # of first slices, of later ones
    for _ in range(61):
        settle(queue)
        job = pool.run()
        lengths[job.checkpoint is None].append(job.seconds)
    assert lengths[True] == [0.25] * 29
    assert set(lengths[False][2:]) == {0.2}  # two may have begun before the others came


def test_a_question_goes_ahead_of_waiting_slices(open_queue):
    pool = HeldPool()
    queue = open_queue(pool)
    submit(queue)
    submit(queue, "bob")
    settle(queue)
    answer = queue.call(sum, [1, 2, 3])
    settle(queue)
    assert len(pool.held) == 1  # it waits for the slice in flight and no longer
    pool.run()
    settle(queue)
    assert pool.held[0][1] is sum
    pool.run()
    assert answer.result(10) == 6
    settle(queue)
    assert len(pool.held) == 1


def test_a_question_that_fails_says_why_to_who_asked(open_queue):
    queue = open_queue(pool := HeldPool())
    answer = queue.call(int, "many")
    settle(queue)
    pool.run()
    with pytest.raises(ValueError, match="many"):
        answer.result(10)
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    assert steps(queue.view(run)) == [1, 2, 3]


def test_a_question_is_asked_again_when_the_pool_broke_under_it(open_queue):
    queue = open_queue(pool := HeldPool())
    answer = queue.call(sum, [4, 5])
    settle(queue)
    pool.fail(BrokenProcessPool("a worker was killed"))
    settle(queue)
    pool.run()
    assert answer.result(10) == 9
    answer = queue.call(sum, [4, 5])
    for _ in range(2):
        settle(queue)
        pool.fail(BrokenProcessPool("a worker was killed"))
    with pytest.raises(BrokenProcessPool):
        answer.result(10)


def test_a_question_withdrawn_in_time_is_not_asked(open_queue):
    pool = HeldPool()
    queue = open_queue(pool)
    submit(queue)
    settle(queue)
    answer = queue.call(sum, [1])
    assert answer.cancel()
    pool.run()
    settle(queue)
    assert [call[1] for call in pool.held] != [sum]
    assert len(pool.held) == 1


def test_nobody_waits_for_ever_on_a_closed_queue(open_queue):
    queue = open_queue(pool := HeldPool())
    asked = queue.call(sum, [1])
    settle(queue)
    waiting = queue.call(sum, [1])
    settle(queue)
    queue.close()
    assert pool.closed
    for answer in (asked, waiting, queue.call(sum, [1])):
        with pytest.raises(CancelledError):
            answer.result(10)


def test_a_question_about_a_run_gets_its_last_checkpoint(open_queue):
    queue = open_queue(pool := HeldPool(slots=2))
    run = submit(queue)
    with pytest.raises(LookupError, match="no checkpoint yet"):
        queue.ask(run, "next_tokens", prompt="to")
    with pytest.raises(KeyError):
        queue.ask("../../etc/passwd", "next_tokens")
    settle(queue)
    pool.run()
    settle(queue)
    queue.ask(run, "next_tokens", prompt="to")
    settle(queue)
    _, function, arguments, keywords, _ = pool.held[-1]
    assert function.__name__ == "ask"
    assert arguments[:2] == ("language", "next_tokens")
    assert arguments[3] == queue.store.checkpoint_path(queue.view(run).run).read_bytes()
    assert keywords == {"prompt": "to"}


def test_a_large_checkpoint_makes_turns_longer(tmp_path):
    from types import SimpleNamespace

    from lab.runs.scheduler import LONGEST_SLICE, SHORTEST_SLICE, Scheduler

    file = tmp_path / "checkpoint"
    class_of_thirty = SimpleNamespace(
        records=SimpleNamespace(runs=dict.fromkeys(range(30))),
        pool=SimpleNamespace(slots=2),
        store=SimpleNamespace(checkpoint_path=lambda run: file),
        _takes_part=lambda run_id: True,
    )
    class_of_thirty._turn_seconds = lambda: Scheduler._turn_seconds(class_of_thirty)
    seconds = []
    for size in (0, 1_000_000, 10_000_000, 100_000_000):
        file.write_bytes(bytes(size))
        seconds.append(Scheduler._slice_seconds(class_of_thirty, SimpleNamespace(checkpoint=1)))
    assert seconds == [SHORTEST_SLICE, SHORTEST_SLICE, 0.5, LONGEST_SLICE]
