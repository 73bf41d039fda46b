"""The lesson "Inside a trained model", as its page sees it."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests import toy_models
from tests.pages.conftest import PATIENCE, ROOT, wait_for_runs


@pytest.fixture
def models(lab, monkeypatch):
    """Return the folder of this server's models, with a BERT in it and nothing of the project's."""
    monkeypatch.setattr("lab.pretrained.folders.ASSETS", lab / "no-assets")
    toy_models.bert(lab / "models" / "toy-bert")
    return lab / "models"


def said(app) -> str:
    kinds = ("warning", "info", "success", "error", "caption", "markdown")
    text = "\n".join(str(element.value) for kind in kinds for element in app.get(kind))
    return text.replace("\\", "")  # escapes of markdown


def view(app) -> dict:
    """Return what the page sends to the lab's view."""
    for element in app.get("bidi_component"):
        data = json.loads(element.proto.json or "{}")
        if "codes" in data:
            return data
    raise AssertionError("there is no view")


def test_with_no_model_the_page_says_how_to_get_one(lab, monkeypatch):
    monkeypatch.setattr("lab.pretrained.folders.ASSETS", lab / "no-assets")
    app = AppTest.from_file(str(ROOT / "lab" / "main.py"), default_timeout=PATIENCE).run()
    app.switch_page("../pages/inside.py").run()
    assert not app.exception
    assert "no model to open yet" in said(app)


def test_a_folder_is_opened_read_and_guessed_about(models, open_page):
    (models / "broken").mkdir()
    (models / "broken" / "config.json").write_text("{")
    app = open_page("inside", model="model:toy-bert")
    assert not app.exception
    assert "config.json of broken is damaged" in said(app)
    assert app.selectbox(key="inside-model").value == "model:toy-bert"
    assert (view(app)["layers"], view(app)["heads"]) == (3, 2)

    text = app.text_area(key="text_model")
    text.set_value("the dog sat by the river").run()
    assert view(app)["rows"] == ["[CLS]", "the", "dog", "sat", "by", "the", "river", "[SEP]"]
    assert "On this text most attention goes to" not in said(app)
    app.pills(key="guess_pills").set_value("the first token").run()
    assert "On this text most attention goes to" in said(app)
    assert "You guessed" in said(app)

    text.set_value("  ").run()
    assert not app.exception
    assert "Write a text to look at." in said(app)
    text.set_value("# **dog** [MASK] <b>x</b>").run()
    assert not app.exception
    assert "What stands behind the mask" in said(app)


def test_a_folder_outside_cannot_be_named(models, open_page):
    app = open_page("inside", model="model:../../etc")
    assert "not at hand" in said(app)
    assert app.selectbox(key="inside-model").value == "model:toy-bert"


def test_a_student_s_transformer_is_opened(lab, open_page):
    from lab.lesson import service
    from lab.text import Corpus
    from lab.training import Settings

    corpus = Corpus.from_text("the dog sat by the river . " * 60, name="toy", tokenizer="word")
    settings = Settings.default("transformer", width=16, block=16, batch=4, steps=20)
    queue = service.run_queue()
    run = queue.submit("me", "Mine", settings.to_dict(), corpus.digest, corpus.to_bytes())
    wait_for_runs()
    app = open_page("inside", model=f"run:{run}")
    assert not app.exception
    assert "Mine" in str(app.selectbox(key="inside-model").options)
    app.text_area(key="text_language").set_value("the dog sat").run()
    assert view(app)["rows"] == ["the", "dog", "sat"]
    assert "What comes next" in said(app)


def test_bertviz_says_what_would_be_too_much_and_draws_what_is_not(models, open_page, monkeypatch):
    from lab.attention import bertviz

    def pages(app) -> list[str]:
        data = [json.loads(e.proto.json or "{}") for e in app.get("bidi_component")]
        return [found["page"] for found in data if "page" in found]

    monkeypatch.setitem(bertviz.MOST_LINES, "head", 100)
    app = open_page("inside", model="model:toy-bert", tab="bertviz")
    assert "At 14 tokens this view would draw 392 lines at once" in said(app)
    assert "Shorten the text to about 7 tokens" in said(app)
    assert pages(app) == []
    # Fourteen tokens squared, two heads: two of three layers fit.
    monkeypatch.setitem(bertviz.MOST_LINES, "model", 2 * 2 * 14 * 14)
    app.segmented_control(key="bertviz").set_value("model").run()
    assert "the first 2 are drawn" in said(app)
    assert len(pages(app)) == 1
    monkeypatch.setitem(bertviz.MOST_LINES, "model", 100)
    app.text_area(key="text_model").set_value("the dog").run()
    assert "this view would draw" not in said(app)
    assert len(pages(app)) == 1


