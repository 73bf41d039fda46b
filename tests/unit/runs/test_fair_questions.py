"""Questions of many sessions: shares, bounds, places and waits, what is withdrawn or too late."""

import threading
from concurrent.futures import Future

import pytest
from runs_help import HeldPool, settle, submit

from lab.runs import LimitReached, worker
from lab.runs.limits import Limits
from lab.runs.questions import Question, Questions


class Clock:
    """A clock that a test turns on."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def open_clocked(open_queue, clock):
    def open_(pool, **changes):
        queue = open_queue(pool, **changes)
        queue._scheduler.clock = clock
        return queue

    return open_


def question(name):
    return name


def ask(queue, session, name="q"):
    return queue.call(question, name, session=session)


def in_flight(pool):
    """What the pool has: "question" and its name, or the session's run."""
    return [args[0] if function is question else "slice" for _, function, args, _, _ in pool.held]


def land(queue, pool, clock, seconds, index=0):
    """Let a call take so many seconds and come back, and what follows go out."""
    clock.now += seconds
    pool.run(index)
    settle(queue)


def test_thirty_long_questions_of_one_session_do_not_hold_up_another_ones_question(
    open_clocked, clock
):
    queue = open_clocked(pool := HeldPool())
    for number in range(30):
        ask(queue, "ann", f"ann {number}")
    settle(queue)
    bob = ask(queue, "bob", "bob")
    land(queue, pool, clock, 30)
    assert in_flight(pool) == ["bob"]
    land(queue, pool, clock, 0.1)
    assert bob.result(0) == "bob"
    assert in_flight(pool) == ["ann 1"]


def test_long_questions_of_one_session_leave_half_of_the_time_to_anothers_training(
    open_clocked, clock
):
    queue = open_clocked(pool := HeldPool())
    submit(queue, "bob")
    settle(queue)
    for number in range(5):
        ask(queue, "ann", f"ann {number}")
    taken = {"slice": 0.0, "question": 0.0}
    for _ in range(80):
        what = "slice" if in_flight(pool) == ["slice"] else "question"
        seconds = 1.0 if what == "slice" else 10.0
        taken[what] += seconds
        land(queue, pool, clock, seconds)
    assert taken["question"] == 50.0
    assert taken["slice"] >= 40.0


def test_long_questions_never_have_all_workers_while_another_session_trains(open_clocked, clock):
    queue = open_clocked(pool := HeldPool(slots=2))
    submit(queue, "bob")
    settle(queue)
    for number in range(6):
        ask(queue, "ann", f"ann {number}")
    settle(queue)
    for _ in range(20):
        assert sorted(in_flight(pool))[1:] == ["slice"]
        land(queue, pool, clock, 1.0, in_flight(pool).index("slice"))
    land(queue, pool, clock, 10.0, in_flight(pool).index("ann 0"))
    assert sorted(in_flight(pool)) == ["ann 1", "slice"]


def test_workers_that_nobody_else_needs_answer_one_session_side_by_side(open_clocked, clock):
    queue = open_clocked(pool := HeldPool(slots=3))
    for number in range(5):
        ask(queue, "ann", f"ann {number}")
    settle(queue)
    assert in_flight(pool) == ["ann 0", "ann 1", "ann 2"]
    land(queue, pool, clock, 30)
    assert in_flight(pool) == ["ann 1", "ann 2", "ann 3"]


def test_short_questions_of_a_session_within_its_share_go_ahead_of_all_slices(open_clocked, clock):
    queue = open_clocked(pool := HeldPool())
    for session in ("bob", "cleo", "dan"):
        submit(queue, session)
    settle(queue)
    asked = [ask(queue, "ann", f"ann {number}") for number in range(4)]
    land(queue, pool, clock, 0.25)
    for number in range(4):
        assert in_flight(pool) == [f"ann {number}"]
        land(queue, pool, clock, 0.05)
    assert all(future.done() for future in asked)
    assert in_flight(pool) == ["slice"]


def test_a_question_goes_ahead_of_its_own_sessions_slices_however_much_it_asked(
    open_clocked, clock
):
    queue = open_clocked(pool := HeldPool())
    submit(queue, "ann")
    settle(queue)
    for number in range(3):
        ask(queue, "ann", f"ann {number}")
    land(queue, pool, clock, 0.25)
    for number in range(3):
        assert in_flight(pool) == [f"ann {number}"]
        land(queue, pool, clock, 30)


def test_the_session_is_no_argument_of_what_is_called(open_queue):
    queue = open_queue(pool := HeldPool(slots=2))
    run = submit(queue, "bob")
    settle(queue)
    pool.run()
    settle(queue)
    queue.pause(run, "bob")
    pool.run()
    settle(queue)
    queue.ask(run, "next_tokens", session="ann", prompt="to")
    queue.ask_corpus("c0ffee" * 4, "ngram_baselines", session="cleo", orders=[1])
    settle(queue)
    assert [keywords for *_, keywords, _ in pool.held] == [{"prompt": "to"}, {"orders": [1]}]


def test_a_session_may_have_so_many_questions_waiting_and_all_so_many(open_queue):
    queue = open_queue(HeldPool(), questions_per_session=2, questions_total=5)
    ask(queue, "cleo")  # a worker has it: it does not wait
    settle(queue)
    ask(queue, "ann")
    last = ask(queue, "ann")
    with pytest.raises(LimitReached, match="You have 2 questions waiting for the workers"):
        ask(queue, "ann")
    ask(queue, "bob")
    for _ in range(2):
        ask(queue, "")
    with pytest.raises(LimitReached, match="The workers have 5 questions waiting"):
        ask(queue, "bob")
    assert last.cancel()
    ask(queue, "ann")


