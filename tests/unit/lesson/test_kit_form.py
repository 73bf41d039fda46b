"""The form of an experiment: line-up, budget, presets, and the button that starts it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.lesson.kit.form import Form, seconds_of, steps_of
from lab.lesson.kit.lineup import RATE, Catalogue, Entry, offered
from lab.lesson.kit.question import SKIP
from lab.training import Settings, SettingsError

CATALOGUE = Catalogue(
    "test", {"lstm": "LSTM", "gru": "GRU"}, offered(Settings, RATE, "width"), Settings.default
)
FORM = Form(CATALOGUE, (Entry("lstm"),), {"seconds": seconds_of(10, 1), "steps": steps_of(50)}, "")
TEXT = """# A lesson
## question
What is asked?
## set-up
Set up the next experiment
## missing
Choose something first.
"""


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Give the page its texts and no workers; return (names, settings) of what was started."""
    (tmp_path / "text.md").write_text(TEXT)
    started: list[tuple] = []

    def enqueue(names, settings, data, live):
        started.append((list(names), list(settings)))
        return [], ""

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

    from lab.lesson.kit.form import Form, Preset, seconds_of, steps_of
    from lab.lesson.kit.lineup import RATE, Catalogue, Entry, offered
    from lab.lesson.kit.panel import Panel
    from lab.lesson.kit.text import Text
    from lab.lesson.kit.training import TrainingLesson
    from lab.training import Settings

    form = Form(
        Catalogue(
            "test",
            {"lstm": "LSTM", "gru": "GRU"},
            offered(Settings, RATE, "width"),
            Settings.default,
        ),
        (Entry("lstm"),),
        {"seconds": seconds_of(10, 1), "steps": steps_of(50)},
        "What the choice means.",
        parameters_on=lambda settings, data: settings.width * len(data or ""),
    )
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
        data=lambda page: "data" if st.toggle("Data", True, key="data") else None,
        presets=(
            Preset("Two", "Two.", (Entry("lstm"), Entry("gru")), {"budget": "steps", "steps": 20}),
            Preset("None", "No data.", (), {"data": False}),
        ),
        predict=lambda page: ("Which is best?", form.catalogue.labels(page.entries)),
    ).show()
    st.code(repr(bool(st.session_state.get("start-now-test"))))


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def set_up(app: AppTest):
    return next(block for block in app.expander if "Set up" in block.label)


def guess(app: AppTest, option: str = SKIP) -> AppTest:
    return app.button_group(key="guess_pills").set_value(option).run()


def waits(app: AppTest) -> bool:
    """Return whether a start is left for later."""
    assert not app.exception
    return app.code[-1].value == "True"


def train(app: AppTest):
    return next(button for button in app.button if button.label == "Train")


def test_the_first_experiment_waits_for_a_guess(lab):
    app = opened()
    assert train(app).disabled
    assert "Train" in "\n".join(caption.value for caption in app.caption)
    guess(app)
    assert not train(app).disabled
    press(app, "Train")
    ((names, settings),) = lab
    assert names == ["LSTM"]
    assert (settings[0].model, settings[0].seconds, settings[0].seed) == ("lstm", 10, 0)


def test_without_data_nothing_starts_and_the_page_says_what_to_choose(lab):
    app = guess(opened())
    app.toggle(key="data").set_value(False).run()
    assert train(app).disabled
    assert "Choose something first." in [caption.value for caption in app.caption]


def test_a_preset_sets_the_form_and_the_link(lab):
    app = press(opened(), "Two")
    assert [entry.kind for _, entry in app.session_state["lineup-test"]] == ["lstm", "gru"]
    assert app.query_params["models"] == "lstm;gru"
    assert app.session_state["steps"] == 20
    assert not lab  # the first experiment waits for a guess
    assert not waits(app)


def experienced(**query: str) -> AppTest:
    """Return a page on which an experiment was started before."""
    app = opened(**query)
    app.session_state["has-run-test"] = True
    return app


