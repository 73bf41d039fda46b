"""The lesson "The same field, twice", by its controls."""

from __future__ import annotations

import re

import pytest

from lab.lesson.composites import map_iou, scene_picker

SKIP = "I would rather not guess"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(scene_picker, "SIZE", 96)


def written(app) -> str:
    kinds = (app.markdown, app.caption, app.info, app.success)
    return "\n".join(str(m.value) for kind in kinds for m in kind)


def charts(app) -> list:
    return app.get("vega_lite_chart")


def pick(app, kind: str, key: str, value):
    next(w for w in app.get(kind) if w.key == key).set_value(value)
    return app.run()


def press(app, name: str):
    return next(b for b in app.button if b.label == name).click().run()


def fine(app) -> None:
    assert not app.exception
    assert not app.warning


def test_from_a_guess_to_the_curve_and_its_bias(open_page):
    app = open_page("composites")
    fine(app)
    assert not charts(app)
    assert "then the answer comes" in written(app)
    app = pick(app, "button_group", "curve-guess", "Up")
    fine(app)
    assert len(charts(app)) == 1
    assert "guess" not in app.query_params
    assert "You guessed Up. From two to six it moved by −" in written(app)
    app = pick(app, "toggle", "curve-guess-share", True)
    assert app.query_params["guess"] == "Up"
    assert written(app).count("dB from the truth at 6 acquisitions") == 3
    app = pick(app, "toggle", "by_mean", True)
    assert "- **min**" not in written(app)
    assert "Choose *Rice, two or six* to compare" in written(app)
    app = pick(app, "slider", "passes", (5, 6))
    assert "The furthest apart now" in written(app)
    app = pick(app, "slider", "passes", (4, 4))
    assert "Twice the same number" in written(app)
    app = press(app, "Trees stand still")
    fine(app)
    assert next(s for s in app.selectbox if s.key == "grown").value == "trees or town"
    table = app.dataframe[0].value
    assert table[table.Operator == "min"].Expected.tolist() == [-1.28, -2.6]
    app = pick(app, "button_group", "looks", "5 looks")
    table = app.dataframe[0].value
    assert table[table.Operator == "min"].Expected.tolist() == [-1.59, -3.18]


def test_a_map_is_judged_after_a_guess_and_kept(open_page):
    app = press(open_page("composites", guess=SKIP), "A rule of 5 dB")
    fine(app)
    assert not charts(app)
    assert "Predict, or skip, to see the answer" in written(app)
    assert "What to notice" not in [heading.value for heading in app.subheader]
    app = pick(app, "button_group", "iou_guess_pills", "Rises")
    fine(app)
    assert len(charts(app)) == 1
    assert re.search("You guessed( it| Rises)\\. The IoU ", written(app))
    assert "iou_guess" not in app.query_params
    assert "What to notice" in [heading.value for heading in app.subheader]
    assert "All by mean**: IoU" not in written(app)
    app = pick(app, "toggle", "by_mean", True)
    assert "All by mean**: IoU" in written(app)
    assert "Spain, from 1 to 6 acquisitions" in written(app)
    app = pick(app, "selectbox", "region", "Korea")  # another region: another guess
    assert not charts(app)
    assert next(s for s in app.selectbox if s.key == "grown").value == "rice, Korea"
    app = pick(app, "button_group", "iou_guess_pills", SKIP)
    assert len(charts(app)) == 1
    app.query_params["tab"] = app.session_state["tab"] = "Save and code"
    app = app.run()
    fine(app)
    names = [button.label for button in app.get("download_button")]
    assert names == ["Curves (CSV)", "Curve (PNG)", "Bias (PNG)", "IoU (CSV)", "IoU (PNG)"]


def test_the_code_behind_is_that_of_the_page_and_a_bad_link_is_survived(open_page):
    app = open_page(
        "composites", region="Spain", grown="cocoa", passes="x", seed="-3", tab="Save and code",
        guess=SKIP, model="Physics rule",
    )  # fmt: skip
    assert not app.exception
    (warning,) = app.warning
    for part in ("grown=cocoa", "passes=x", "seed=-3"):
        assert part in warning.value.replace("\\", "")
    assert app.slider[0].value == (2, 6)
    assert next(s for s in app.selectbox if s.key == "grown").value == "rice, Spain"
    code = app.code[0].value
    assert "look('spain', 'rice, Spain', seed=0, size=96, band='VH')" in code


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([0.5, 0.6, 0.7], map_iou.RISES),
        ([0.7, 0.6, 0.5], map_iou.FALLS),
        ([0.5, 0.51, 0.52], map_iou.STAYS),
        ([0.5, 0.8, 0.6], map_iou.TURNS),
        ([0.8, 0.84, 0.8], map_iou.TURNS),
        ([0.8, 0.82, 0.7], map_iou.FALLS),
    ],
)
def test_what_an_iou_did(values, told):
    assert map_iou.outcome(values) == told


@pytest.mark.parametrize("seed", ["inf", "1e400", "nan", "1" + "0" * 30])
def test_a_seed_that_is_no_number_of_a_scene_is_left_out(open_page, seed):
    app = open_page("composites", seed=seed)
    assert not app.exception
    assert "seed" in app.warning[0].value
    assert next(w for w in app.number_input if w.key == "seed").value == 0
    assert "seed" not in app.query_params


def test_two_looks_a_period_and_both_guesses_come_by_a_link(open_page):
    app = open_page(
        "composites",
        passes=["3", "5"],
        window="21 Aug-10 Sep",
        guess="Up",
        iou_guess="rule-korea:Falls",
        model="Physics rule",
    )
    fine(app)
    assert app.slider[0].value == (3, 5)
    assert app.select_slider[0].value == "21 Aug-10 Sep"
    app = pick(app, "selectbox", "region", "Spain")
    app.query_params["tab"] = app.session_state["tab"] = "IoU moves"
    app = app.run()
    assert not charts(app)  # the guess was about Korea
    app = pick(app, "selectbox", "region", "Korea")
    app = app.run()
    assert app.query_params["guess"] == "Up"
