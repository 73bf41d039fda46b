"""The lesson on fine-tuning a classifier, by its controls."""

from __future__ import annotations

from types import SimpleNamespace

from lab.lesson.verdict import exercises
from tests.pages.conftest import wait_for_runs
from tests.pages.test_caption import markdown
from tests.pages.test_language_model import button, choose, sentences

# A frozen encoder is trained in a moment; the other ways are tried in the unit tests.
TWO = "frozen:batch=2;frozen:pool=cls,batch=2"
SKIP = "I would rather not guess"
OWN = "Your own table"


def captions(app) -> str:
    return " ".join(element.value for element in app.caption)


def table(count: int = 40, label=lambda n: n % 2) -> bytes:
    lines = [f"text <b>{n}</b>,{'good' if label(n) else '*bad*'}" for n in range(count)]
    return "\n".join(lines).encode()


def test_a_guess_a_run_a_sentence_and_its_mistakes(open_page):
    few = {"models": TWO, "steps": "10", "budget": "Steps", "examples": "20"}
    app = open_page("verdict", **few, tab="Mistakes")
    assert not app.exception
    assert button(app, "Train").disabled
    assert "2,000 others" in captions(app)
    assert "after learning from 20 sentences" in app.get_by_key("guess_pills").label
    choose(app, "guess_pills", "Bag of words").run()
    button(app, "Train").click().run()
    runs = wait_for_runs(2, seconds=240)
    app.run()
    assert not app.exception
    assert {run.settings["examples"] for run in runs} == {20}
    assert "514 weights trained on 20 examples" in markdown(app)
    assert "Most often right" in sentences(app)
    assert "Dashed: a **bag of words**" in captions(app)
    for measure in ("New words", "Known words", "Loss"):
        choose(app, "measure", measure).run()
        assert not app.exception
    choose(app, "sentence", "<b>*A*</b> splendid $x$ [evening](http://x)!").run()
    assert not app.exception
    assert "Each word is left out in turn" in captions(app)
    choose(app, "sentence", "").run()
    assert "There is no word to judge" in sentences(app).replace("\\", "")
    assert (app.dataframe[0].value["right"] != app.dataframe[0].value["said"]).all()


def test_a_table_of_ones_own_and_one_that_is_none(open_page):
    app = open_page("verdict", models="frozen:batch=2", steps="10", budget="Steps", data=OWN)
    assert "not part of the link" in captions(app)
    choose(app, "guess_pills", SKIP).run()
    assert button(app, "Train").disabled
    assert "Choose a table" in captions(app)
    for data, said in ((table(39), "39 different texts"), (table(label=lambda n: 1), "same label")):
        app.get_by_key("own_table").upload("mine.csv", data, "text/csv").run()
        assert said in app.error[0].value.replace("\\", "")
    app.get_by_key("own_table").upload("mine.csv", table(), "text/csv").run()
    assert not app.exception
    assert not app.error
    assert r"\*bad\*" in markdown(app)
    assert r"\<b\>" in markdown(app)
    choose(app, "steps", 10).run()
    assert button(app, "Train").disabled  # the guess was about no table yet
    choose(app, "guess_pills", SKIP).run()
    button(app, "Train").click().run()
    assert len(wait_for_runs(seconds=240)) == 1
    app.run()
    assert not app.exception
    assert r"\*bad\*" in markdown(app)


def test_presets_and_a_bad_link(open_page):
    app = open_page("verdict", models="<b>;full:batch=999", runs="../x", examples="7", data="<i>")
    assert not app.exception
    assert "could not be read" in sentences(app)
    button(app, "Few examples").click().run()
    assert app.get_by_key("examples").value == "100"
    button(app, "Words never seen").click().run()
    assert app.get_by_key("examples").value == "All"
    assert "frozen;full;scratch" in str(app.query_params["models"])
    assert not app.exception


def view(model="full", alive=False, examples=100, seed=0, **metrics):
    settings = {"model": model, "seconds": None, "steps": 9, "seed": seed, "examples": examples}
    status = SimpleNamespace(alive=alive)
    run = SimpleNamespace(settings=settings, corpus="c", status=status, name=model)
    points = [{"step": 1, "seconds": 1.0, "metrics": metrics}]
    return SimpleNamespace(run=run, history=SimpleNamespace(points=points))


def test_exercises_are_checked():
    ways = [view(model, accuracy=0.6, words=0.5) for model in ("frozen", "full", "scratch")]
    assert exercises.few([]) is exercises.ahead([]) is None
    assert exercises.few(ways)[0] is True
    assert exercises.few([*ways[:2], view("scratch", seed=1, accuracy=0.6)]) is None
    assert exercises.few([*ways[:2], view("scratch", alive=True, accuracy=0.6)]) is None
    assert (
        exercises.few([view(w.run.settings["model"], examples=0, accuracy=1) for w in ways]) is None
    )
    assert exercises.ahead(ways)[0] is True
    assert exercises.ahead([view(accuracy=0.54, words=0.5)])[0] is False
    assert exercises.ahead([view(alive=True, accuracy=0.9, words=0.5)]) is None


def test_two_classifiers_differ_when_their_verdicts_do():
    assert exercises.differ({}) is exercises.differ({"a": 1}) is None
    assert exercises.differ({"a": 1, "b": 1})[0] is False
    done, said = exercises.differ({"a": 1, "b": 1, "c": 0})
    assert done
    assert "a and c" in said


def test_numbers_of_a_link_that_are_none_and_empty_choices(open_page):
    for broken in ("inf", "1e400"):
        app = open_page("verdict", budget="", examples="", seed=broken, steps=broken)
        assert not app.exception
        assert f"seed={broken}, steps={broken}" in sentences(app)
        assert [app.get_by_key(key).value for key in ("seed", "steps")] == [0, 300]
        assert "from all sentences" in app.get_by_key("guess_pills").label


def test_the_guess_stays_out_of_the_link_and_the_points_wait_for_it(open_page):
    app = open_page("verdict", guess="Bag of words")
    assert app.get_by_key("guess_pills").value == "Bag of words"  # a link of an earlier version
    app = open_page("verdict")
    assert "What to notice" not in [head.value for head in app.subheader]
    choose(app, "guess_pills", "From scratch").run()
    assert "guess" not in app.query_params
    assert "What to notice" in [head.value for head in app.subheader]
    choose(app, "examples", "20").run()
    assert app.get_by_key("guess_pills").value is None  # it was about all sentences
