"""Starts of an experiment: several with data of their own, one that waits, one that is missing."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

TEXT = """# A lesson
## question
What is asked?
## set-up
Set up the next experiment
## missing
Choose something first.
## notice
- The answer.
"""


@pytest.fixture(autouse=True)
def lab(tmp_path, monkeypatch):
    """Give the page its texts and no workers; return (names, data) of what was started."""
    (tmp_path / "text.md").write_text(TEXT)
    started: list[tuple] = []

    def enqueue(names, settings, data, live):
        started.append((list(names), data))
        if data.startswith("-"):
            return [f"id{data}"], ""
        return ([], "No room.") if data == "full" else ([], "")

    class Queue:
        def runs_of(self, session):
            return []

    monkeypatch.setenv("KIT_TEXT", str(tmp_path))
    monkeypatch.setattr("lab.lesson.service.devices", lambda: ["cpu"])
    monkeypatch.setattr("lab.lesson.service.run_queue", Queue)
    monkeypatch.setattr("lab.lesson.kit.runs.enqueue", enqueue)
    return started


def page():
    import os
    from pathlib import Path

    import streamlit as st

    from lab.lesson.kit.form import Form, steps_of
    from lab.lesson.kit.keys import Key
    from lab.lesson.kit.lineup import RATE, Catalogue, Entry, offered
    from lab.lesson.kit.page import Tab
    from lab.lesson.kit.panel import Panel
    from lab.lesson.kit.text import Text
    from lab.lesson.kit.training import Start, TrainingLesson
    from lab.training import Settings

    catalogue = Catalogue("test", {"lstm": "LSTM"}, offered(Settings, RATE), Settings.default)
    form = Form(catalogue, (Entry("lstm"),), {"steps": steps_of(50)}, "What it means.")

    def start(page):
        if st.session_state.get("under-way"):
            page.awaits = True
            return None
        settings = form.settings(page.entries, page.budget)
        others = Key("others", [], lambda text: text.split(","), ",".join)
        return [
            Start(settings, part, names=(part,), aside=others if part.startswith("-") else None)
            for part in page.chosen.split()
        ]

    def experiment_in_its_tab(page):
        page.unanswered = bool(st.session_state.get("another question"))
        page.lesson.experiment(page)

    TrainingLesson(
        name="test",
        section="",
        place=0,
        icon="",
        text=Text(Path(os.environ["KIT_TEXT"])),
        task="language",
        noun="Model",
        panel=Panel(lambda view: ("", "")),
        form=form,
        data=lambda page: st.text_input("Data", "a b", key="data"),
        start=start,
        missing=lambda page: "Take a shorter one." if len(page.chosen) > 9 else "",
        predict=lambda page: ("Which is best?", form.catalogue.labels(page.entries)),
        in_tab=True,
        tabs=(
            Tab("Before", lambda page: st.text("Before it."), lazy=False),
            Tab("Train it", experiment_in_its_tab, lazy=False),
        ),
    ).show()


def opened() -> AppTest:
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    return app.button_group(key="guess_pills").set_value("LSTM").run()


def train(app: AppTest) -> AppTest:
    return app.button(key="train").click().run()


def test_the_experiment_stands_in_its_tab():
    names = [tab.label for tab in opened().tabs]
    assert names == ["Before", "Train it", "Save and load"]


def test_runs_learn_from_data_of_their_own(lab):
    train(opened())
    assert lab == [(["a"], "a"), (["b"], "b")]


def test_runs_that_are_not_on_the_chart_have_a_key_of_their_own(lab):
    app = opened()
    app.text_input(key="data").set_value("a -b -c").run()
    app = train(app)
    assert lab == [(["a"], "a"), (["-b"], "-b"), (["-c"], "-c")]
    assert app.query_params["others"] == "id-b,id-c"
    assert "runs" not in app.query_params


def test_after_a_limit_no_further_run_is_tried(lab):
    app = opened()
    app.text_input(key="data").set_value("full b").run()
    app = train(app)
    assert lab == [(["full"], "full")]
    assert app.error[0].value == "No room."


def test_what_keeps_it_from_starting_is_said(lab):
    app = opened()
    app.text_input(key="data").set_value("a long one").run()
    assert app.button(key="train").disabled
    assert "Take a shorter one." in [caption.value for caption in app.caption]


def test_a_start_that_waits_goes_on_by_itself_once(lab):
    app = opened()
    app.session_state["under-way"] = True
    train(app)
    app.run()
    assert not lab
    app.session_state["under-way"] = False
    app.run()
    app.run()
    assert len(lab) == 2


def test_another_experiment_is_not_started_in_its_place(lab):
    app = opened()
    app.session_state["under-way"] = True
    train(app)
    app.session_state["under-way"] = False
    app.text_input(key="data").set_value("c").run()
    app.run()
    assert not lab


def test_what_to_notice_waits_for_all_questions_of_the_page(lab):
    app = opened()
    assert "What to notice" in [head.value for head in app.subheader]
    app.session_state["another question"] = True
    app.run()
    assert "What to notice" not in [head.value for head in app.subheader]
