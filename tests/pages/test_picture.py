"""The lesson "Attention over a picture", by its controls."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from lab.lesson.vision import exercises
from lab.lesson.vision.experiment import share_named
from lab.lesson.vision.look import Look
from tests.pages.conftest import wait_for_runs
from tests.pages.test_caption import markdown
from tests.pages.test_language_model import button, choose, sentences

VIT = "vit:layers=2,heads=2,width=16,batch=8"
CNN = "cnn:width=16,batch=8"
SKIP = "I would rather not guess"


def png(colour=(200, 30, 30)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (90, 60), colour).save(stream, "PNG")
    return stream.getvalue()


def train(app, guess: str = SKIP, steps: int = 20):
    choose(app, "scenes", 300)
    choose(app, "budget", "steps").run()
    choose(app, "steps", steps)
    choose(app, "guess_pills", guess).run()
    button(app, "Train").click().run()
    wait_for_runs()
    return app.run()


def charts(app) -> int:
    return len(app.get("vega_lite_chart")) + len(app.get("arrow_vega_lite_chart"))


def test_nothing_is_wrong_and_training_waits_for_a_guess(open_page):
    app = open_page("picture")
    assert not app.exception
    assert not sentences(app)
    assert button(app, "Train").disabled
    assert "synthetic scenes" in markdown(app)
    assert "Train a network first" in markdown(app)


def test_two_networks_are_trained_compared_and_opened(open_page):
    app = train(
        open_page("picture", models=f"{VIT};{CNN}"), "CNN with attention (width 16, batch 8)"
    )
    assert not app.exception
    assert "parameters" in markdown(app)
    assert "attention on the object" in markdown(app)
    assert "Highest accuracy" in sentences(app)
    assert "the class token itself" in markdown(app)
    assert charts(app) == 5  # the curves; a picture and the classes of each network
    assert "on what is asked about" in markdown(app)
    for layer in ("Rollout", "Layer 2"):
        choose(app, "layer", layer).run()
        assert not app.exception
    choose(app, "head", "Head 2").run()
    choose(app, "asks", "A patch").run()
    before = markdown(app)
    choose(app, "row", 5).run()
    assert markdown(app) != before
    assert not app.exception


def test_the_guess_of_one_network_is_about_its_attention(open_page):
    app = train(open_page("picture", models=VIT), "Over 80 %")
    assert "You guessed Over 80 %" in sentences(app)
    assert "which is what chance would give" in sentences(app)


@pytest.mark.parametrize("what", ["relation", "how many"])
def test_another_question(open_page, what):
    app = open_page("picture", models=CNN)
    choose(app, "what", what).run()
    train(app, steps=10)
    assert not app.exception
    assert f"right: {what}" in markdown(app)


def test_the_patches_of_all_models_and_of_one(open_page):
    app = open_page("picture", models=f"{VIT};cnn:patch=4")
    assert app.get_by_key("patch").value is None
    choose(app, "patch", 6).run()
    assert str(app.query_params["models"]).count("patch=6") == 2
    assert "patches of 6 x 6 pixels" in markdown(app)
    choose(app, "patch", 8).run()
    assert "patch=" not in str(app.query_params["models"])


def test_a_patch_size_that_cannot_be_gets_a_sentence(open_page):
    app = open_page("picture", models="vit:patch=5")
    choose(app, "guess_pills", SKIP).run()
    button(app, "Train").click().run()
    assert "8, 6 or 4 pixels" in sentences(app)
    assert not app.exception


def test_a_scene_of_ones_own_and_pictures_of_ones_own(open_page):
    app = train(open_page("picture", models=f"{VIT};{CNN}"), steps=10)
    choose(app, "picture", "Own scene").run()
    choose(app, "large", "three green squares").run()
    choose(app, "stand", "nothing else").run()
    assert not app.exception
    choose(app, "picture", "Upload").run()
    assert "Draw three red circles" in markdown(app)
    app.get_by_key("own_picture").upload("mine.png", png(), "image/png").run()
    assert "only ever seen drawn scenes" in sentences(app)
    assert not app.exception
    assert charts(app) == 5


@pytest.mark.parametrize("data", [b"hello", png()[:60]])
def test_what_is_no_picture_gets_a_sentence(open_page, data):
    app = train(open_page("picture", models=CNN), steps=10)
    choose(app, "picture", "Upload").run()
    app.get_by_key("own_picture").upload("mine.png", data, "image/png").run()
    assert "picture" in app.error[0].value
    assert not app.exception


def test_presets_set_scenes_question_and_models(open_page):
    app = open_page("picture")
    button(app, "Few scenes").click().run()
    assert app.get_by_key("scenes").value == 500
    button(app, "Large and small patches").click().run()
    assert app.get_by_key("scenes").value == 6_000
    assert app.get_by_key("patch").value is None
    assert not app.exception


def test_a_bad_link(open_page):
    app = open_page(
        "picture", models="<b>;vit:heads=99", runs="../x", row="99", layer="x", picture="<i>"
    )
    assert not app.exception
    assert "could not be read" in sentences(app)


def view(model="vit", alive=False, corpus="c", what="colour and shape", **metrics):
    settings = {"model": model, "what": what, "seconds": 25, "steps": None, "seed": 0}
    run = SimpleNamespace(settings=settings, corpus=corpus, status=SimpleNamespace(alive=alive))
    points = [{"step": 1, "seconds": 1.0, "metrics": metrics}]
    return SimpleNamespace(run=run, history=SimpleNamespace(points=points))


def test_exercises_are_checked():
    low = view(accuracy=0.91, object=0.7, area=0.3)
    high = view("cnn", accuracy=0.99, object=0.9, area=0.3)
    assert exercises.best([]) is exercises.both([low]) is exercises.elsewhere([]) is None
    assert exercises.best([low])[0] is False
    assert exercises.best([high]) is None  # no Transformer
    assert exercises.best([view(accuracy=0.96)])[0] is True
    assert exercises.both([low, high])[0] is True
    assert exercises.both([low, view("cnn", corpus="d", accuracy=1, object=1)]) is None
    assert exercises.both([low, view("cnn", alive=True, accuracy=1, object=1)]) is None
    assert exercises.elsewhere([view(accuracy=0.5, object=0.1, area=0.4)])[0] is False
    assert exercises.elsewhere([view(accuracy=0.95, object=0.5, area=0.4)])[0] is False
    assert exercises.elsewhere([low, view(accuracy=0.95, object=0.3, area=0.4)])[0] is True


def test_shares_fall_into_the_options_of_the_guess():
    assert [share_named(value) for value in (0.1, 0.4, 0.799, 0.8)] == [
        "Under 40 %", "40 to 60 %", "60 to 80 %", "Over 80 %"
    ]  # fmt: skip


def test_a_patch_is_found_in_another_grid_by_its_centre():
    assert Look(-1, None, 2, 5, 6).place(6) == 17
    assert Look(-1, None, 2, 5, 6).place(12) == 5 * 12 + 11
    assert Look(-1, None, 11, 0, 12).place(6) == 5 * 6
    assert Look(-1, None, None, None, 6).place(6) is None
