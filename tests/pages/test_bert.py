"""The lesson "How BERT learns", by its controls."""

from __future__ import annotations

from types import SimpleNamespace

from lab.lesson import service
from lab.lesson.bert import exercises, measures, recorded_training
from lab.lesson.kit import ask
from lab.lesson.kit.lineup import Entry
from lab.masked.objectives import Place
from tests.pages.conftest import wait_for_runs
from tests.pages.test_caption import markdown
from tests.pages.test_language_model import button, choose, sentences
from tests.pages.test_links import bound

SKIP = "I would rather not guess"
TINY = "random:layers=1,width=16,heads=2,batch=128"
PAGE = "The nurse said that she was tired, and she went home to read a book. " * 60


def captions(app) -> str:
    return " ".join(element.value for element in app.caption)


def test_the_four_tasks_on_ones_own_text(open_page):
    app = open_page("bert")
    assert not app.exception
    assert "GPT: guess the next token" not in markdown(app)  # a guess comes first
    assert "26 tokens" in app.get_by_key("task-guess").label
    choose(app, "task-guess", "26 and 26").run()
    assert "You guessed 26 and 26" in sentences(app)
    assert "26 of 26" in captions(app)
    assert "⟦" in markdown(app)
    before = markdown(app)
    button(app, "Draw again").click().run()
    assert app.get_by_key("draw").value == 4
    assert markdown(app) != before
    choose(app, "task_text", "One *sentence* only, <b>bold</b>.").run()
    assert "two sentences or more" in captions(app)
    assert "<b>" not in markdown(app)
    choose(app, "task_text", "Short.").run()
    assert "between 4 and 120" in sentences(app)
    assert not app.exception


def test_two_texts_put_a_bias_in(open_page):
    app = open_page("bert")
    button(app, "Put a bias in").click().run()
    assert "Which moves *nurse* further" in app.get_by_key("guess_pills").label
    assert app.get_by_key("steps").value == 150
    small = Entry("project", {"batch": 64, "pronoun_share": 0.8})
    app.session_state["lineup-bert"] = [(0, small)]
    choose(app, "watch", "nurse, person")
    choose(app, "steps", 10)
    choose(app, "guess_pills", "Text B").run()
    button(app, "Train").click().run()
    runs = wait_for_runs(2, 240)
    assert [run.name for run in runs] == ["Text A", "Text B"]
    assert [run.message for run in runs] == ["", ""]
    app.run()
    assert not app.exception
    assert "The nurse moved furthest on" in sentences(app)
    assert "everyday sentences" in markdown(app)
    assert "He or she?" in markdown(app)
    assert "fill?models=run%3A" in captions(app)
    choose(app, "centred", True).run()
    choose(app, "probe", "No blank here.").run()
    assert "Put [MASK]" in sentences(app)
    choose(app, "probe", "Paris is the capital of [MASK].").run()
    assert "guesses of its last weights" in captions(app)
    assert not app.exception


def test_a_run_from_random_weights_on_ones_own_text(open_page):
    app = open_page("bert", models=f"{TINY};<b>")
    assert "could not be read" in sentences(app)
    choose(app, "text", "own").run()
    assert button(app, "Train").disabled
    choose(app, "own_text", "Much too short a text. " * 9).run()
    choose(app, "vocabulary", 300)
    choose(app, "budget", "steps").run()
    choose(app, "steps", 20)
    choose(app, "guess_pills", SKIP).run()
    button(app, "Train").click().run()
    assert "too short to learn from" in sentences(app)
    choose(app, "own_text", PAGE).run()
    button(app, "Train").click().run()
    (run,) = wait_for_runs(1)
    app.run()
    assert not app.exception
    assert run.message == ""
    assert "guessed right at once" in markdown(app)


def test_a_training_begins_by_itself_once_a_worker_has_cut_up_its_text(open_page, monkeypatch):
    app = open_page("bert", models=TINY, text="stories-a", budget="Steps", steps="10")
    choose(app, "guess_pills", SKIP).run()
    monkeypatch.setattr(ask, "PATIENCE", 0)
    button(app, "Train").click().run()
    assert "your answer comes by itself" in captions(app)
    assert not service.run_queue().records.runs
    for asked in ask.answers()._asked.values():
        asked.future.result(timeout=60)
    app.run()
    (run,) = wait_for_runs(1)
    assert run.message == ""
    app.run()
    assert len(service.run_queue().records.runs) == 1
    assert not app.exception


