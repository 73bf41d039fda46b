"""A prediction: asked, kept in the browser, never stale, in the link only when it is put there."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from lab.lesson.kit.question import SKIP


def page():
    import streamlit as st

    from lab.lesson.kit.question import Question, compare

    bare = st.toggle("Bare", key="bare")
    former = {"top": "Up", "skip": "I would rather not guess"}
    question = Question(lesson="test", prefixed=not bare, former=former)
    model = st.selectbox("Model", ["a", "b"], key="model")
    about = model if st.toggle("About", True, key="about") else ""
    options = ["Up", "Down"] if model == "a" else ["Up", "Left"]
    closed = st.toggle("Closed", key="closed")
    also = st.text_input("Also", key="also")
    guess = question.ask(f"Where does {model} go?", options, about, closed=closed, also=also)
    st.code(repr(guess))
    if guess:
        compare(guess, guess == "Up", "It went up.")


def opened(**query) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def guess(app: AppTest) -> str:
    return app.code[0].value.strip("'")


def make(app: AppTest, option: str) -> AppTest:
    return app.button_group(key="guess_pills").set_value(option).run()


def test_nothing_is_compared_before_the_guess_and_the_link_holds_none():
    app = opened()
    assert guess(app) == "None"
    assert not app.info
    make(app, "Down")
    assert guess(app) == "Down"
    assert app.info[0].value == "You guessed Down. It went up."
    assert "guess" not in app.query_params
    make(app, "Up")
    assert app.success[0].value == "You guessed it. It went up."


def test_who_would_rather_not_gets_the_answer_alone():
    app = make(opened(), SKIP)
    assert app.info[0].value == "It went up."


def test_the_sender_may_put_the_guess_into_the_link():
    app = make(opened(), "Down")
    app.toggle(key="guess_pills-share").set_value(True).run()
    assert app.query_params["guess"] == "a:Down"
    app.toggle(key="guess_pills-share").set_value(False).run()
    assert "guess" not in app.query_params


def test_a_link_with_a_guess_opens_with_it():
    assert guess(opened(guess="a:Down")) == "Down"
    assert guess(opened(guess="Down")) == "Down"  # as links had it before there was an `about`
    assert guess(opened(guess="b:Left")) == "None"
    assert guess(opened(guess="<b>")) == "None"


def test_another_question_is_asked_anew_and_the_first_guess_comes_back_with_its_own():
    app = make(opened(), "Down")
    app.selectbox(key="model").set_value("b").run()
    assert guess(app) == "None"
    make(app, "Left")
    app.selectbox(key="model").set_value("a").run()
    assert guess(app) == "Down"


def test_without_a_name_the_wording_is_what_is_asked_about():
    app = opened()
    app.toggle(key="about").set_value(False).run()
    make(app, "Up")
    app.selectbox(key="model").set_value("b").run()
    assert guess(app) == "None"


def test_a_bare_guess_stands_in_the_link_without_what_it_is_about_and_goes_with_it():
    app = opened()
    app.toggle(key="bare").set_value(True).run()
    make(app, "Up")
    app.toggle(key="guess_pills-share").set_value(True).run()
    assert app.query_params["guess"] == "Up"
    app.selectbox(key="model").set_value("b").run()
    assert guess(app) == "None"
    assert "guess" not in app.query_params


def test_the_browser_is_told_that_another_question_has_no_guess_yet():
    app = make(opened(), "Down")
    app.selectbox(key="model").set_value("b").run()
    pills = app.button_group(key="guess_pills")
    assert pills.value is None
    assert pills.proto.set_value  # or the browser would leave the first guess lit
    app.selectbox(key="model").set_value("a").run()
    assert app.button_group(key="guess_pills").value == "Down"


def test_what_earlier_versions_wrote_for_a_guess_is_read():
    assert guess(opened(guess="a:top")) == "Up"
    assert guess(opened(guess="a:skip")) == SKIP
    assert guess(opened(guess="b:top")) == "None"


def test_a_guess_is_closed_once_the_answer_is_there():
    app = make(opened(), "Down")
    app.toggle(key="closed").set_value(True).run()
    assert app.button_group(key="guess_pills").disabled
    assert guess(app) == "Down"


def test_what_is_asked_about_may_stand_elsewhere_in_the_link():
    app = opened(guess="a:Down")
    assert guess(app) == "Down"
    app.text_input(key="also").set_value("y").run()
    assert guess(app) == "None"
    assert "guess" not in app.query_params
    make(app, "Up")
    app.text_input(key="also").set_value("z").run()
    assert guess(app) == "None"
    app.text_input(key="also").set_value("y").run()
    assert guess(app) == "Up"