def test_after_a_first_experiment_a_preset_starts_at_once_and_once(lab):
    app = press(experienced(), "Two")
    ((names, settings),) = lab
    assert names == ["LSTM", "GRU"]
    assert [one.steps for one in settings] == [20, 20]
    app.run()
    assert len(lab) == 1
    assert not waits(app)


def test_a_presets_start_is_dropped_where_something_is_missing_and_never_left_for_later(lab):
    app = press(experienced(), "None")
    assert not lab
    assert not waits(app)
    app.toggle(key="data").set_value(True).run()
    assert not lab


def test_a_presets_start_is_not_left_for_later_where_the_button_is_pressed_too(lab):
    app = guess(experienced())
    app.session_state["start-now-test"] = True
    press(app, "Train")
    app.run()
    assert len(lab) == 1
    assert not waits(app)


def test_a_presets_start_is_dropped_where_the_controls_are_hidden(lab):
    app = opened(hide="controls")
    app.session_state["has-run-test"] = app.session_state["start-now-test"] = True
    app.run()
    assert not lab
    assert not waits(app)


def test_the_number_of_parameters_depends_on_the_data(lab):
    app = opened()
    width = Settings.default("lstm").width
    assert f"{4 * width:,} parameters" in [caption.value for caption in app.caption]
    app.toggle(key="data").set_value(False).run()
    assert "0 parameters" in [caption.value for caption in app.caption]


def test_models_are_added_changed_and_removed_in_the_link(lab):
    app = press(opened(), "GRU")
    assert app.query_params["models"] == "lstm;gru"
    uid = app.session_state["lineup-test"][1][0]
    app.number_input(key=f"width-{uid}").set_value(64).run()
    assert app.query_params["models"] == "lstm;gru:width=64"
    first = app.session_state["lineup-test"][0][0]
    app.button(key=f"remove-{first}").click().run()
    assert app.query_params["models"] == "gru:width=64"
    (only,) = (uid for uid, _ in app.session_state["lineup-test"])
    assert app.button(key=f"remove-{only}").disabled


def test_settings_that_cannot_be_are_refused_in_a_sentence(lab, monkeypatch):
    def refuse(self, entries, budget, **more):
        raise SettingsError("The width must be a multiple of the heads.")

    monkeypatch.setattr(Form, "settings", refuse)
    app = press(guess(opened()), "Train")
    assert [error.value for error in app.error] == ["The width must be a multiple of the heads."]
    assert not lab


def test_keys_of_a_form_in_the_link():
    names = [key.name for key in FORM.keys]
    assert names == ["models", "budget", "seconds", "steps", "seed", "device"]
    assert FORM.models.read(["gru;nonsense;lstm:width=64"]) == [
        Entry("gru"),
        Entry("lstm", {"width": 64}),
    ]
    assert FORM.models.refused("gru;nonsense") == ["nonsense"]
    assert FORM.kind.read(["Steps"]) == "steps"


def test_the_line_up_as_the_inside_of_a_dict():
    code = FORM.code_of([Entry("lstm", {"width": 64}), Entry("gru")], "model")
    assert eval("{" + code + "}") == {
        "LSTM (width 64)": {"model": "lstm", "width": 64},
        "GRU": {"model": "gru"},
    }


def test_texts_of_the_frame_are_there():
    from lab.lesson.kit.link import KIT

    assert KIT.folder == Path("lab/lesson/kit").resolve()


def test_folded_controls_open_when_a_preset_changes_them(lab):
    app = opened(runs="gone")
    assert not set_up(app).proto.expanded
    press(app, "Two")
    assert set_up(app).proto.expanded


def test_a_lesson_may_say_what_its_presets_are(lab, tmp_path):
    (tmp_path / "text.md").write_text(TEXT + "## start-with\n**Data that say**\n")
    assert "**Data that say**" in [text.value for text in opened().markdown]
