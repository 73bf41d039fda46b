"""Questions to workers: waited for, cancelled, refused, and faults told apart."""

from __future__ import annotations

import logging
from concurrent.futures import Future

import pytest
from loky.process_executor import TerminatedWorkerError
from streamlit.testing.v1 import AppTest

from lab.lesson.kit import ask
from lab.runs import LimitReached


class Queue:
    """A line with one question in it."""

    def __init__(self, future: Future) -> None:
        self.future, self.sent = future, 0

    def send(self) -> Future:
        self.sent += 1
        return self.future

    def seconds(self, future: Future) -> float:
        return 8.2

    def place(self, future: Future) -> int:
        return 3


@pytest.fixture
def queue(monkeypatch):
    made = Queue(Future())
    monkeypatch.setattr(ask, "PATIENCE", 0.0)
    monkeypatch.setattr("lab.lesson.service.run_queue", lambda: made)
    ask.answers.clear()
    yield made
    ask.answers.clear()


def page():
    import streamlit as st

    from lab.lesson import service
    from lab.lesson.kit.ask import answer

    st.code(repr(answer(("question", 1), service.run_queue().send, "A model")))


def opened() -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def faults(caplog) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "glasshouse"]


def test_an_answer_is_asked_for_once(queue):
    queue.future.set_result(5)
    app = opened()
    assert app.code[0].value == "5"
    assert app.run().code[0].value == "5"
    assert queue.sent == 1


def test_a_wait_says_how_long_and_how_many_are_before(queue):
    app = opened()
    assert app.code[0].value == "None"
    assert "about 8 s (3rd in line)" in app.caption[0].value


def test_what_is_cancelled_leaves_the_line_and_can_be_asked_again(queue):
    app = opened()
    app.button[0].click().run()
    assert queue.future.cancelled()
    assert "Cancelled." in app.warning[0].value
    assert queue.sent == 1
    queue.future = Future()
    queue.future.set_result("here")
    app.button[0].click().run()
    assert app.code[0].value == "'here'"


def test_another_browser_that_waits_keeps_the_question(queue):
    line = ask.answers()
    asked = line.once("q", queue.send)
    asked.waiting |= {"one", "two"}
    line.leave("q", "one")
    assert not queue.future.cancelled()
    line.leave("q", "two")
    assert queue.future.cancelled()


@pytest.mark.parametrize(
    "error",
    [ValueError("There is no *word*: write one."), LookupError("This run has no checkpoint yet.")],
)
def test_a_refusal_is_shown_as_text(queue, error, caplog):
    queue.future.set_exception(error)
    app = opened()
    assert app.warning[0].value.startswith("A model: ")
    assert not app.error
    assert r"\*word\*" in app.warning[0].value or "checkpoint" in app.warning[0].value
    assert not app.button
    assert not faults(caplog)


def renamed():
    from lab.lesson import service
    from lab.lesson.kit.ask import answer

    queue = service.run_queue()
    answer(("question", 1), queue.send, said=lambda text: text.replace("0123.tif", "mine.tif"))


def test_a_refusal_calls_files_as_they_came(queue):
    queue.future.set_exception(ValueError("0123.tif is damaged."))
    app = AppTest.from_function(renamed, default_timeout=60).run()
    assert app.warning[0].value == r"mine\.tif is damaged\."


def test_a_download_that_failed_is_asked_for_again(queue):
    queue.future.set_exception(ValueError("There is no room on the disk."))
    with pytest.raises(ValueError, match="no room"):
        ask.later("file", queue.send).result()
    queue.future = Future()
    queue.future.set_result(b"here")
    assert ask.later("file", queue.send).result() == b"here"
    assert ask.later("file", queue.send).result() == b"here"
    assert queue.sent == 2