def view(alive=False, corpus="c", loss=2.0, points=(), **settings):
    given = {"start": "random", "head_start": True, "seed": 0, **settings}
    run = SimpleNamespace(
        settings=given, corpus=corpus, validation_loss=loss, status=SimpleNamespace(alive=alive)
    )
    points = [{"step": n, "seconds": n, "metrics": m} for n, m in enumerate(points)]
    return SimpleNamespace(run=run, history=SimpleNamespace(points=points))


def turned(nurse, engineer, everyday):
    ratios = {"he : she, nurse": nurse, "he : she, engineer": engineer}
    return view(points=[{"everyday": 2.0, **ratios}, {"everyday": everyday, **ratios}])


def test_exercises_are_checked():
    assert exercises.kept(None) is None
    text = SimpleNamespace(places=[Place("a", "a", ""), Place("b", "b", "kept")])
    assert exercises.kept(text)[0] is True
    plain = view(head_start=False, loss=3.0)
    assert exercises.head_start([view(), view()]) is None
    assert exercises.head_start([view(seed=1), plain]) is None
    assert exercises.head_start([view(alive=True), plain]) is None
    assert exercises.head_start([view(corpus="d"), plain]) is None
    assert exercises.head_start([view(), plain]) == (True, exercises.head_start([view(), plain])[1])
    assert exercises.turned([view()]) is None
    assert exercises.turned([turned(-1, 1, 2)])[0] is False
    assert exercises.turned([turned(1, -1, 3.5)])[0] is False
    assert exercises.turned([turned(-1, 1, 2), turned(1, -1, 2.5)])[0] is True


def test_figures_of_a_run_and_of_the_projects_training(monkeypatch):
    assert [measures.band(loss) for loss in (5.5, 5, 3.5, 2)] == [
        "Above 5", "4 to 5", "3 to 4", "Below 3"
    ]  # fmt: skip
    moved = view(points=[{"he : she, nurse": -1.0}, {}, {"he : she, nurse": 0.5}])
    assert measures.moves(moved) == 1.5
    assert measures.moves(moved, "pilot") is None
    found = [
        {"tokens_read": n, "loss": 1, "men": 0, "text": 0,
         "ratios": {"nurse": -n / 10, "engineer": n / 10}}
        for n in (1, 4, 6, 9)
    ]  # fmt: skip
    assert recorded_training.first_apart(found, "nurse", "engineer", 1.0) == 6
    assert recorded_training.first_apart(found, "nurse", "pilot", 1.0) is None
    monkeypatch.setattr(exercises, "points", lambda: found)
    assert exercises.apart(None) is None
    assert exercises.apart(4)[0] is False
    assert exercises.apart(6)[0] is True
    assert list(recorded_training.table(found)["nurse"]) == [-0.1, -0.4, -0.6, -0.9]


def test_a_link_that_hides_the_controls_and_one_that_holds_the_slider(open_page):
    app = open_page("bert", hide="controls")
    assert app.get_by_key("hide").value == 15
    assert not any(one.label == "Train" for one in app.button)
    assert bound(app.get_by_key("hide")) == ""  # else the browser would write over the parts
    assert "of 26** tokens give a loss" in captions(app)  # nobody is asked where nothing is chosen
    app = open_page("bert", hide="20")
    assert app.get_by_key("hide").value == 20
    assert button(app, "Train")
    assert bound(app.get_by_key("hide")) == "hide"
    app = open_page("bert", hide="99")
    assert "left out: hide=99" in sentences(app)
    assert app.get_by_key("hide").value == 15


def test_numbers_of_a_link_that_are_none_are_left_out(open_page):
    keys = ("seed", "seconds", "draw", "vocabulary")
    for broken in ("inf", "1e400"):
        app = open_page("bert", budget="", **dict.fromkeys(keys, broken))
        assert not app.exception
        for key in keys:
            assert f"{key}={broken}" in sentences(app)
    assert [app.get_by_key(key).value for key in keys] == [0, 20, 3, 2000]


def test_the_guess_is_kept_from_the_link_and_the_points_wait_for_it(open_page):
    app = open_page("bert")
    choose(app, "guess_pills", "3 to 4").run()
    assert "guess" not in app.query_params
    assert "What to notice" not in [head.value for head in app.subheader]
    choose(app, "task-guess", SKIP).run()
    assert "What to notice" in [head.value for head in app.subheader]
    choose(app, "guess_pills-share", True).run()
    assert app.query_params["guess"] == "3 to 4"
    choose(app, "text", "play").run()
    assert app.get_by_key("guess_pills").value is None
    assert "guess" not in app.query_params