def test_what_changes_when_a_token_is_hidden_is_judged():
    import numpy as np

    from lab.attention.trace import Block, Trace
    from lab.attention.trace import block as packed
    from lab.lesson.inside.exercises import changed, moved, pick

    even = np.full((1, 2, 2, 2), 0.5)
    # The second head now looks at the first token only: half of its attention moved.
    other = even.copy()
    other[0, 1] = [[1, 0], [1, 0]]

    def trace(weights, *rows):
        says = {"title": "", "rows": [(place, [(word, 0.5)]) for place, word in rows]}
        return Trace("toy", (packed("self-attention", "ab", "ab", weights),), says)

    now = trace(other, ("token 1", "x"), ("token 2", "cat"))
    then = trace(even, ("token 2", "dog"))
    assert moved(now, then) == (True, "The head that moved most: 50% of its attention.")
    assert moved(then, then) == (False, "The head that moved most: 0% of its attention.")
    assert changed(now, then) == (True, "Before: dog. Now: cat.")
    assert changed(now, now)[0] is False
    assert moved(now, None) is changed(now, None) is None
    # The token before: both heads give it .5 and 1 in the second row.
    (block,) = now.blocks
    assert pick(block, "0.1")[0] is True
    assert pick(block, "0.0")[0] is False
    assert pick(block, "0.mean") is pick(block, "9.9") is None
    cross = Block("cross-attention", ("a",), ("b",), block.codes, 1, 0, block.shares, None)
    assert pick(cross, "0.1") is None


def test_lessons_that_train_link_to_what_attends():
    from lab.lesson.sources.run import attends

    assert attends({"model": "transformer"})
    assert not attends({"model": "lstm"})
    assert attends({"task": "translation", "model": "gru", "score": "dot"})
    assert not attends({"task": "translation", "model": "gru", "score": "none"})
    assert attends({"task": "captioning", "attention": "hard"})
    assert not attends({"task": "captioning", "attention": "none"})
    assert not attends({"task": "vision", "model": "vit"})  # has a lesson of its own


def test_a_hub_that_cannot_be_reached_is_one_sentence_and_the_rest_works(
    models, open_page, monkeypatch
):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    app = open_page("inside", model="model:toy-bert")
    app.text_input(key="hub-name").set_value("google-bert/bert-base-uncased").run()
    app.button(key="hub-look").click().run()
    assert not app.exception
    assert "The hub cannot be reached from here" in said(app)
    assert view(app)["heads"] == 2


def test_a_link_brings_back_what_was_hidden(models, open_page):
    app = open_page("inside", model="model:toy-bert", hidden="2")
    assert view(app)["rows"][2] == "[MASK]"
    assert "What stands behind the mask" in said(app)
    app.text_area(key="text_model").set_value("the dog sat").run()
    assert view(app)["rows"] == ["[CLS]", "the", "dog", "sat", "[SEP]"]
    assert view(app)["hidden"] == []
    app = open_page("inside", model="model:toy-bert", hidden="99,x", head="<b>")
    assert "not in this text" in said(app)
    assert "left out: head=<b>, x" in said(app) or "left out: x, head=<b>" in said(app)


def test_the_guess_is_about_one_model(models, open_page):
    toy_models.bert(models / "other-bert")
    app = open_page("inside", model="model:toy-bert")
    app.pills(key="guess_pills").set_value("the first token").run()
    assert "On this text most attention goes to" in said(app)
    app.selectbox(key="inside-model").set_value("model:other-bert").run()
    assert "On this text most attention goes to" not in said(app)
    assert app.pills(key="guess_pills").value is None
    assert "guess" not in app.query_params


def test_what_was_hidden_waits_for_the_answer_and_goes_with_a_refusal():
    def page():
        import streamlit as st

        from lab.lesson.inside import attention_view

        class Waiting:
            key = "model:x"

            def begin(self, question, **given): ...

            def ask(self, question, **given):
                return None

            def under_way(self, question, **given):
                return st.session_state["waits"]

        attention_view.read(Waiting(), "a text")
        st.code(st.session_state["inside-hidden"])

    app = AppTest.from_function(page)
    app.query_params["hidden"] = "2,3"
    app.session_state["waits"] = True
    assert app.run().code[0].value == "[2, 3]"
    app.session_state["waits"] = False
    assert app.run().code[0].value == "[]"


def test_what_is_taken_home_is_what_is_enlarged():
    import numpy as np

    from lab.attention.trace import block
    from lab.lesson.inside.save_and_code import chosen, place

    weights = np.zeros((2, 2, 2, 2))
    weights[:, 0] = np.eye(2)
    weights[:, 1, :, 0] = 1
    found = block("self-attention", "ab", "ab", weights)
    title, shown = chosen(found, "0.1")
    assert (title, shown.tolist()) == ("Layer 1, head 2", [[1, 0], [1, 0]])
    title, shown = chosen(found, "1.mean")
    assert title == "Layer 2, mean of its heads"
    assert shown[1] == pytest.approx([0.5, 0.5], abs=0.01)
    title, shown = chosen(found, "rollout")
    assert title.startswith("Rollout")
    # Mean [[1, 0], [.5, .5]] mixed with the identity is [[1, 0], [.25, .75]]; squared:
    assert shown == pytest.approx(np.array([[1, 0], [0.4375, 0.5625]]), abs=0.005)
    assert place(found, "9.1") == place(found, "") == (1, None)