@pytest.mark.parametrize(
    "error",
    [
        TypeError("unsupported operand"),
        KeyError("temperature"),
        ValueError("shapes (3,4) and (5,6) not aligned"),
        FileNotFoundError(2, "No such file or directory"),
        ZeroDivisionError("division by zero"),
    ],
)
def test_a_fault_of_ours_is_logged_and_never_asks_to_try_again(queue, error, caplog):
    queue.future.set_exception(error)
    with caplog.at_level(logging.ERROR):
        app = opened()
    assert "broken" in app.error[0].value
    assert "try again" not in app.error[0].value.lower()
    assert not app.button
    assert faults(caplog)[0].exc_info[1] is error


@pytest.mark.parametrize(
    "error", [TerminatedWorkerError("killed"), LimitReached("Too many questions wait.")]
)
def test_a_worker_that_died_and_a_full_line_can_be_asked_again(queue, error, caplog):
    queue.future.set_exception(error)
    app = opened()
    assert "Ask again" in app.button[0].label
    assert not faults(caplog)
    queue.future = Future()
    queue.future.set_result(1)
    app.button[0].click().run()
    assert app.code[0].value == "1"


def test_a_deadline_gives_up(queue, monkeypatch):
    monkeypatch.setattr(ask, "DEADLINE", -1.0)
    app = opened()
    assert "given up" in app.warning[0].value
    assert queue.future.cancelled()


def answered(value) -> Future:
    future: Future = Future()
    future.set_result(value)
    return future


def test_answers_take_no_more_memory_than_they_may():
    kept = ask.Answers(most_bytes=250)
    under_way: Future = Future()
    kept.once("waits", lambda: under_way)
    for name in "abc":
        kept.once(name, lambda: answered({"vectors": [b"x" * 50, b"x" * 50]}))
    assert list(kept._asked) == ["waits", "b", "c"]
    under_way.set_result("x" * 1_000)  # larger than all: the newest stays
    assert list(kept._asked) == ["waits"]


@pytest.mark.parametrize(
    ("value", "size"),
    [(b"123", 3), ("1234", 4), ([[0.5] * 10] * 1_000, 320_000), ({"a": "12", "b": (b"3",)}, 3)],
)
def test_the_size_of_an_answer_is_about_right(value, size):
    assert ask._size(value) == size


def test_a_fault_of_ours_is_kept_for_a_while_where_a_page_is_drawn_each_second(queue, caplog):
    queue.future.set_exception(TypeError("unsupported operand"))
    with caplog.at_level(logging.ERROR):
        app = opened()
        app.run()
    assert "broken" in app.error[0].value
    assert queue.sent == 1
    assert len(faults(caplog)) == 1


def test_after_that_while_another_look_asks_again(queue, monkeypatch):
    monkeypatch.setattr(ask, "FAULT_KEPT", -1.0)
    queue.future.set_exception(TypeError("unsupported operand"))
    app = opened()
    queue.future = Future()
    queue.future.set_result(1)
    assert app.run().code[0].value == "1"
    assert not app.error


def together():
    import streamlit as st

    from lab.lesson import service
    from lab.lesson.kit.ask import known, several, under_way

    names = ["one", "two", "three"]
    found = several([(name, service.run_queue().send, name) for name in names])
    st.code(repr([found, [known(name) for name in names], [under_way(name) for name in names]]))


def test_several_are_asked_before_one_is_waited_for(queue):
    answered, failed, waits = Future(), Future(), Future()
    answered.set_result(1)
    failed.set_exception(ValueError("There is no such word."))
    futures = iter([answered, waits, failed])
    queue.send = lambda: next(futures)
    app = AppTest.from_function(together, default_timeout=60).run()
    assert not app.exception
    assert app.code[0].value == "[[1, None, None], [1, None, None], [False, True, False]]"
    assert app.warning[0].value == "three: There is no such word\\."


def test_what_was_cancelled_is_not_begun_again(queue):
    def begins():
        from lab.lesson import service
        from lab.lesson.kit.ask import answer, begin

        begin(("question", 1), service.run_queue().send)
        answer(("question", 1), service.run_queue().send, "A model")

    app = AppTest.from_function(begins, default_timeout=60).run()
    assert queue.sent == 1
    app.button[0].click().run()
    assert "Cancelled" in app.warning[0].value
    assert queue.sent == 1
    app.button[0].click().run()
    assert queue.sent == 2
