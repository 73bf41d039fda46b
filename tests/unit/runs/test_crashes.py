"""Workers that die: who was it, who goes on, and a pool that goes away altogether."""

from concurrent.futures import CancelledError

import pytest
from runs_help import BrokenProcessPool, HeldPool, settle, start_of, steps, submit

from lab.runs import Status
from lab.runs.pools import PoolLost


@pytest.fixture
def pool():
    return HeldPool()


@pytest.fixture
def queue(open_queue, pool):
    return open_queue(pool)


def trained(queue, pool):
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    return run


def test_a_run_that_ends_its_worker_again_and_again_fails_and_the_one_beside_it_finishes(
    open_queue,
):
    pool = HeldPool(slots=2)
    queue = open_queue(pool)
    with queue._scheduler.lock:  # both are there before the first turn
        bad, good = submit(queue), submit(queue, "bob", until=6)
    killed, alone = BrokenProcessPool("a worker was killed"), 0

    def turn():
        settle(queue)
        ids = [call[2][0].target.parent.name for call in pool.held]
        if bad in ids:  # the pool breaks, and everything in flight fails with it
            while pool.held:
                pool.fail(killed)
        elif ids:
            pool.run()
        return ids

    turns = []
    while turn_ids := turn():
        turns.append(turn_ids)
        alone += turn_ids == [bad]
    assert turns[0] == [bad, good]
    assert alone == 2
    assert queue.view(bad).run.status is Status.FAILED
    assert "ended 3 times" in queue.view(bad).run.message
    assert queue.view(good).run.status is Status.FINISHED
    assert steps(queue.view(good)) == [1, 2, 3, 4, 5, 6]


def test_a_run_under_suspicion_waits_until_the_others_are_back(open_queue):
    queue = open_queue(pool := HeldPool(slots=2))
    with queue._scheduler.lock:
        run, other = submit(queue), submit(queue, "bob")
    settle(queue)
    pool.fail(BrokenProcessPool("a worker was killed"))
    settle(queue)
    assert [call[2][0].target.parent.name for call in pool.held] == [other]
    pool.run()
    settle(queue)
    assert [call[2][0].target.parent.name for call in pool.held] == [run]


def test_a_question_is_not_asked_beside_a_run_under_suspicion(open_queue):
    queue = open_queue(pool := HeldPool(slots=2))
    run = submit(queue)
    settle(queue)
    pool.fail(BrokenProcessPool("a worker was killed"))
    answer = queue.call(sum, [1, 2])
    settle(queue)
    assert [call[2][0].target.parent.name for call in pool.held] == [run]
    pool.run()
    settle(queue)
    assert len(pool.held) == 2
    pool.run([call[1] for call in pool.held].index(sum))
    assert answer.result(10) == 3


def test_a_paused_suspect_holds_up_nobody(open_queue):
    queue = open_queue(pool := HeldPool())
    run, other = submit(queue), submit(queue, "bob")
    settle(queue)
    queue.pause(run, "ann")
    pool.fail(BrokenProcessPool("a worker was killed"))
    settle(queue)
    assert pool.held[0][2][0].target.parent.name == other
    pool.run()
    settle(queue)
    queue.step(run, "ann")
    settle(queue)
    assert start_of(pool.held[0][2][0]) == 3


def test_a_single_step_whose_worker_was_killed_is_tried_again(open_queue):
    queue = open_queue(pool := HeldPool())
    run = submit(queue)
    settle(queue)
    queue.pause(run, "ann")
    pool.run()
    queue.step(run, "ann")
    settle(queue)
    pool.fail(BrokenProcessPool("a worker was killed"))
    settle(queue)
    assert pool.run().steps == 1
    settle(queue)
    assert queue.view(run).run.step == 4
    assert pool.held == []
    assert queue.view(run).run.status is Status.PAUSED


def test_when_the_whole_pool_is_lost_runs_are_interrupted_and_can_be_resumed(queue, pool):
    run = trained(queue, pool)
    pool.fail(CancelledError())
    settle(queue)
    assert queue.view(run).run.status is Status.INTERRUPTED
    assert queue.view(run).run.message.endswith("Resume it?")
    assert pool.held == []
    queue.resume(run, "ann")
    settle(queue)
    pool.fail(PoolLost("gone"))
    settle(queue)
    assert queue.view(run).run.status is Status.INTERRUPTED
    queue.resume(run, "ann")
    settle(queue)
    pool.run()
    settle(queue)
    assert queue.view(run).run.status is Status.RUNNING
    assert steps(queue.view(run)) == [1, 2, 3, 4, 5, 6]


def test_a_future_that_was_cancelled_does_not_hang_the_run_or_the_question(queue, pool):
    run = trained(queue, pool)
    pool.held.pop()[0].cancel()
    settle(queue)
    assert queue.view(run).run.status is Status.INTERRUPTED
    answer = queue.call(sum, [1])
    settle(queue)
    pool.held.pop()[0].cancel()
    assert answer.exception(10) is not None


def test_a_pool_that_refuses_a_slice_ends_that_run_with_its_words(queue, pool, monkeypatch):
    def refuse(*_, **__):
        raise LookupError("no worker has a GPU.")

    monkeypatch.setattr(pool, "submit", refuse)
    run = submit(queue, device="cuda")
    settle(queue)
    assert queue.view(run).run.message == "This run ended with an error: no worker has a GPU."
    assert not queue.view(run).training
