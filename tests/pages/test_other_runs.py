"""A run belongs to its lesson: each lesson opened with the runs of every other one."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lab.lesson import service
from lab.lesson.kit.collect import lesson_of, training
from lab.runs.kinds import kind_named
from lab.runs.run import Run, Status
from tests.pages.conftest import PATIENCE, ROOT
from tests.pages.test_language_model import sentences

LESSONS = {lesson.name: lesson for lesson in training()}


def ended(task: str) -> Run:
    """Return a run of a task that has ended and left nothing behind, in the queue."""
    settings = kind_named(task).settings.default()
    run = Run(f"ended-{task}", "somebody", f"A run of {task}", settings.to_dict(), "0" * 64)
    run.status = Status.FINISHED
    service.run_queue().records.add(run, b"")
    return run


@pytest.mark.parametrize("name", LESSONS)
def test_runs_of_other_lessons_are_named_with_their_doors(lab, open_page, name):
    lesson = LESSONS[name]
    tasks = dict.fromkeys(other.task for other in LESSONS.values() if other.task != lesson.task)
    runs = [ended(task) for task in tasks]
    for start in range(0, len(runs), 6):  # a link names six
        part = runs[start : start + 6]
        app = open_page(name, runs=",".join(run.id for run in part))
        assert not app.exception
        said = sentences(app)
        for run in part:
            assert run.name in said
            assert f"{lesson_of(run).path}?runs={run.id}" in said


def test_home_leads_to_the_lesson_of_each_run(lab):
    tasks = dict.fromkeys(other.task for other in LESSONS.values())
    runs = [ended(task) for task in list(tasks)[:5]]  # Home shows the five newest
    app = AppTest.from_file(str(ROOT / "lab" / "main.py"), default_timeout=PATIENCE)
    app.session_state["_session"] = "somebody"
    app.run()
    assert not app.exception
    leads = {
        (link.proto.page, link.proto.query_string)
        for link in app.get("page_link")
        if "runs=" in link.proto.query_string
    }
    assert leads == {(lesson_of(run).path, f"runs={run.id}") for run in runs}
