"""Chains of questions that take longer than a page may wait."""

from __future__ import annotations

import logging
import sys
import threading
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from types import SimpleNamespace

import pytest

from lab.lesson.kit import chain as chains_of
from lab.lesson.kit.chain import Chain, Chains
from lab.lesson.kit.link import KIT
from lab.runs import LimitReached


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
    chain = Chain(queue, plan, drop)
    queue.waiting[0].set_result(1)
    assert (chain.state, chain.answer) == ("running", 1)
    queue.waiting[1].set_result(2)
    assert chain.state == "finished"
    assert queue.asked == [("step", {"after": None}), ("step", {"after": 1})]


def test_a_chain_that_fails_says_why_and_leaves_nothing():
    queue = Queue()
    chain = Chain(queue, plan, drop, said=str.upper)
    queue.waiting[0].set_result(1)
    queue.waiting[1].set_exception(ValueError("It is gone."))
    assert (chain.state, chain.message) == ("failed", "IT IS GONE.")
    assert queue.asked[-1] == ("drop", {"what": 1})


@pytest.mark.parametrize(
    ("error", "said", "logged"),
    [
        (RuntimeError("inside"), "ours", 1),
        (KeyError("slip"), "ours", 1),
        (BrokenProcessPool(), "stopped", 0),
    ],
)
def test_a_fault_of_ours_is_told_apart_from_a_worker_that_died(error, said, logged, caplog):
    queue = Queue()
    chain = Chain(queue, plan, drop)
    with caplog.at_level(logging.ERROR, "glasshouse"):
        queue.waiting[0].set_exception(error)
    assert (chain.state, chain.message) == ("failed", KIT(said))
    assert len([record for record in caplog.records if record.exc_info]) == logged


def test_a_plan_that_fails_ends_its_chain():
    queue = Queue()
    chain = Chain(queue, lambda answer: ("m", "step", {}) if answer is None else 1 // 0, drop)
    queue.waiting[0].set_result(1)
    assert (chain.state, chain.message) == ("failed", KIT("ours"))
    assert chain.ended.is_set()
    assert queue.asked[-1] == ("drop", {"what": 1})


def test_a_chain_that_may_not_begin_says_so():
    queue = Queue()

    def full(*_, **__):
        raise LimitReached("You have 40 questions waiting.")

    queue.call = full
    chain = Chain(queue, plan, drop)
    assert (chain.state, chain.message) == ("failed", "You have 40 questions waiting.")


def test_a_cancelled_chain_drops_what_still_comes():
    queue = Queue()
    chain = Chain(queue, plan, drop)
    chain.cancel()
    assert chain.state == "cancelled"
    queue.waiting[0].set_result(1)
    assert queue.asked[1:] == [("drop", {"what": 1})]
    assert chain.state == "cancelled"


def test_a_chain_asks_in_the_name_of_its_session_and_clears_up_in_the_servers():
    queue = Queue()
    chain = Chain(queue, plan, drop, session="ann")
    queue.waiting[0].set_result(1)
    chain.cancel()
    assert queue.sessions == ["ann", "ann", ""]


def test_a_chain_whose_session_asks_for_too_much_says_so():
    queue = Queue()
    chain = Chain(queue, plan, drop)

    def full(*_, **__):
        raise LimitReached("You have 40 questions waiting.")

    queue.call = full
    queue.waiting[0].set_result(1)
    assert (chain.state, chain.message) == ("failed", "You have 40 questions waiting.")
    assert chain.ended.is_set()


def chain_of(state):
    return SimpleNamespace(state=state, cancel=lambda: None)


def test_of_the_chains_that_ended_the_last_ones_are_remembered(monkeypatch):
    monkeypatch.setattr(chains_of, "_MOST", 2)
    chains = Chains()
    chains.put("ann", "running", chain_of("running"))
    for number in range(4):
        chains.put("ann", f"{number}", chain_of("finished"))
    kept = [kind for kind in ("running", "0", "1", "2", "3") if chains.get("ann", kind)]
    assert kept == ["running", "1", "2", "3"]
    chains.forget("ann", "3")
    chains.forget("ann", "3")
    assert chains.get("ann", "3") is None


def test_a_second_chain_of_a_kind_ends_the_first():
    chains, ended = Chains(), []
    first = SimpleNamespace(state="running", cancel=lambda: ended.append("first"))
    chains.put("ann", "look", first)
    chains.put("bob", "look", chain_of("running"))
    assert ended == []
    chains.put("ann", "look", chain_of("running"))
    assert ended == ["first"]


def test_browsers_begin_chains_at_the_same_time(monkeypatch):
    monkeypatch.setattr(chains_of, "_MOST", 2)
    chains, failures = Chains(), []

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