def test_what_is_cancelled_leaves_the_line_at_once(open_queue):
    queue = open_queue(pool := HeldPool())
    first = ask(queue, "ann", "first")
    settle(queue)
    second, third = ask(queue, "ann", "second"), ask(queue, "ann", "third")
    assert (queue.place(second), queue.place(third)) == (1, 2)
    assert second.cancel()
    assert (queue.place(second), queue.place(third)) == (None, 1)
    assert not first.cancel()
    pool.run()
    settle(queue)
    assert in_flight(pool) == ["third"]
    assert first.result(0) == "first"


def test_the_place_counts_sessions_in_turns(open_queue):
    queue = open_queue(pool := HeldPool())
    ask(queue, "cleo")
    settle(queue)
    names = ["ann 0", "ann 1", "ann 2", "bob 0", "bob 1"]
    asked = {name: ask(queue, name[:3], name) for name in names}
    places = {name: queue.place(future) for name, future in asked.items()}
    assert places == {"ann 0": 1, "bob 0": 2, "ann 1": 3, "bob 1": 4, "ann 2": 5}
    turns = []
    for _ in names:
        pool.run()
        settle(queue)
        turns += in_flight(pool)
    assert turns == sorted(places, key=places.get)
    assert all(queue.place(future) is None for future in asked.values())


def test_the_wait_comes_from_what_questions_of_the_kind_took(open_clocked, clock):
    queue = open_clocked(pool := HeldPool())

    def compute(name, session="ann"):
        return queue.call(worker.compute, "lab.forests", name, session=session)

    quick, slow = compute("quick"), compute("slow")
    settle(queue)
    for seconds in (2.0, 20.0):
        clock.now += seconds
        pool.held.pop(0)[0].set_result(None)
        settle(queue)
    assert (queue.seconds(quick), queue.seconds(slow)) == (None, None)
    first = compute("slow")
    settle(queue)
    second, third = compute("quick"), compute("slow")
    assert [queue.seconds(future) for future in (first, second, third)] == [20.0, 22.0, 42.0]
    clock.now += 15
    assert [queue.seconds(future) for future in (first, second, third)] == [5.0, 7.0, 27.0]
    clock.now += 15
    assert queue.seconds(first) == 0.0


def test_two_workers_halve_the_wait():
    questions = Questions(Limits())
    questions.learn("slow", 10.0)
    asked = [Question(Future(), Future, "ann", "slow") for _ in range(3)]
    for question in asked:
        questions.add(question)
    assert questions.wait(asked[2], 0.0, 2, lambda session: False) == 20.0
    assert questions.typical("never seen") == 10.0


def test_a_question_that_waits_too_long_is_given_up_with_a_sentence(open_clocked, clock):
    queue = open_clocked(pool := HeldPool(), question_seconds=120)
    asked = ask(queue, "ann")
    settle(queue)
    clock.now += 1
    waiting = ask(queue, "ann", "waiting")
    clock.now += 119
    settle(queue)
    assert not waiting.done()
    clock.now += 1
    settle(queue)
    with pytest.raises(LimitReached, match="did not get to this question in 2 minutes"):
        waiting.result(0)
    pool.run()  # what a worker has goes on
    settle(queue)
    assert asked.result(0) == "q"
    assert pool.held == []


def test_the_deadline_needs_nothing_else_to_happen(open_queue):
    queue = open_queue(HeldPool(), question_seconds=0.05)
    ask(queue, "ann")
    settle(queue)
    assert isinstance(ask(queue, "ann").exception(60), LimitReached)


def test_a_checkpoint_is_read_without_holding_up_the_others(open_queue, monkeypatch):
    from pathlib import Path

    queue = open_queue(pool := HeldPool())
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    read, free = Path.read_bytes, []

    def slow_disk(path):
        other = threading.Thread(target=lambda: free.append(queue.view(run).run.step))
        other.start()
        other.join(10)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", slow_disk)
    queue.ask(run, "next_tokens", prompt="to")
    assert free == [3]


def test_a_checkpoint_that_moves_on_while_it_is_read_is_read_again(open_queue, monkeypatch):
    from pathlib import Path

    queue = open_queue(pool := HeldPool(slots=2))
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    read, first = Path.read_bytes, []

    def moves_on(path):
        if not first:
            first.append(path)
            pool.run()  # the next slice comes back, and the file of this one goes
            settle(queue)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", moves_on)
    queue.ask(run, "next_tokens", prompt="to")
    monkeypatch.undo()
    settle(queue)
    arguments = next(args for _, function, args, *_ in pool.held if function is worker.ask)
    assert arguments[3] == queue.store.checkpoint_path(queue.view(run).run).read_bytes()


def test_a_checkpoint_that_is_gone_says_so(open_queue):
    queue = open_queue(pool := HeldPool())
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    queue.store.checkpoint_path(queue.view(run).run).unlink()
    with pytest.raises(OSError, match="checkpoint-1"):
        queue.ask(run, "next_tokens", prompt="to")


def test_a_question_about_a_text_that_is_gone_says_so(open_queue):
    queue = open_queue(pool := HeldPool())
    answer = queue.ask_corpus("0123456789abcdef", "ngram_baselines", orders=[1])
    settle(queue)
    pool.run()
    with pytest.raises(LookupError, match="The text of this run is gone"):
        answer.result(10)
