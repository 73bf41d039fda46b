"""The runs of a link: told apart, of this lesson or another, and what kept one out of the queue."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from lab.lesson.kit import runs
from lab.lesson.kit.collect import lesson_of
from lab.runs import LimitReached, Run, Status


def run(id: str, name: str = "", task: str = "language", status=Status.FINISHED) -> Run:
    settings = {} if task == "language" else {"task": task}  # the oldest runs name no task
    return Run(id, "ann", name or id, settings, "c0ffee", status=status)


def view(run: Run) -> SimpleNamespace:
    return SimpleNamespace(run=run)


class Queue:
    """A queue that holds some runs and takes in as many more as it has room."""

    def __init__(self, *held: Run, room: int = 0) -> None:
        self.runs, self.room = {one.id: one for one in held}, room

    def view(self, id: str) -> SimpleNamespace:
        return view(self.runs[id])

    def submit(self, session: str, name: str, settings, digest, stored, live) -> str:
        if not self.room:
            raise LimitReached("At most 2 runs at a time: stop one of yours.")
        self.room -= 1
        self.runs[name] = run(name)
        return name


@pytest.fixture
def hold(monkeypatch):
    """Return a function that opens a queue with some runs."""

    def hold(*held: Run, room: int = 0) -> Queue:
        queue = Queue(*held, room=room)
        monkeypatch.setattr("lab.lesson.service.run_queue", lambda: queue)
        return queue

    monkeypatch.setattr("lab.lesson.service.session", lambda: "ann")
    return hold


@pytest.mark.parametrize(
    ("given", "distinct"),
    [
        (("a #2", "a", "a"), ["a #2", "a", "a #3"]),
        (("a", "a", "a #2"), ["a", "a #2", "a #2 #2"]),
        (("a", "b"), ["a", "b"]),
        ((), []),
    ],
)
def test_names_are_distinct(given, distinct):
    found = runs.names([view(run(str(place), name)) for place, name in enumerate(given)])
    assert found == distinct
    assert len(set(found)) == len(given)


def of_language(run: Run) -> bool:
    return run.settings.get("task", "language") == "language"


def test_runs_are_parted_into_own_others_and_gone(hold):
    hold(run("a"), run("b", task="captioning"))
    shown = runs.of_link(of_language, ["a", "b", "c"])
    assert [one.run.id for one in shown.own] == ["a"]
    assert [one.run.id for one in shown.others] == ["b"]
    assert shown.gone == 1


def test_another_lessons_run_is_named_with_its_door(hold):
    said = runs.door(run("b", "My *own*", task="captioning"))
    assert r"**My \*own\***" in said
    assert "(caption?runs=b)" in said
    assert "Describe a picture" in said
    assert lesson_of(run("a")).name == "language_model"


def test_a_run_of_no_lesson_is_said_to_be_that():
    nobody = run("n", "Nobody's", task="no such task")
    assert lesson_of(nobody) is None
    assert "belongs to no lesson" in runs.door(nobody)


def page():
    import streamlit as st

    from lab.lesson.kit import runs

    def of_language(run):
        return run.settings.get("task", "language") == "language"

    class Data:
        digest = "c0ffee"

        def to_bytes(self):
            return b""

    class Setting:
        def to_dict(self):
            return {}

    names = ["one", "two", "three"]
    if st.button("Train"):
        runs.begin(*runs.enqueue(names, [Setting()] * 3, Data(), {}))
    runs.tell_limit()
    runs.live(of_language, lambda own: st.code(", ".join(runs.names(own))))


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def test_the_limits_sentence_survives_the_rerun_beside_the_runs_that_began(hold):
    hold(room=2)
    app = opened()
    app.button[0].click().run()
    assert [error.value for error in app.error] == ["At most 2 runs at a time: stop one of yours."]
    assert app.code[0].value == "one, two"
    assert app.query_params["runs"] == "one,two"
    app.run()
    assert not app.error  # said once


def test_where_nothing_began_the_limit_is_said_and_the_old_runs_stay(hold):
    hold(run("old"))
    app = opened(runs="old")
    app.button[0].click().run()
    assert len(app.error) == 1
    assert app.query_params["runs"] == "old"
    assert app.code[0].value == "old"


def test_the_page_draws_its_own_runs_and_names_the_others(hold):
    hold(run("a", "LSTM"), run("b", "Soft", task="captioning"))
    app = opened(runs="a,b,gone")
    assert not app.exception
    assert app.code[0].value == "LSTM"
    told = [info.value for info in app.info]
    assert any(text.startswith("1 of the runs") for text in told)
    assert any("(caption?runs=b)" in text for text in told)


def test_of_others_runs_nothing_is_drawn(hold):
    hold(run("b", "Soft", task="captioning"))
    app = opened(runs="b")
    assert not app.code
    assert len(app.info) == 1


def test_six_runs_at_most_stand_in_a_link(hold):
    assert len(runs.RUNS.read([",".join("abcdefgh")])) == 6


def test_a_run_that_a_link_names_twice_is_shown_once():
    assert runs.RUNS.read(["a,,b,a"]) == ["a", "b"]
