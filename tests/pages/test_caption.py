"""The lesson "Describe a picture", by its controls."""

from __future__ import annotations

import pytest

from lab.lesson.captioning.scenes import first_right
from tests.pages.conftest import wait_for_runs
from tests.pages.test_language_model import button, choose, sentences

FAST = "soft:width=16,batch=8"


def markdown(app) -> str:
    return "\n".join(m.value for m in [*app.markdown, *app.caption])


def train(app, guess: str = "I would rather not guess", steps: int = 20):
    choose(app, "scenes", 300)
    choose(app, "budget", "steps").run()
    choose(app, "steps", steps)
    choose(app, "guess_pills", guess).run()
    button(app, "Train").click().run()
    wait_for_runs()
    return app.run()


def test_nothing_is_wrong_and_training_waits_for_a_guess(open_page):
    app = open_page("caption")
    assert not app.exception
    assert not sentences(app)
    assert button(app, "Train").disabled
    assert "synthetic scenes" in markdown(app)


@pytest.mark.parametrize("models", [FAST, "hard:width=16,batch=8", "none:width=16,batch=8"])
def test_training_shows_captions_and_where_each_word_looks(open_page, models):
    app = train(open_page("caption", models=models), "The colour")
    assert not app.exception
    assert "exact match" in markdown(app)
    assert app.get("imgs") or app.get("image") or "the scene" in str(app.main)
    assert ("No attention: every word" in sentences(app)) == models.startswith("none")


def test_a_scene_of_ones_own_and_one_that_cannot_be(open_page):
    app = train(open_page("caption", models=FAST))
    choose(app, "relation", "nothing else").run()
    assert not app.exception
    assert "a red circle" in markdown(app)
    choose(app, "one_count", 3).run()
    assert "three red circles" in markdown(app)


def test_what_was_learned_when_is_read_from_the_samples():
    def sample(step, written):
        right = "a red circle above two blue squares"
        return {"step": step, "examples": [(written, right)] * 5}

    found = first_right(
        [
            sample(1, "a red"),
            sample(2, "a red circle above a blue square"),
            sample(3, "two red circle above a blue squares"),
            sample(4, "a red circle above two blue squares"),
        ]
    )
    assert found == {"colour": 2, "relation": 2, "shape": 3, "count": 4}


def test_a_bad_link(open_page):
    app = open_page("caption", models="<b>;soft:width=1", runs="../x", hide="")
    assert not app.exception
    assert "could not be read" in sentences(app)
