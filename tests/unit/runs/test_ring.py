from collections import Counter
from itertools import pairwise

import pytest

from lab.runs.ring import Ring


def ring_of(**sessions):
    ring = Ring()
    for session, runs in sessions.items():
        for number in range(runs):
            ring.add(session, f"{session}{number}")
    return ring


def always(run_id):
    return True


def test_a_session_with_six_runs_gets_as_many_turns_as_one_with_a_single_run():
    ring = ring_of(a=6, b=1, c=1, d=1)
    turns = [ring.next(always) for _ in range(50)]
    by_session = Counter(turn[0] for turn in turns)
    assert sum(by_session.values()) == 50
    assert max(by_session.values()) - min(by_session.values()) <= 1
    within = Counter(turn for turn in turns if turn[0] == "a")
    assert len(within) == 6
    assert max(within.values()) - min(within.values()) <= 1


def test_no_session_goes_twice_in_a_row_while_another_is_ready():
    ring = ring_of(a=6, b=2)
    turns = [ring.next(always) for _ in range(20)]
    assert all(left[0] != right[0] for left, right in pairwise(turns))


@pytest.mark.parametrize("before", range(7))
@pytest.mark.parametrize("sessions", [{"a": 6, "b": 1, "c": 3}, {"a": 1}, {"a": 2, "b": 2}])
def test_the_place_of_a_run_is_the_number_of_its_next_turn(sessions, before):
    ring = ring_of(**sessions)
    for _ in range(before):
        ring.next(always)
    runs = [f"{session}{number}" for session, n in sessions.items() for number in range(n)]
    places = {run: ring.place(run[0], run, always) for run in runs}
    turns = [ring.next(always) for _ in range(40)]
    assert places == {run: turns.index(run) + 1 for run in runs}


def test_the_place_counts_only_runs_that_are_ready():
    ring = ring_of(a=3, b=2, c=1)

    def ready(run_id):
        return run_id not in ("a0", "c0")

    places = {run: ring.place(run[0], run, ready) for run in ("a0", "a1", "a2", "b0", "b1", "c0")}
    assert places == {"a0": None, "a1": 1, "a2": 3, "b0": 2, "b1": 4, "c0": None}
    assert [ring.next(ready) for _ in range(4)] == ["a1", "b0", "a2", "b1"]
    assert ring.place("nobody", "nothing", always) is None


def test_nothing_is_next_when_nothing_is_ready():
    assert Ring().next(always) is None
    ring = ring_of(a=2)
    assert ring.next(lambda run_id: False) is None
    assert ring.next(always) == "a0"


def test_a_new_session_joins_at_the_end_and_a_run_that_leaves_is_skipped():
    ring = ring_of(a=1, b=1)
    assert ring.next(always) == "a0"
    ring.add("c", "c0")
    ring.add("c", "c0")
    assert [ring.next(always) for _ in range(4)] == ["b0", "a0", "c0", "b0"]
    ring.discard("a", "a0")
    ring.discard("a", "a0")
    ring.discard("c", "other")
    assert [ring.next(always) for _ in range(3)] == ["c0", "b0", "c0"]


def test_a_run_still_at_work_when_its_turn_comes_has_the_next_one():
    ring = ring_of(a=1, b=1, c=1)
    assert ring.next(lambda run_id: run_id != "a0") == "b0"
    assert [ring.next(always) for _ in range(4)] == ["a0", "c0", "b0", "a0"]


def test_within_a_session_too_a_run_at_work_keeps_its_place():
    ring = ring_of(a=3)
    assert ring.next(lambda run_id: run_id != "a0") == "a1"
    assert [ring.next(always) for _ in range(3)] == ["a0", "a2", "a1"]


def turns_of(ring, count, *wanting):
    """Give turns as the scheduler does, and return who had them."""
    turns = []
    for _ in range(count):
        ring.settle(wanting)
        turns.append(ring.next(always))
        ring.passed(wanting)
    return turns


def test_who_owes_turns_is_passed_over_until_the_others_had_as_many():
    ring = ring_of(a=1, b=1)
    ring.charge("a", 4)
    assert ring.owes("a")
    turns = turns_of(ring, 40, "a", "b")
    assert turns[:4] == ["b0"] * 4
    assert Counter(turns[10:]) == {"a0": 15, "b0": 15}


def test_a_part_of_a_turn_is_lent_and_parts_add_up():
    ring = ring_of(a=1)
    ring.charge("a", 0.5)
    assert not ring.owes("a")
    ring.charge("a", 0.5)
    assert ring.owes("a")


def test_debts_that_nobody_is_owed_are_let_go():
    ring = ring_of(a=1, b=1)
    ring.charge("a", 30)
    ring.charge("b", 40)
    ring.settle(["a", "b"])
    assert (ring.owes("a"), ring.owes("b")) == (False, True)
    ring.settle([])
    assert not ring.owes("b")


def test_a_debt_is_paid_by_the_turns_of_others_while_its_session_is_away():
    ring = ring_of(b=1, c=1)
    ring.charge("a", 3)
    turns_of(ring, 6, "b", "c")
    assert not ring.owes("a")


def test_turns_that_are_owed_count_for_the_place():
    ring = ring_of(a=1, b=1, c=1)
    ring.charge("a", 2)
    assert ring.place("a", "a0", always) == 7
    assert ring.place("b", "b0", always) == 2
    assert ring_of(a=1).place("a", "a0", always) == 1
