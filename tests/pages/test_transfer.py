"""The lesson on transfer between regions, by its controls."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from lab.lesson.kit import ask
from lab.lesson.kit.runs import views_of
from lab.lesson.transfer import (
    crop_calendar,
    exercises,
    field_split,
    iou_table,
    paper_quiz,
    region_picker,
    results,
    rivals,
    run_panel,
)
from tests.pages.conftest import PATIENCE, wait_for_runs
from tests.pages.test_caption import markdown
from tests.pages.test_language_model import button, choose, sentences

FAST = {"models": "last1:batch=1", "steps": "10", "budget": "Steps"}
SKIP = "I would rather not guess"


@pytest.fixture(autouse=True)
def small_scenes(monkeypatch):
    monkeypatch.setattr(region_picker, "SIZE", 96)


def test_a_guess_three_seeds_and_the_table(open_page):
    app = open_page("transfer", **FAST, seeds="Three")
    assert not app.exception
    assert button(app, "Train").disabled
    assert "synthetic" in markdown(app)
    assert not app.table  # its numbers answer the question
    assert "test part of Spain" in app.get_by_key("guess_pills").label
    choose(app, "guess_pills", "Last layer (batch 1)").run()
    assert "0.57" in app.table[-1].value.to_string()  # the paper's
    assert "guess" not in app.query_params
    button(app, "Train").click().run()
    runs = wait_for_runs(3, seconds=240)
    app.run()
    assert not app.exception
    assert sorted(run.settings["seed"] for run in runs) == [0, 1, 2]
    assert len({run.corpus for run in runs}) == 3  # a seed draws the scenes too
    assert str(app.query_params["others"]).count(",") == 1
    assert "validation" in markdown(app)
    assert "regions?model=Your%20run" in markdown(app)
    row, *_ = results.measured(views_of([run.id for run in runs]))
    assert row["n"] == 3
    assert row["low"] <= row["mean"] <= row["high"]
    for view in views_of([run.id for run in runs]):
        key, _ = rivals.question(view)
        ask.answers().find(key).result(timeout=PATIENCE)
    app.run()
    assert not app.exception
    frames = [frame.value for frame in app.table]
    assert frames[0].Method.tolist() == [
        "Forest",
        "Rule",
        "Zero-shot",
        "Last layer (batch 1), 10 steps",
    ]
    assert "; 3)" in frames[0].to_string()
    assert "0.57" in frames[-1].to_string()  # the paper's, beside
    for tab in ("Network", "Barley and rice", "Train, validation, test"):
        app.session_state["tab"] = tab
        app.run()
        assert not app.exception
    choose(app, "measure", "Loss").run()
    assert not app.exception


def test_presets_a_region_of_ones_own_and_a_bad_link(open_page):
    app = open_page("transfer", models="<b>;FT:batch=999", runs="../x", others="<i>", target="x")
    assert not app.exception
    assert "could not be read" in sentences(app)
    assert "FT:batch=999" in sentences(app).replace("\\", "")
    assert "target=x" in sentences(app).replace("\\", "")
    button(app, "Barley from rice").click().run()
    assert app.get_by_key("target").value == "The Netherlands (barley)"
    button(app, "Ten tiles are enough?").click().run()
    assert app.get_by_key("shots").value == "10"
    assert "RI;FT;FT_E" in str(app.query_params["models"])
    button(app, "Two channels from one (Eq. 3)").click().run()
    assert app.get_by_key("features").value == "VH+VV"
    choose(app, "target", "Your own calendar (rice)").run()
    assert not app.exception
    choose(app, "shift", 45).run()
    assert not app.exception
    assert '"shift": 45.0' in app.code[0].value
    assert "your region" in app.get_by_key("guess_pills").label


def row(method, mean, low=None, high=None, n=3, tuned="spain", tested="spain"):
    low, high = mean if low is None else low, mean if high is None else high
    by_seed = dict(enumerate((low, high, 3 * mean - low - high)[:n]))
    place = {"tuned": tuned, "tested": tested, "features": "VH"}
    figures = {"mean": mean, "low": low, "high": high, "n": n, "by_seed": by_seed}
    return {"method": method, **place, **figures}


def test_orders_are_compared_only_where_seeds_tell_them_apart():
    theirs = [row("FT_E", 0.9, n=0), row("FT", 0.8, n=0), row("RI", 0.7, n=0)]
    ours = [row("FT_E", 0.6), row("FT", 0.9, 0.8, 1.0), row("RI", 0.85, 0.6, 0.9)]
    found = results.compared(ours, theirs)
    place = ("spain", "spain", "VH")
    assert found["differ"] == [(*place, "FT_E", "FT")]
    assert found["close"] == [(*place, "FT_E", "RI"), (*place, "FT", "RI")]
    assert results.compared([row("FT", 0.9), row("RI", 0.2)], theirs)["agree"]
    one = results.compared([row("FT", 0.9, n=1), row("RI", 0.2, n=1)], theirs)
    assert one["close"]
    assert not one["agree"]
    told = results.in_words(found, str, "Ours")
    assert "the other way round in 1" in told
    assert "FT_E over FT" in told
    fewer = results.compared([row("FT, 9 steps", 0.9), row("RI, 9 steps", 0.2)], theirs)
    assert fewer["agree"] == [(*place, "FT, 9 steps", "RI, 9 steps")]
    assert not any(results.compared([row("FT, 9 steps", 0.9), row("RI", 0.2)], theirs).values())
    assert results.parted("FT_E (lr 0.1), 9 steps") == ("FT_E", " (lr 0.1), 9 steps")
    assert "no two methods" in results.in_words(results.compared([], theirs), str, "Ours")


def test_figures_are_written_with_their_seeds():
    assert iou_table.written(None) == "–"
    assert iou_table.written(row("a", 0.5, n=0)) == "0.50"
    assert iou_table.written(row("a", 0.5, n=1)) == "0.50 (1)"
    assert iou_table.written(row("a", 0.5, 0.4, 0.6)) == "0.50 (0.40 to 0.60; 3)"
    shown = iou_table.frame([row("FT", 0.5), row("Forest", 0.4), row("FT", 0.3, tested="france")])
    assert list(shown.Method) == ["Forest", "FT"]
    assert list(shown.columns[1:]) == ["Spain → Spain", "Spain → France"]
    assert shown.iloc[0, 2] == "–"
    assert iou_table.whole([row("FT", 0.5) | {"source": "paper"}], "VH").to_dict()


def test_guesses_are_judged_over_all_seeds(monkeypatch):
    def view(name, seed, value):
        settings = {"model": name, "seed": seed}
        run = SimpleNamespace(name=name, settings=settings)
        points = [{"step": 1, "seconds": 1.0, "metrics": {"tiles_spain": value}}]
        return SimpleNamespace(run=run, history=SimpleNamespace(points=points))

    monkeypatch.setattr(run_panel, "tuned_in", lambda run: "spain")
    shown = [view("FT", 0, 0.5), view("RI", 0, 0.6)]
    more = [view("FT", 1, 0.7), view("RI", 1, 0.4)]
    assert run_panel.figures(shown, [*shown, *more]) == {"FT": [0.5, 0.7], "RI": [0.6, 0.4]}


def test_exercises_are_checked(monkeypatch):
    assert exercises.ahead([]) is None
    assert exercises.ahead([row("FT", 0.5, n=1)])[0] is False
    apart = exercises.ahead([row("FT", 0.9), row("RI", 0.5)])
    assert apart[0]
    assert "ahead on all 3 seeds" in apart[1]
    assert "changes" in exercises.ahead([row("FT", 0.6, 0.4, 0.8), row("RI", 0.5, 0.5, 0.5)])[1]
    state: dict = {}
    monkeypatch.setattr(st, "session_state", state)
    assert exercises.read() is exercises.leaking() is None
    state[field_split.LEAK] = {"region": "france", "pixels": {"iou": 0.7, "new_iou": 0.65}}
    assert exercises.leaking()[0] is False
    state[field_split.LEAK]["pixels"]["new_iou"] = 0.5
    assert exercises.leaking() == (True, "France: promised 0.70, the new scene gives 0.50.")
    state[paper_quiz._RIGHT] = {1, 2, 3}
    assert exercises.read()[0] is True
    assert [field_split.right_guess(gap) for gap in (-0.1, 0.05, 0.3)] == list(field_split.GUESSES)


def test_a_number_of_the_papers_table_is_read():
    rows = paper_quiz.order()
    assert len(rows) == 40
    french = next(r for r in rows if (r["method"], r["tested"]) == ("FT", "france"))
    assert paper_quiz.answers({**french, "tuned": "spain"}) == {
        "Pre-trained in": "korea",
        "Tuned (or trained) in": "spain",
        "Tested in": "france",
        "Crop": "rice",
    }
    dutch = {"method": "RI", "tuned": "netherlands", "tested": "netherlands", "mean": 0.0}
    assert paper_quiz.answers(dutch)["Pre-trained in"] == paper_quiz.NOWHERE
    assert paper_quiz.answers(dutch)["Crop"] == "barley"
    assert "never finds" in paper_quiz.why(dutch)


def test_flooded_rice_rises_and_barley_does_not():
    assert crop_calendar.rise("rice, Spain") > 5 > crop_calendar.rise("barley")
    assert crop_calendar.apart("barley", "barley") == 0


def test_numbers_that_are_none_and_empty_choices_leave_the_page_whole(open_page):
    app = open_page(
        "transfer", seed="inf", steps="1e400", score="inf", budget="", shots="", seeds=""
    )
    assert not app.exception
    for part in ("seed=inf", "steps=1e400", "score=inf"):
        assert part in sentences(app).replace("\\", "")
    assert [app.get_by_key(key).value for key in ("seed", "steps", "score")] == [0, 150, 1]
    assert "shots=0, steps=150" in app.code[0].value  # what stands first counts
    assert "range(0, 1)" in app.code[0].value


def test_a_guess_is_about_one_experiment_and_a_leak_about_one_region(open_page):
    app = open_page("transfer", tab="Train, validation, test")
    choose(app, "guess_pills", "FT (all)").run()
    choose(app, "features", "VH+VV").run()
    assert app.get_by_key("guess_pills").value is None
    button(app, "Spain from Korea").click().run()
    assert app.get_by_key("guess_pills").value == "FT (all)"  # that experiment's own
    choose(app, "leak_guess", SKIP).run()
    assert "Split by pixels: promised" in markdown(app)
    assert "What to notice" in [heading.value for heading in app.subheader]
    choose(app, "split", "france").run()
    assert not app.exception
    assert app.get_by_key("leak_guess").value is None
    assert "Split by pixels: promised" not in markdown(app)
    assert "What to notice" not in [heading.value for heading in app.subheader]
